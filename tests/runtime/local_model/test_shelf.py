import os

import pytest

from runtime.errors import BadInput, Conflict, NotFound
from runtime.local_model.pins import BUNDLED, MODEL, WEIGHTS
from runtime.local_model.shelf import Shelf
from tests.runtime.local_model.test_gguf import head


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "local-model")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.gguf"
    path.write_bytes(head())
    return path


def test_an_empty_folder_has_neither_engine_nor_models(shelf):
    assert (shelf.engine, shelf.models()) == (None, [])


def test_the_model_that_comes_with_it_is_of_demo_quality_and_first(shelf, file):
    weights = shelf.home(MODEL) / WEIGHTS
    weights.parent.mkdir(parents=True)
    weights.write_bytes(head())
    shelf.add(file, "mine", copy=False)
    assert [(each.name, each.demo) for each in shelf.models()] == [(BUNDLED, True), ("mine", False)]


def test_a_model_is_read_where_it_lies_or_copied(shelf, file):
    there, here = shelf.add(file, "there", copy=False), shelf.add(file, "here", copy=True)
    assert there.path == str(file)
    assert here.path == str(shelf.folder / "models" / "here.gguf")
    assert there.digest == here.digest
    shelf.remove("there")
    shelf.remove("here")
    assert file.exists()
    assert list((shelf.folder / "models").iterdir()) == []


@pytest.mark.parametrize("name", ["", "Capital", "../up", "a/b", "-a", "1st", "a" * 41, "a\n"])
def test_a_name_that_could_be_more_than_a_name_is_refused(shelf, file, name):
    with pytest.raises(BadInput, match="cannot be a name"):
        shelf.add(file, name, copy=True)


def test_a_name_is_taken_once(shelf, file):
    shelf.add(file, "mine", copy=False)
    for name in ("mine", BUNDLED):
        with pytest.raises(Conflict, match="already"):
            shelf.add(file, name, copy=False)


def test_what_is_not_there_cannot_be_used_or_removed(shelf):
    for ask in (shelf.usable, shelf.remove):
        with pytest.raises(NotFound):
            ask("mine")


def test_a_file_that_was_touched_is_read_again_and_one_that_changed_is_refused(shelf, file):
    shelf.add(file, "mine", copy=False)
    os.utime(file, ns=(1, 1))
    assert shelf.usable("mine").name == "mine"
    file.write_bytes(head(rest=1999) + b"x")
    with pytest.raises(Conflict, match="no longer the one"):
        shelf.usable("mine")


def test_a_file_that_is_gone_is_told(shelf, file):
    shelf.add(file, "mine", copy=False)
    file.unlink()
    with pytest.raises(NotFound, match="is gone"):
        shelf.usable("mine")


def test_a_list_that_cannot_be_read_is_told_in_words(shelf):
    shelf.folder.mkdir()
    for broken in ("{", '[{"name": "mine"}]'):
        (shelf.folder / "models.json").write_text(broken)
        with pytest.raises(Conflict, match="cannot be read"):
            shelf.models()


def test_taking_the_packages_away_leaves_what_somebody_brought(shelf, file):
    (shelf.home(MODEL) / WEIGHTS).parent.mkdir(parents=True)
    shelf.add(file, "mine", copy=True)
    shelf.clear()
    assert [each.name for each in shelf.models()] == ["mine"]
