import struct
import subprocess
import sys

import pytest

from runtime.knowledge import minilm
from runtime.knowledge.embedding import SIZE, Embedder
from runtime.knowledge.minilm import TOKENIZER, NotTheModel, checked
from runtime.knowledge.scoring import cosine, numbers, scored


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


def test_what_means_the_same_lies_near(embedder: Embedder):
    asked, near, far = (
        numbers(each)
        for each in embedder.embed(
            ["How long is my holiday?", "Everybody has thirty days of leave a year.", "The canteen serves soup."]
        )
    )
    assert len(asked) == SIZE
    assert cosine(asked, asked) == pytest.approx(1, abs=1e-5)
    assert cosine(asked, near) > 0.3 > cosine(asked, far)


def test_a_vector_does_not_depend_on_what_it_was_computed_with(embedder: Embedder):
    alone = embedder.embed(["leave"])[0]
    beside = embedder.embed(["a much longer text about something else " * 20, "leave", "x", "y", "z"])[1]
    assert cosine(numbers(alone), numbers(beside)) > 0.9999


def test_a_model_that_is_not_the_one_we_know_is_not_used(tmp_path):
    other = tmp_path / "tokenizer.json"
    other.write_bytes(TOKENIZER.read_bytes() + b" ")
    with pytest.raises(NotTheModel, match="install it again"):
        checked(other, minilm.TOKENIZER_SHA256)


@pytest.mark.slow
def test_nothing_heavy_is_loaded_before_the_first_use():
    heavy = ("chromadb", "onnxruntime", "tokenizers", "numpy", "httpx", "litellm", "pypdf", "mammoth", "argon2")
    code = f"import sys, runtime.assembly; print([each for each in {heavy} if each in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_words_decide_between_passages_that_mean_alike():
    order = scored({"HR-21": 0.52, "HR-12": 0.5, "far": 0.1}, {"HR-12": 7.0, "far": 3.5})
    assert [each for each, _ in order] == ["HR-12", "HR-21", "far"]
    assert dict(order)["far"] == pytest.approx(0.2)
    assert struct.calcsize("<f") * SIZE == 1536
