"""Effects: what leaves a run. Each is recorded as an intent and durable before it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import orjson

from nodes.sdk import Answer, Received, Request, Said, StepFailed
from nodes.sdk.node import Interrupted
from runtime.engine.journal import Journal
from runtime.engine.limits import Limits
from runtime.engine.parcels import Parcel
from runtime.engine.ports import Quote, Tools
from runtime.engine.replaying import (
    Recorded,
    answer_of,
    received_of,
    request_of,
    told_answer,
    told_failure,
    told_received,
)
from runtime.engine.state import State, Where
from runtime.engine.values import idempotency_key
from runtime.graph.plan import PlanStep
from runtime.store.log import Record
from runtime.store.spending import Reservation, reserve, settle

AT_ONCE = 100
"""calls of one run that are under way at the same time, however many items in items there are: each takes a connection
of the whole server"""
UNBILLED = frozenset(
    {"model_busy", "model_down", "model_unreachable", "model_refused_key", "model_unpaid", "model_not_found",
     "model_bad_request", "prompt_too_long", "missing_key"}
)  # fmt: skip
"""failures in which no model has worked; after any other the reservation stays, because it may be on the bill"""


class Effects:
    """The effects of one attempt."""

    def __init__(
        self, run: str, person: str, state: State, tools: Tools, journal: Journal, limits: Limits,
        recorded: Recorded | None = None,
    ) -> None:  # fmt: skip
        self._run, self._person, self._state = run, person, state
        self._tools, self._journal, self._limits = tools, journal, limits
        self.recorded = recorded
        """what calls are answered in a replay"""
        self._places = asyncio.Semaphore(AT_ONCE)
        self._lost: list[Quote] = []
        """calls that were cut off or came to nothing and may be on the bill, until a record names them"""

    def interrupted(self, step: PlanStep, path: str) -> Record | None:
        """The intent of an effect that may have happened in an earlier attempt and may not simply happen again: its
        owner has to say. Raises `StepFailed` where the step says that it ends there; None where it may be repeated."""
        intent = self._state.intents.get((step.id, path))
        if intent is None:
            return None
        match _then(intent) or step.node.interrupted:
            case "repeat":
                return None
            case "ask":
                return intent
            case "fail":
                pass
        raise StepFailed(
            "This step was interrupted, and what it does may have happened already.",
            code="interrupted",
            hint="Check whether it happened, then start the run again if it is still needed.",
        )

    async def ask(
        self,
        where: Where,
        call: int,
        alias: str,
        messages: Sequence[Said],
        *,
        schema: Mapping[str, Any] | None,
        temperature: float | None,
        max_tokens: int | None,
        on_text: Callable[[str], None] | None,
        on_restart: Callable[[], None] | None,
    ) -> tuple[Answer, bool]:
        """Ask a model: intent and reservation become durable in one commit, then the call leaves. Whether it was really
        asked stands beside the answer."""
        models, reach = self._tools.models, self._tools.reach
        step, path = where
        key = idempotency_key(self._run, step, path, call)
        asked = {
            "alias": alias,
            "messages": [_kept(each) for each in messages],
            "schema": schema,
            "temperature": temperature,
            "max_tokens": max_tokens,
        }
        request = request_of(asked)
        if self.recorded is not None and (found := self.recorded.find(where, request)) is not None:
            told = {"key": key, "effect": "model", "alias": alias}
            self._replay(where, asked | {"model": "recorded"}, told, request, found)
            answer = answer_of(found)
            if on_text is not None:
                on_text(answer.text)
            return answer, False
        await self._places.acquire()
        try:
            quote = models.quote(alias, messages, max_tokens)
            self._limits.reserve(key, quote)
            sent = asked | {"model": quote.model}
            now = self._tools.clock.now()
            bill = _bill(key, self._state.tries.get(where, 0))
            wanted = Reservation(
                bill, self._run, step, alias, quote.model, self._person, now, quote.cost, quote.month_limit
            )
            reach("before intent")
            self._journal.note(
                "intent", step, path=path, started=now, ended=now, seen=self._state.seq, value=orjson.dumps(sent),
                detail=orjson.dumps({"key": key, "effect": "model", "alias": alias} | _billed_as(bill, key)),
            )  # fmt: skip
            booked = await self._journal.committed(lambda tx: reserve(tx, wanted))
            reach("after intent")
            if not booked:
                raise StepFailed(
                    f"The model “{alias}” has used up its budget of this month.",
                    code="budget_used_up",
                    hint="Choose another model, or ask whoever looks after the models to raise the limit.",
                )
            reach("before effect")
            calling = models.ask(
                alias, messages, schema=schema, temperature=temperature, max_tokens=max_tokens, key=key,
                on_text=on_text, on_restart=on_restart,
            )  # fmt: skip
            answer = await self._billed(where, bill, request, quote, calling)
        finally:
            self._limits.settle(key)
            self._places.release()
        self._reply(where, request, "model", told_answer(answer))
        used = answer.usage
        self._journal.also(
            lambda tx: settle(tx, bill, cost=used.cost, tokens_in=used.tokens_in, tokens_out=used.tokens_out)
        )
        return answer, True

    def lost(self) -> dict[str, Any]:
        """What calls since the last record of a failure may have cost beside what their steps used, for that record."""
        lost, self._lost = self._lost, []
        if not lost:
            return {}
        return {"lost": {"tokens": sum(each.tokens for each in lost), "cost": sum(each.cost for each in lost)}}

    async def send(self, where: Where, call: int, request: Request) -> Received:
        """Call an outside host: what will be sent becomes durable, without its credential, then it leaves."""
        key = idempotency_key(self._run, *where, call)
        parcel = self._tools.http.pack(request)
        asked = request_of(parcel.told)
        if self.recorded is not None and (found := self.recorded.find(where, asked)) is not None:
            self._replay(where, parcel.told, {"key": key, "effect": "http", "interrupted": "repeat"}, asked, found)
            return received_of(found)
        async with self._places:
            return await self._sent(where, key, request, parcel, asked)

    async def _sent(self, where: Where, key: str, request: Request, parcel: Parcel, asked: str) -> Received:
        http, reach = self._tools.http, self._tools.reach
        then: Interrupted = "repeat" if request.repeatable else "ask"
        now = self._tools.clock.now()
        reach("before intent")
        self._journal.note(
            "intent", where[0], path=where[1], started=now, ended=now, seen=self._state.seq,
            value=orjson.dumps(parcel.told), detail=orjson.dumps({"key": key, "effect": "http", "interrupted": then}),
        )  # fmt: skip
        await self._journal.committed(lambda _: None)
        reach("after intent")
        reach("before effect")
        try:
            answer = await http.send(parcel, key)
        except StepFailed as error:
            self._reply(where, asked, "http", told_failure(error))
            raise
        self._reply(where, asked, "http", told_received(answer))
        return answer

    def _reply(self, where: Where, request: str, effect: str, told: dict[str, Any]) -> None:
        """Keep what a call was answered; it becomes durable with what rests on it."""
        now = self._tools.clock.now()
        self._journal.note(
            "reply", where[0], path=where[1], started=now, ended=now, seen=self._state.seq, value=orjson.dumps(told),
            detail=orjson.dumps({"effect": effect, "request": request}),
        )  # fmt: skip

    def _replay(self, where: Where, sent: dict[str, Any], told: dict[str, Any], request: str, found: Record) -> None:
        """Note a call that is answered from the log of another run: nothing leaves this one."""
        now = self._tools.clock.now()
        origin = {"replayed": {"run": found.run, "seq": found.seq}}
        self._journal.note(
            "intent", where[0], path=where[1], started=now, ended=now, seen=self._state.seq, value=orjson.dumps(sent),
            detail=orjson.dumps(told | origin),
        )  # fmt: skip
        self._journal.note(
            "reply", where[0], path=where[1], started=now, ended=now, seen=self._state.seq, value=found.value or b"{}",
            detail=orjson.dumps({"effect": told["effect"], "request": request} | origin),
        )  # fmt: skip

    async def _billed(
        self, where: Where, bill: str, request: str, quote: Quote, call: Coroutine[Any, Any, Answer]
    ) -> Answer:
        """Wait for a call; one that cannot be on the bill gives back what was reserved for it."""
        try:
            return await call
        except StepFailed as error:
            self._reply(where, request, "model", told_failure(error))
            if error.code in UNBILLED:
                self._journal.also(lambda tx: settle(tx, bill, cost=0.0, tokens_in=0, tokens_out=0))
            else:
                self._lose(quote)
            raise
        except BaseException:  # cut off, as by a time limit
            self._lose(quote)
            raise

    def _lose(self, quote: Quote) -> None:
        self._state.take_lost(quote.tokens, quote.cost)
        self._lost.append(quote)


def _bill(key: str, tries: int) -> str:
    """The place of a call on the bill. Whoever repeats a call that was interrupted stands in for it; another try of its
    step is another call, though the host is told the same key."""
    return f"{key}.{tries + 1}" if tries else key


def _billed_as(bill: str, key: str) -> dict[str, str]:
    """What the log says of it, where it is not the key itself."""
    return {"bill": bill} if bill != key else {}


def _kept(said: Said) -> dict[str, Any]:
    """A message as the log keeps it: a picture by its digest."""
    told: dict[str, Any] = {"role": said.role, "text": said.text}
    return told | {"pictures": [each.sha256 for each in said.pictures]} if said.pictures else told


def _then(intent: Record) -> Interrupted | None:
    """What the effect itself says becomes of it when it is interrupted, where it knows better than its step's type."""
    return orjson.loads(intent.detail).get("interrupted") if intent.detail else None
