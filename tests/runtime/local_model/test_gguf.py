import struct

import pytest

from runtime.errors import BadInput
from runtime.local_model.gguf import MOST_ENTRIES, check_gguf, digest_of


def head(*, magic=b"GGUF", version=3, tensors=1, words=1, rest=2000):
    return struct.pack("<4sIQQ", magic, version, tensors, words) + bytes(rest)


def test_the_head_of_a_model_tells_its_size(tmp_path):
    path = tmp_path / "m.gguf"
    path.write_bytes(head())
    assert check_gguf(path) == 2024


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not a GGUF model"),
        (b"GGUF", "is not a GGUF model"),
        (head(magic=b"GGML"), "is not a GGUF model"),
        (b"PK\x03\x04" + bytes(5000), "is not a GGUF model"),
        (head(version=1), "versions 2 and 3"),
        (head(version=0x03000000), "versions 2 and 3"),
        (head(tensors=0), "is damaged"),
        (head(words=0), "is damaged"),
        (head(tensors=MOST_ENTRIES + 1), "is damaged"),
        (head(words=2**63), "is damaged"),
        (head(rest=10), "is damaged"),
    ],
)
def test_what_is_no_model_is_refused_in_words(tmp_path, content, words):
    path = tmp_path / "m.gguf"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=words):
        check_gguf(path)


def test_no_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "none.gguf"):
        with pytest.raises(BadInput, match="There is no file"):
            check_gguf(path)


def test_a_digest_is_that_of_the_whole_file(tmp_path):
    path = tmp_path / "m"
    path.write_bytes(b"abc")
    assert digest_of(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
