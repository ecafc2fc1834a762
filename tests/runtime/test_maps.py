"""The docstring of a package is its map."""

import re
from importlib import import_module
from pathlib import Path

import pytest

import runtime

HERE = Path(runtime.__file__).parent
PACKAGES = sorted(each.parent.name for each in HERE.glob("*/__init__.py"))


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_names_every_file_in_it_and_no_other(package: str):
    there = {each.stem for each in (HERE / package).glob("*.py")} - {"__init__"}
    there |= {each.parent.name for each in (HERE / package).glob("*/__init__.py")}
    named = set(re.findall(r"`(\w+)`", import_module(f"runtime.{package}").__doc__ or ""))
    assert named == there
