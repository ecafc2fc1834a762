"""The route through LiteLLM: every provider it knows. Imported late and in a thread, because it takes seconds."""

from __future__ import annotations

import asyncio
import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock, Thread
from typing import Any

from runtime.egress import Lookup, Refused, Ways, system_lookup, waiting_time
from runtime.gateway.binding import Binding
from runtime.gateway.call import Call, Heard
from runtime.gateway.failures import ModelFailed, failed, failed_by_status
from runtime.gateway.providers import OFFERED

_NO_KEY = "none"
"""sent where no key is set: with an empty one LiteLLM would take whatever it finds in the environment"""

_FIRMS = "|".join(sorted({each.partition("_")[0].upper() for each in OFFERED}))
_THEIRS = re.compile(
    rf"(?:{_FIRMS}|CO|GOOGLE|HF|OR|VERTEX)(?:_[A-Z0-9_]+)?"
    r"_(?:KEY|TOKEN|SECRET|BASE|BASE_URL|ORGANIZATION|ORG_ID|PROJECT|PROJECT_ID)"
)
"""variables from which libraries of providers would take a key, an address or an account by themselves"""

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
        warnings.filterwarnings("ignore", "Items? '.*using the `ReadOnly` qualifier", UserWarning)  # of its own types
        warnings.filterwarnings("ignore", "Accessing the 'model_.*fields' attribute", DeprecationWarning)
        import litellm

        litellm.suppress_debug_info = True
        litellm.disable_aiohttp_trust_env = True  # no proxies from the environment
        litellm.num_retries = 0  # ours are in the gateway
        litellm.drop_params = False  # or it leaves out what a provider does not know, and asks again after a 422
        litellm.completion(model="openai/warm", messages=[{"role": "user", "content": "hi"}], mock_response="hi")
        done.set_result(litellm)
    except BaseException as error:  # noqa: BLE001 - handed to whoever waits for it
        done.set_exception(error)


def _forget_theirs() -> None:
    """Take from our environment what providers' libraries would look for: a key comes from its connection or not at
    all."""
    for name in [each for each in os.environ if _THEIRS.fullmatch(each)]:
        del os.environ[name]


class LiteLLMRoute:
    """Belongs to the event loop it is first used in; a process has one."""

    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self._ways = Ways(lookup)
        self._client: Any = None

    async def ask(self, call: Call) -> Heard:
        """Make the call."""
        litellm = await asyncio.wrap_future(warm())
        self._lead_out(litellm)
        binding = call.binding
        _forget_theirs()
        try:
            with self._ways.leading(binding.base_url, binding.zone):
                return await self._asked(litellm, call)
        except TimeoutError as error:
            raise failed("model_timeout", binding) from error
        except Refused as error:
            raise failed("model_barred", binding) from error
        except ModelFailed:
            raise
        except Exception as error:  # noqa: BLE001 - a hundred providers, each with errors of its own
            raise _in_words(error, binding) from None  # its own text may hold more than may be shown

    async def _asked(self, litellm: Any, call: Call) -> Heard:
        binding = call.binding
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

    async def close(self) -> None:
        """End all connections and forget the clients, which belong to this event loop."""
        if self._client is not None:
            litellm = warm().result()
            litellm.in_memory_llm_clients_cache.flush_cache()
            litellm.aclient_session = None
            await self._client.aclose()
            await self._ways.close()
            self._client = None

    def _lead_out(self, litellm: Any) -> None:
        """Send whatever LiteLLM sends through our own way out. Some of its providers take the one client, the others
        make their own over this transport; none is asked synchronously."""
        from runtime.egress.transport import Nowhere, Transport, http_client, silent_client

        def our_transport(**_: object) -> Transport:
            return Transport()

        if self._client is None:
            handler = litellm.llms.custom_httpx.http_handler.AsyncHTTPHandler
            handler.create_async_transport = handler._create_async_transport = staticmethod(our_transport)
            litellm.sync_transport = Nowhere()
            litellm.client_session = silent_client()
            self._client = http_client()
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
    finish, model, usage = "", "", None
    try:
        async for chunk in reply:
            usage = getattr(chunk, "usage", None) or usage
            model = chunk.model or model
            if not chunk.choices:
                continue
            first = chunk.choices[0]
            finish = first.finish_reason or finish
            piece = first.delta.content
            if piece:
                pieces.append(piece)
                on_text(piece)
    finally:
        with suppress(Exception):
            await reply.aclose()
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
    """LiteLLM's error as one of ours. It wraps a connection that was refused, one that broke and a page instead of an
    answer all as status 500; what happened stands in the chain of causes."""
    causes = list(_chain(error))
    names = {kind.__name__ for each in causes for kind in type(each).__mro__}
    status = getattr(error, "status_code", None) or 500
    said, after_s = _said(error), _after(causes)
    code = next((code for code, marks in _MARKS.items() if names & marks), None)
    if code in _BEFORE_ANY_STATUS and "HTTPStatusError" in names:  # a server answered, so its status says it better
        code = None
    return failed(code, binding, said, after_s) if code else failed_by_status(int(status), said, binding, after_s)


_MARKS = {
    "model_barred": {"Barred", "Refused"},
    "model_timeout": {"Timeout", "APITimeoutError", "TimeoutException", "TimeoutError"},
    "model_interrupted": {"MidStreamFallbackError", "ReadError", "RemoteProtocolError", "ServerDisconnectedError"},
    "model_unreachable": {"ConnectError", "ClientConnectorError"},
    "prompt_too_long": {"ContextWindowExceededError"},
    "model_refused": {"ContentPolicyViolationError"},
    "bad_answer": {"JSONDecodeError", "APIResponseValidationError"},
}
"""names of classes in the chain of causes, looked at in this order"""
_BEFORE_ANY_STATUS = {"model_barred", "model_timeout", "model_interrupted", "model_unreachable", "bad_answer"}


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _said(error: Exception) -> str:
    """What the server said, without LiteLLM's words around it where there is a body."""
    body: Mapping[str, Any] | str | None = getattr(error, "body", None)
    if isinstance(body, Mapping):
        return f"{body.get('message') or ''} {body.get('code') or ''}".strip()
    return str(body or getattr(error, "message", error))


def _after(causes: Sequence[BaseException]) -> float | None:
    """What `Retry-After` asks for; LiteLLM's own error has lost the headers, the one below it has them."""
    responses = (getattr(each, "response", None) for each in causes)
    headers = (each.headers for each in responses if each is not None)
    found = (waiting_time(each.get("retry-after"), each.get("date")) for each in headers)
    return next((seconds for seconds in found if seconds is not None), None)
