"""The route through LiteLLM: every provider it knows. Imported late and in a thread, because it takes seconds."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock, Thread
from typing import Any

from runtime.egress import http_client
from runtime.gateway.binding import Binding
from runtime.gateway.call import Call, Heard
from runtime.gateway.failures import ModelFailed, failed, failed_by_status, waiting_time

_NO_KEY = "none"
"""sent where no key is set: with an empty one LiteLLM would take whatever it finds in the environment"""

_lock = Lock()
_loading: Future[Any] | None = None


def warm() -> Future[Any]:
    """Begin to load LiteLLM in a thread, if nobody has; the future gives the module."""
    global _loading  # noqa: PLW0603 - a library is loaded once for the process
    with _lock:
        if _loading is None:
            _loading = Future()
            Thread(target=_load, args=(_loading,), name="load-litellm", daemon=True).start()
        return _loading


def _load(done: Future[Any]) -> None:
    try:
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # or it fetches a price list from the network
        os.environ["HF_HUB_OFFLINE"] = "1"  # or it fetches tokenizers
        import litellm

        litellm.suppress_debug_info = True
        litellm.disable_aiohttp_trust_env = True  # no proxies from the environment
        litellm.num_retries = 0  # ours are in the gateway
        litellm.drop_params = True  # a parameter a provider does not know is no reason to fail
        litellm.completion(model="openai/warm", messages=[{"role": "user", "content": "hi"}], mock_response="hi")
        done.set_result(litellm)
    except BaseException as error:  # noqa: BLE001 - handed to whoever waits for it
        done.set_exception(error)


class LiteLLMRoute:
    """Belongs to the event loop it is first used in; a process has one."""

    def __init__(self) -> None:
        self._client: Any = None

    async def ask(self, call: Call) -> Heard:
        """Make the call."""
        litellm = await asyncio.wrap_future(warm())
        self._lead_out(litellm)
        binding = call.binding
        try:
            async with asyncio.timeout(binding.timeout_s):
                reply = await litellm.acompletion(
                    model=binding.model,
                    api_base=binding.base_url,
                    api_key=binding.key or _NO_KEY,
                    timeout=binding.timeout_s,
                    max_retries=0,
                    num_retries=0,
                    extra_headers=call.headers(),
                    **call.parameters(),
                )
                return await _streamed(reply, call, call.on_text) if call.on_text else _whole(reply, binding)
        except TimeoutError as error:
            raise failed("model_timeout", binding) from error
        except ModelFailed:
            raise
        except Exception as error:  # noqa: BLE001 - a hundred providers, each with errors of its own
            raise _in_words(error, binding) from None  # its own text may hold more than may be shown

    async def close(self) -> None:
        """End all connections and forget the clients, which belong to this event loop."""
        if self._client is not None:
            litellm = warm().result()
            litellm.in_memory_llm_clients_cache.flush_cache()
            litellm.aclient_session = None
            await self._client.aclose()
            self._client = None

    def _lead_out(self, litellm: Any) -> None:
        """Send what LiteLLM sends through our own client: no redirects, no proxies."""
        if self._client is None:
            transport = litellm.llms.custom_httpx.http_handler.AsyncHTTPHandler.create_async_transport()
            self._client = http_client(transport)
            litellm.aclient_session = self._client


def _whole(reply: Any, binding: Binding) -> Heard:
    if not reply.choices:
        raise failed("bad_answer", binding)
    first = reply.choices[0]
    if refusal := getattr(first.message, "refusal", None):
        raise failed("model_refused", binding, str(refusal))
    return _heard(first.message.content or "", first.finish_reason, reply.model, getattr(reply, "usage", None), binding)


async def _streamed(reply: Any, call: Call, on_text: Callable[[str], None]) -> Heard:
    pieces: list[str] = []
    finish, model, usage, answered = "", "", None, False
    try:
        async for chunk in reply:
            usage = getattr(chunk, "usage", None) or usage
            model = chunk.model or model
            if not chunk.choices:
                continue
            first = chunk.choices[0]
            finish = first.finish_reason or finish
            piece = first.delta.content
            answered = answered or bool(piece or first.finish_reason)
            if piece:
                pieces.append(piece)
                on_text(piece)
    finally:
        with suppress(Exception):
            await reply.aclose()
    if not answered:
        raise failed("bad_answer", call.binding)
    return _heard("".join(pieces), finish, model, usage, call.binding)


def _heard(text: str, finish: Any, model: Any, usage: Any, binding: Binding) -> Heard:
    return Heard(
        text=text,
        finish=str(finish or "stop"),
        model=model or binding.bare_model,
        tokens_in=getattr(usage, "prompt_tokens", None),
        tokens_out=getattr(usage, "completion_tokens", None),
    )


def _in_words(error: Exception, binding: Binding) -> ModelFailed:
    """LiteLLM's error as one of ours: by its class where the class says more than the status."""
    names = {name for each in _chain(error) for name in (kind.__name__ for kind in type(each).__mro__)}
    said = _said(error)
    if "MidStreamFallbackError" in names:
        return failed("model_timeout" if names & _TIMEOUTS else "model_interrupted", binding)
    if names & _TIMEOUTS:
        return failed("model_timeout", binding)
    for name, code in _BY_NAME.items():
        if name in names:
            return failed(code, binding, said)
    status = getattr(error, "status_code", None)
    if names & _UNREACHED and not getattr(error, "body", None):
        return failed("model_unreachable", binding)
    headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", None) or {}
    return failed_by_status(int(status or 500), said, binding, waiting_time(headers.get("retry-after")))


_TIMEOUTS = {"Timeout", "APITimeoutError", "TimeoutException", "TimeoutError"}
_UNREACHED = {"APIConnectionError", "ConnectError", "ClientConnectorError"}
_BY_NAME = {"ContextWindowExceededError": "prompt_too_long", "ContentPolicyViolationError": "model_refused"}


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _said(error: Exception) -> str:
    """What the server said, without LiteLLM's words around it."""
    return str(getattr(error, "message", error))
