"""Chroma behind its owner: positive filters, one process, and nothing lost by closing it."""

import subprocess
import sys

import pytest

from runtime.knowledge.embedding import SIZE
from runtime.knowledge.index import Index, Taken, missing
from runtime.knowledge.shelves import Vector


def axis(at: int) -> tuple[float, ...]:
    return tuple(float(each == at) for each in range(SIZE))


@pytest.fixture
def index(tmp_path):
    made = Index(tmp_path / "chroma", "m@1")
    made.put([Vector("a1", "a", axis(0)), Vector("b1", "b", axis(0)), Vector("b2", "b", axis(1))])
    yield made
    made.close()


@pytest.mark.slow
def test_only_the_named_bases_are_searched(index: Index):
    assert set(index.near(axis(0), ["b"], 10)) == {"b1", "b2"}
    assert index.near(axis(0), ["a", "b"], 10)["a1"] == pytest.approx(1)


def test_without_bases_there_is_nothing(index: Index):
    assert index.near(axis(0), [], 10) == {}
    assert index.near(axis(0), ["none"], 10) == {}


def test_what_was_put_in_is_there_after_opening_again(index: Index):
    index.drop(["b2"])
    index.close()
    assert index.ids() == {"a1", "b1"}


def test_a_second_process_is_told_who_owns_the_index(index: Index, tmp_path):
    with pytest.raises(Taken, match="in use by another Greenlane"):
        Index(tmp_path / "chroma", "m@1").count()
    code = (
        "import sys; from pathlib import Path; from runtime.knowledge.index import *\n"
        "try: Index(Path(sys.argv[1]), 'm@1').count()\nexcept Taken as taken: print(taken.sentence)"
    )
    said = subprocess.run([sys.executable, "-c", code, tmp_path / "chroma"], capture_output=True, text=True, check=True)
    assert "it takes one at a time" in said.stdout


def test_what_has_to_be_put_in_and_what_has_to_go():
    assert missing({"a", "b"}, {"b", "c"}) == ({"c"}, {"a"})
