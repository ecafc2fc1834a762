"""Bodies are complete or not there; the same bytes are one body, and may be put again while they are at hand."""

from pathlib import Path

import pytest

from runtime.files.bodies import BodyFolder, TooLarge


def put(folder: BodyFolder, content: bytes) -> str:
    with folder.receive(100) as incoming:
        incoming.write(content)
        return folder.put(incoming)


def test_what_was_put_is_read_back_and_lies_under_its_digest(tmp_path: Path):
    folder = BodyFolder(tmp_path)
    digest = put(folder, b"Hello")
    assert put(folder, b"Hello") == digest
    assert (folder.read(digest), b"".join(folder.pieces(digest))) == (b"Hello", b"Hello")
    assert [each.name for each in tmp_path.glob("??/*")] == [digest]


def test_a_body_that_was_dropped_meanwhile_is_put_again(tmp_path: Path):
    folder = BodyFolder(tmp_path)
    with folder.receive(100) as incoming:
        incoming.write(b"Hello")
        digest = folder.put(incoming)
        folder.drop(digest)
        assert not folder.has(digest)
        assert folder.put(incoming) == digest
    assert folder.read(digest) == b"Hello"


def test_what_is_too_large_or_breaks_off_leaves_nothing(tmp_path: Path):
    folder = BodyFolder(tmp_path)
    with pytest.raises(TooLarge), folder.receive(3) as incoming:
        incoming.write(b"Hello")
    with folder.receive(100) as incoming:
        incoming.write(b"Hello")
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_what_was_dropped_goes_at_once_and_what_nobody_knows_after_its_age(tmp_path: Path):
    folder = BodyFolder(tmp_path)
    known, stray, dropped = (put(folder, each) for each in (b"known", b"stray", b"dropped"))
    folder.drop(dropped)
    folder.free()
    assert folder.strays(3600, lambda _: {known}) == []
    assert folder.strays(-1, lambda found: {known} & set(found)) == [stray]
    assert list((tmp_path / "incoming").iterdir()) == []
