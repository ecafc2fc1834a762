"""Asking a model: tries, pauses and fallbacks around the two routes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from time import perf_counter
from typing import Any

from nodes.sdk import Answer, Said, StepFailed, Usage
from nodes.sdk.answer import read_answer
from runtime.egress import Lookup, system_lookup
from runtime.gateway.binding import Binding
from runtime.gateway.call import Call, Heard, Route
from runtime.gateway.failures import ModelFailed, failed
from runtime.gateway.fast_route import FastRoute
from runtime.gateway.litellm_route import LiteLLMRoute
from runtime.gateway.prices import cost
from runtime.gateway.veil import Veil, veiled

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 20.0
_BYTES_A_TOKEN = 4


class Gateway:
    """Asks models. It belongs to one event loop; `close` ends its connections."""

    def __init__(
        self, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, lookup: Lookup = system_lookup
    ) -> None:
        self._fast: Route = FastRoute(lookup)
        self._litellm: Route = LiteLLMRoute(lookup)
        self._sleep = sleep
        self._chance = Random()  # noqa: S311 - spreads repetitions, decides nothing

    async def ask(
        self,
        chain: Sequence[Binding],
        messages: Sequence[Said],
        *,
        schema: Mapping[str, Any] | None = None,
        temperature: float | None = None,
        max_tokens: int | None = None,
        key: str = "",
        on_text: Callable[[str], None] | None = None,
        on_restart: Callable[[], None] | None = None,
    ) -> Answer:
        """Ask the first binding of `chain`; the next ones when it gives no usable answer.

        `key` is sent as `Idempotency-Key` with every try. With `on_text` the text is given to it as it arrives; when
        a try breaks off after text was shown, `on_restart` is called and the text begins anew (without it such a try
        is not repeated). With `schema` the answer's `data` fits it. Raises `StepFailed` of the last binding asked.
        """
        if not chain:
            raise StepFailed("No model is set up for this step.", code="model_not_found", hint="IT can add an alias.")
        shown = _Shown(on_text)
        trouble: StepFailed | None = None
        for binding in chain:
            if trouble is not None and not shown.may_restart(on_restart):
                break
            call = Call(
                binding,
                messages,
                schema,
                temperature,
                binding.answer_tokens(max_tokens),
                key,
                shown.hear if on_text else None,
            )
            started = perf_counter()
            try:
                heard = await self._tried(call, shown, on_restart)
                return _answer(heard, call, perf_counter() - started)
            except StepFailed as error:
                trouble = error
        assert trouble is not None, "a chain is never left without an answer or a reason"
        raise trouble

    async def close(self) -> None:
        """End all connections."""
        await self._fast.close()
        await self._litellm.close()

    async def _tried(self, call: Call, shown: _Shown, on_restart: Callable[[], None] | None) -> Heard:
        """One binding, tried again while that may help."""
        route = self._fast if call.binding.fast else self._litellm
        for number in range(call.binding.retries + 1):
            shown.begin(call.binding.key)
            try:
                heard = await route.ask(call)
            except ModelFailed as error:
                if not error.retry or number == call.binding.retries or not shown.may_restart(on_restart):
                    raise
                await self._sleep(self._pause(number, error.after_s))
            else:
                shown.end()
                key = call.binding.key
                return replace(heard, text=veiled(heard.text, key), model=veiled(heard.model, key))
        raise AssertionError("a binding has no negative number of retries")

    def _pause(self, number: int, asked: float | None) -> float:
        """Seconds before the next try: what the server asks for, else doubled each time and spread by chance."""
        if asked is not None:
            return min(asked, _LONGEST_PAUSE_S)
        return min(_FIRST_PAUSE_S * 2**number, _LONGEST_PAUSE_S) * (0.5 + self._chance.random() / 2)


class _Shown:
    """Whether a person has already seen text of this call, which they see without our key."""

    def __init__(self, on_text: Callable[[str], None] | None) -> None:
        self._on_text = on_text
        self._any = False
        self._veil = Veil("")

    def begin(self, key: str) -> None:
        """Another try begins."""
        self._veil = Veil(key)

    def hear(self, piece: str) -> None:
        self._show(self._veil.hear(piece))

    def end(self) -> None:
        """The text is whole."""
        self._show(self._veil.rest())

    def _show(self, text: str) -> None:
        if text and self._on_text:
            self._any = True
            self._on_text(text)

    def may_restart(self, on_restart: Callable[[], None] | None) -> bool:
        """Whether another try may begin; text that was shown is taken back first."""
        if not self._any:
            return True
        if on_restart is None:
            return False
        on_restart()
        self._any = False
        return True


def _answer(heard: Heard, call: Call, seconds: float) -> Answer:
    binding = call.binding
    if heard.finish == "length" and (call.schema or not heard.text):
        said = f"It stopped after {call.max_tokens} tokens, before the answer was complete."
        raise failed("bad_answer", binding, said)
    if not heard.text:
        raise failed("model_refused" if heard.finish == "content_filter" else "model_silent", binding)
    tokens_in = heard.tokens_in or _guessed("".join(each.text for each in call.messages))
    tokens_out = heard.tokens_out or _guessed(heard.text)
    usage = Usage(tokens_in, tokens_out, cost(binding, tokens_in, tokens_out), heard.model, round(seconds, 4))
    data = read_answer(heard.text, call.schema) if call.schema else None
    return Answer(heard.text, data, heard.finish, usage)


def _guessed(text: str) -> int:
    """Tokens of a server that counts none: the usual four bytes each."""
    return len(text.encode()) // _BYTES_A_TOKEN + 1
