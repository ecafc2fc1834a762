import os
from pathlib import Path

import pytest

from builder.shipped import HOUSE, ship_all, shipped


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)


def test_a_file_lies_in_the_browser_as_it_lies_here(tmp_path: Path):
    here = HOUSE / "builder" / "components"
    assert shipped(str(here / "copy.py"), "copy.jsx") == "$/public/external/builder/components/copy.jsx"
    laid = tmp_path / "assets" / "external" / "builder" / "components" / "copy.jsx"
    assert laid.resolve() == here / "copy.jsx"


def test_of_a_package_every_script_and_nothing_else_is_laid_there(tmp_path: Path):
    core = HOUSE / "builder" / "canvas" / "core"
    ship_all(str(core / "__init__.py"))
    laid = {each.name for each in (tmp_path / "assets" / "external" / "builder" / "canvas" / "core").iterdir()}
    assert "editor.js" in laid
    assert laid == {each.name for each in core.iterdir() if each.suffix in (".js", ".jsx")}


def test_a_process_that_builds_no_pages_lays_nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(os.environ, "REFLEX_BACKEND_ONLY", "true")
    assert shipped(str(HOUSE / "builder" / "canvas" / "__init__.py"), "canvas.css").endswith("/canvas.css")
    assert not list(tmp_path.iterdir())


def test_a_name_that_is_not_there_is_told_at_once():
    with pytest.raises(AssertionError, match="not there"):
        shipped(str(HOUSE / "builder" / "theme.py"), "nothing.jsx")
