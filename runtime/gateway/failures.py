"""What can go wrong with a model, as stable codes and plain sentences. A key never stands in any of them."""

from __future__ import annotations

from dataclasses import dataclass

from nodes.sdk import StepFailed
from runtime.gateway.binding import Binding

_LONGEST_QUOTE = 300
_TOO_LONG = (
    "context_length",
    "context length",
    "context window",
    "context size",
    "prompt is too long",
    "too many tokens",
)
_NO_MONEY = ("insufficient_quota", "billing", "credit balance")
_REFUSED = ("content_policy", "content_filter", "content management policy")


class ModelFailed(StepFailed):
    """A `StepFailed` of a model; `after_s` is how long its server asks us to wait."""

    after_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Kind:
    what: str
    hint: str
    retry: bool = False


_AGAIN, _OTHER = "Run it again in a moment.", "Run it again, or choose another model."
_KINDS = {
    "model_busy": _Kind("is busy", _AGAIN, retry=True),
    "model_down": _Kind("failed on its side", _AGAIN, retry=True),
    "model_timeout": _Kind("did not finish in time", "Ask for a shorter answer, or run it again.", retry=True),
    "model_unreachable": _Kind("cannot be reached", "IT can check its address and whether it is running.", retry=True),
    "model_barred": _Kind("has an address that nothing may be sent to", "IT can check its address and its hosting."),
    "model_interrupted": _Kind("broke off in the middle of its answer", _AGAIN, retry=True),
    "model_refused_key": _Kind("does not accept our key", "IT can set a new key for this alias."),
    "model_unpaid": _Kind("has no money left in its account", "IT can top it up or exchange the model."),
    "model_not_found": _Kind("is not known to its provider", "IT can correct the alias."),
    "model_refused": _Kind("refuses to answer this", "Its provider's rules do not allow the content."),
    "model_bad_request": _Kind("does not accept this request", "IT can check what the model supports."),
    "prompt_too_long": _Kind("cannot take messages this long", "Send less text, or choose another model."),
    "model_silent": _Kind("sent an empty answer", _OTHER),
    "bad_answer": _Kind("sent an answer that cannot be read", _OTHER),
}
"""what the model did, what to do next"""
_UNQUOTED = frozenset({"model_refused_key", "model_barred"})
"""what is said of these may hold part of a key, or tell of addresses inside"""


def failed(code: str, binding: Binding, said: str = "", after_s: float | None = None) -> ModelFailed:
    """The failure `code` in words; `said` is what the server said, quoted without our key."""
    kind = _KINDS[code]
    quote = f" It said: “{unkeyed(said, binding)}”" if said.strip() and code not in _UNQUOTED else ""
    error = ModelFailed(
        f"The model “{binding.alias}” {kind.what}.",
        code=code,
        hint=kind.hint + quote,
        retry=kind.retry,
    )
    error.after_s = after_s
    return error


def failed_by_status(status: int, said: str, binding: Binding, after_s: float | None = None) -> ModelFailed:
    """The failure an HTTP status stands for, with what the server said as help."""
    return failed(_code_of(status, said.lower()), binding, said, after_s)


def _code_of(status: int, said: str) -> str:
    if status in (400, 413, 422) and (status == 413 or any(word in said for word in _TOO_LONG)):
        return "prompt_too_long"
    if status == 402 or any(word in said for word in _NO_MONEY):
        return "model_unpaid"
    if any(word in said for word in _REFUSED):
        return "model_refused"
    return _CODES.get(status, "model_down" if status >= 500 else "model_bad_request")


_CODES = {401: "model_refused_key", 403: "model_refused_key", 404: "model_not_found", 408: "model_timeout",
          429: "model_busy", 503: "model_busy", 504: "model_timeout", 529: "model_busy"}  # fmt: skip


def unkeyed(text: str, binding: Binding) -> str:
    """The beginning of `text` on one line, with our key blotted out."""
    clean = " ".join((text.replace(binding.key, "•••") if binding.key else text).split())
    return clean if len(clean) <= _LONGEST_QUOTE else clean[:_LONGEST_QUOTE] + "…"
