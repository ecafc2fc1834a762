"""What a call costs, and the most it may use before it is made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nodes.sdk import Said
from runtime.gateway.binding import Binding

_BYTES_A_TOKEN = 2
"""A token of usual text is 3 to 4 bytes of UTF-8 (English 4, German 3, Chinese 2 to 3): 2 errs on the safe side."""
_TOKENS_A_MESSAGE = 8
_TOKENS_A_PICTURE = 1_600
"""of a large one; providers make it smaller first"""
"""what a message costs besides its text"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The most a call may use. `cost` is None where the price is unknown."""

    tokens: int
    cost: float | None


def estimate(
    messages: Sequence[Said], max_tokens: int | None, binding: Binding, schema: Mapping[str, Any] | None = None
) -> Estimate:
    """An upper bound for a reservation; cheap and rough: no tokenizer is loaded."""
    size = sum(len(each.text.encode()) for each in messages) + (len(json.dumps(schema)) if schema else 0)
    tokens_in = size // _BYTES_A_TOKEN + 1 + _TOKENS_A_MESSAGE * len(messages)
    tokens_in += _TOKENS_A_PICTURE * sum(len(each.pictures) for each in messages)
    tokens_out = binding.answer_tokens(max_tokens)
    return Estimate(tokens_in + tokens_out, cost(binding, tokens_in, tokens_out))


def cost(binding: Binding, tokens_in: int, tokens_out: int) -> float | None:
    """In the currency of the price list; None where the price is unknown."""
    price_in, price_out = prices(binding)
    if price_in is None or price_out is None:
        return None
    return (tokens_in * price_in + tokens_out * price_out) / 1_000_000


def prices(binding: Binding) -> tuple[float | None, float | None]:
    """Per million tokens in and out: those of the binding, else LiteLLM's list."""
    if binding.price_in is not None and binding.price_out is not None:
        return binding.price_in, binding.price_out
    listed_in, listed_out = _listed().get(binding.model) or _listed().get(binding.bare_model) or (None, None)
    price_in = listed_in if binding.price_in is None else binding.price_in
    price_out = listed_out if binding.price_out is None else binding.price_out
    return price_in, price_out


@cache
def _listed() -> dict[str, tuple[float, float]]:
    """LiteLLM's price list, read from its package without importing it (3 MB in 15 ms against 4 s)."""
    spec = find_spec("litellm")
    if spec is None or spec.origin is None:
        return {}
    path = Path(spec.origin).parent / "model_prices_and_context_window_backup.json"
    if not path.is_file():
        return {}
    models: dict[str, dict[str, Any]] = json.loads(path.read_bytes())
    return {
        name: (each["input_cost_per_token"] * 1_000_000, each["output_cost_per_token"] * 1_000_000)
        for name, each in models.items()
        if isinstance(each.get("input_cost_per_token"), int | float)
        and isinstance(each.get("output_cost_per_token"), int | float)
    }
