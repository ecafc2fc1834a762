"""`make new-node` writes a step type that the catalogue takes and whose example is true."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nodes.catalogue import load
from tests.rules.sources import HOUSE
from tests.support.context import run_example


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house with one category and nothing in it."""
    shutil.copytree(HOUSE / ".ci", tmp_path / ".ci")
    (tmp_path / "nodes/data").mkdir(parents=True)
    (tmp_path / "nodes/data/__init__.py").touch()
    return tmp_path


def new_node(house: Path, type_id: str, title: str = "") -> subprocess.CompletedProcess[str]:
    script = house / ".ci/new_node.py"
    return subprocess.run([sys.executable, script, type_id, title], capture_output=True, text=True, check=False)


async def test_the_catalogue_takes_what_it_writes(house: Path, monkeypatch: pytest.MonkeyPatch):
    assert new_node(house, "data.count_words", "Count words").returncode == 0
    (house / "nodes").rename(house / "written_nodes")
    monkeypatch.syspath_prepend(house)
    catalogue = load("written_nodes", ["data"])
    assert not catalogue.broken
    node = catalogue.types["data.count_words"]
    assert node.label == "Count words"
    assert (await run_example(node, node.examples[0])).output == node.examples[0].output


def test_it_writes_a_test_beside_the_others(house: Path):
    new_node(house, "data.count_words")
    written = (house / "tests/nodes/data/test_count_words.py").read_text()
    assert "from nodes.data.count_words import CountWords" in written


@pytest.mark.parametrize("type_id", ["", "data", "data.", "nowhere.count_words", "data.CountWords", "data.../x"])
def test_what_is_no_type_id_is_refused_with_one_that_is(house: Path, type_id: str):
    refused = new_node(house, type_id)
    assert refused.returncode == 1
    assert "name=data.join_text" in refused.stderr


def test_nothing_is_written_over(house: Path):
    new_node(house, "data.count_words")
    assert "already there" in new_node(house, "data.count_words").stderr
