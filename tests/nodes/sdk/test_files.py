"""Handles of files are told from everything else, and their parts may be referred to."""

import pytest

from nodes.flow.start import Start
from nodes.sdk import FILE, TEXT, FileHandle, files_in, is_file, shape_of
from nodes.sdk.files import derived
from nodes.sdk.reading import as_text
from runtime.graph.binding import dig

HANDLE = {"id": "file_1", "name": "a.pdf", "type": "application/pdf", "size": 3, "sha256": "0"}


@pytest.mark.parametrize(
    "value",
    [None, "file_1", [HANDLE], {**HANDLE, "id": "run_1"}, {**HANDLE, "more": 1}, {**HANDLE, "id": 3}, {"id": "file_1"},
     {**HANDLE, "id": "file_1/../x"}, {**HANDLE, "size": "3"}, {**HANDLE, "name": None},
     {**HANDLE, "type": 1}, {**HANDLE, "sha256": []}],
)  # fmt: skip
def test_only_a_handle_is_a_file(value):
    assert is_file(HANDLE)
    assert not is_file(value)


def test_files_are_found_however_deep_they_stand():
    other = {**HANDLE, "id": "file_2"}
    assert [each["id"] for each in files_in({"a": [HANDLE, {"b": other}], "c": "file_3"})] == ["file_1", "file_2"]


def test_a_file_stands_in_a_text_by_its_name():
    assert as_text(HANDLE) == "a.pdf"


def test_name_type_and_size_of_a_file_may_be_referred_to_and_nothing_else():
    start = Start.model_validate({"inputs": [{"name": "doc", "kind": "file"}, {"name": "more", "kind": "files"}]})
    shapes = start.outputs()
    assert shapes["doc"].at(("name",)) == TEXT
    assert shapes["doc"].at(("path",)) is None
    assert (shapes["more"].at(("0",)), shapes["more"].at(("0", "type"))) == (FILE, TEXT)
    assert shape_of(FileHandle) == FILE


@pytest.mark.parametrize(
    ("name", "media", "extension", "kind"),
    [
        ("a.PDF", "application/pdf", ".pdf", "document"),
        ("photo.jpeg", "image/jpeg", ".jpeg", "image"),
        ("talk.mp3", "audio/mpeg", ".mp3", "audio"),
        ("film.mp4", "video/mp4", ".mp4", "video"),
        ("notes", "text/plain", "", "document"),
        ("data.bin", "application/octet-stream", ".bin", "other"),
        ("a.tar.gz", "application/gzip", ".gz", "other"),
    ],
)
def test_extension_and_kind_of_a_file_are_known(name, media, extension, kind):
    file = {**HANDLE, "name": name, "type": media}
    assert (derived(file, "extension"), derived(file, "kind")) == (extension, kind)
    assert (dig({"doc": file}, ("doc", "extension")), dig(file, ("kind",))) == (extension, kind)
    assert FILE.at(("extension",)) == FILE.at(("kind",)) == TEXT


def test_a_field_of_an_object_that_is_no_file_is_its_own():
    assert derived({"name": "a.pdf"}, "extension") is None
    assert dig({"kind": 3, "name": "a.pdf"}, ("kind",)) == 3
    assert dig({"name": "a.pdf"}, ("kind",)) is None
