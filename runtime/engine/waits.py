"""The waits of one attempt: open questions to people and times to come, their answers, and laying the run aside.

A question is a record with a deadline fixed once, and a row that is answered once (`store.waits`). The answer becomes a
record too: that one every later attempt takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from nodes.sdk import Choice, Leave, Node, Question, Reply, StepFailed
from runtime.engine.journal import Journal
from runtime.engine.ports import Tools
from runtime.engine.state import State, Where
from runtime.graph.plan import PlanStep
from runtime.store import waits as rows
from runtime.store.ids import new_id
from runtime.store.log import Record
from runtime.store.waits import OWN, TIMER, Answered, Holder, NewWait

if TYPE_CHECKING:
    from runtime.engine.turn import Turn
    from runtime.store.transaction import Tx

APPROVE = "approve"
SHORT_S = 10.0
"""up to here a time to come is waited for in memory"""
LINGER_S = 0.2
"""how long an attempt that was given an answer stays for the next one, so that many answers are one resume"""
MOST_TEXT = 100_000
"""characters a question may show"""

AGAIN, SENT, STOP = (
    Choice("again", "Do it again"), Choice("sent", "Treat as done", "Treated as done"),
    Choice("stop", "Stop the run", "Run stopped"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Open:
    """A question somebody in this attempt waits for."""

    place: tuple[str, str, str]
    told: asyncio.Future[Reply]


class Waits:
    """Lives on the engine's loop, one for each attempt."""

    def __init__(
        self, run: str, attempt: int, person: str, state: State, tools: Tools, journal: Journal,
        *, paused: Callable[[], None], parked: Callable[[], None], broken: Callable[[str], None],
    ) -> None:  # fmt: skip
        """`paused`: nothing else may be left to do; `parked`: the run is laid aside; `broken`: an answer fits nothing
        of this attempt."""
        self._run, self._attempt, self._person = run, attempt, person
        self._state, self._tools, self._journal = state, tools, journal
        self._paused, self._parked, self._broken = paused, parked, broken
        self._loop = asyncio.get_running_loop()
        self.open: dict[str, _Open] = {}
        """questions that tasks of this attempt wait at, by the id of the wait"""
        self._parking: asyncio.Task[None] | None = None
        self._stay_until = 0.0
        """by the loop's clock: it was given an answer a moment ago"""
        self._staying: asyncio.TimerHandle | None = None

    async def ask(self, step: PlanStep, path: str, question: Question, *, kind: str = APPROVE, since: int = 0) -> Reply:
        """The answer to a question, now or in a later attempt. What was asked or answered before record `since` is
        another question."""
        place = (step.id, path, kind)
        answer = self._state.answers.get(place)
        if answer is not None and answer.seq > since:
            return _reply_of(answer)
        asked = self._state.waits.get(place)
        wait = _wait_of(asked) if asked is not None and asked.seq > since else self._begin(place, question)
        opened = self.open[wait] = _Open(place, self._loop.create_future())
        self._paused()
        return await opened.told

    async def until(self, step: PlanStep, path: str, moment: float) -> float:
        """Come back when it is that time; the time that counted. What is soon is waited for here; anything else is a
        row with a deadline fixed once, which the sweep of any process answers."""
        place = (step.id, path, TIMER)
        if (answer := self._state.answers.get(place)) is not None:
            return answer.ended
        asked = self._state.waits.get(place)
        if asked is not None:
            wait, moment = _wait_of(asked), orjson.loads(asked.detail or b"{}")["deadline"]
        elif (left := moment - self._tools.clock.now()) <= SHORT_S:
            await asyncio.sleep(max(left, 0.0))
            return moment
        else:
            told: dict[str, Any] = {"title": step.title, "text": "", "choices": [], "waits_for": "the clock"}
            wait = self._write(place, told, step.title, moment, ())
        opened = self.open[wait] = _Open(place, self._loop.create_future())
        self._paused()
        await opened.told
        return moment

    async def after_interruption(self, turn: Turn, node: Node, intent: Record) -> Any:
        """What a step does may have happened: whoever started the run says whether it is done again."""
        reply = await self._ask_again(turn, intent)
        if reply.choice == AGAIN.id:
            return await node.run(turn.context)
        if reply.choice != SENT.id:
            why = f": {reply.comment}" if reply.comment else " here, because what this step does may have happened."
            raise StepFailed(f"{reply.by} stopped the run{why}", code="interrupted")
        presumed, exits = node.presumed(), turn.step.exits
        if isinstance(presumed, Leave) or "done" in exits or not exits:
            return presumed
        return Leave(next(iter(exits)), presumed if isinstance(presumed, dict) else presumed.model_dump())

    async def _ask_again(self, turn: Turn, intent: Record) -> Reply:
        step, path = turn.step, turn.walk.frame.path
        when = datetime.fromtimestamp(intent.started, UTC)
        question = Question(
            title=f"“{step.title}” was interrupted",
            text=f"What this step does may have happened on {when:%d %B at %H:%M} UTC, but the server stopped before it"
            " knew. Look whether it did before you choose.",
            choices=(AGAIN, SENT, STOP),
        )
        return await self.ask(step, path, question, kind=OWN, since=intent.seq)

    def _begin(self, place: tuple[str, str, str], question: Question) -> str:
        """Write the question: its record, and in the same unit its rows and whom it is told."""
        holders = self._holders(place[2], question)
        if len(question.text) > MOST_TEXT:
            raise StepFailed(
                f"What is to be decided has {len(question.text):,} characters, more than anybody reads.",
                code="too_long",
                hint="Show a summary, or a part.",
            )
        asked = {
            "title": question.title,
            "text": question.text,
            "choices": [asdict(each) for each in question.choices],
        }
        told = asked | {"waits_for": ", ".join(each.name for each in holders)}
        deadline = None if question.deadline_s is None else self._tools.clock.now() + question.deadline_s
        return self._write(place, told, question.title, deadline, [each.id for each in holders])

    def _write(
        self, place: tuple[str, str, str], told: dict[str, Any], title: str, deadline: float | None,
        holders: Sequence[str],
    ) -> str:  # fmt: skip
        """The record of a wait and, in the same unit, its row."""
        step, path, kind = place
        wait, now = new_id("wait"), self._tools.clock.now()
        self._tools.reach("before wait")
        record = self._journal.note(
            "wait", step, path=path, started=now, ended=now, seen=self._state.seq, value=orjson.dumps(told),
            detail=orjson.dumps({"wait": wait, "kind": kind, "deadline": deadline}),
        )  # fmt: skip
        self._state.take_wait(place, record)
        asked = orjson.dumps({name: told[name] for name in ("title", "text", "choices")}).decode()
        new = NewWait(
            wait, self._run, record.seq, step, path, kind, asked, title, now, deadline, holders, self._person
        )  # fmt: skip
        self._journal.also(lambda tx: rows.open_wait(tx, new))
        return wait

    def _holders(self, kind: str, question: Question) -> list[Holder]:
        """Who may answer. Raises `StepFailed` where nobody could."""

        def find(tx: Tx) -> tuple[list[Holder], list[str], bool]:
            if kind == OWN:
                starter = rows.starter_of(tx, self._person)
                return ([starter] if starter else []), [], starter is not None
            found, unclear = rows.find_holders(tx, question.holders)
            return found, unclear, rows.anybody_but(tx, [each.id for each in found], self._person)

        found, unclear, anybody = self._tools.reader.now(find)
        if unclear:
            raise StepFailed(
                f"It is not clear who “{unclear[0]}” is: no group has this name, and not exactly one person.",
                code="nobody_to_ask",
                hint="Choose the people or groups again in the step's settings.",
            )
        if not anybody:
            raise StepFailed(
                "There is nobody who could decide: nobody approves what they started themselves."
                if found
                else "There is nobody who could decide.",
                code="nobody_to_ask",
                hint="Add another person, or a group with more people in it, to the step's settings.",
            )
        return found

    def look(self) -> None:
        """Take the answers that have come while others of the run's steps go on."""
        if self.open and self._parking is None:
            self._take(self._tools.reader.now(lambda tx: rows.answers_of(tx, self._run)))

    def _take(self, answers: Iterable[Answered]) -> bool:
        """Put answers into the log and hand them to who waits for them; whether there were any."""
        taken = False
        for each in answers:
            opened = self.open.pop(each.id, None)
            if opened is None:
                continue
            (step, path, kind), now = opened.place, self._tools.clock.now()
            self._tools.reach("before answer")
            said = {"choice": each.choice, "comment": each.comment, "by": each.name, "person": each.person}
            record = self._journal.note(
                "answer", step, path=path, started=now, ended=now, seen=self._state.seq,
                value=orjson.dumps(said | {"at": each.at}), detail=orjson.dumps({"wait": each.id, "kind": kind}),
            )  # fmt: skip
            self._state.take_answer(opened.place, record)
            self._journal.also(lambda tx, wait=each.id: rows.mark_logged(tx, wait))
            if not opened.told.done():
                opened.told.set_result(_reply_of(record))
            taken = True
        if taken:
            self._stay_until = self._loop.time() + LINGER_S
        return taken

    def forget(self, where: Where) -> bool:
        """Nobody has to answer this step any more: the item or the round it lies in is over."""
        gone = {wait: each for wait, each in self.open.items() if each.place[:2] == where}
        for wait, each in gone.items():
            del self.open[wait]
            self._state.waits.pop(each.place, None)
            self._journal.also(lambda tx, wait=wait: rows.close_wait(tx, wait))
        return bool(gone)

    def at(self, path: str) -> int:
        """How many steps of a frame, and of those inside it, wait."""
        return sum(each.place[1] == path or each.place[1].startswith(f"{path}/") for each in self.open.values())

    def park(self) -> None:
        """Lay the run aside until an answer comes; after an answer not at once, because the next may follow it."""
        if self._parking is not None:
            return
        if self._stay_until > self._loop.time():
            self._journal.flush()
            self._staying = self._staying or self._loop.call_at(self._stay_until, self._stayed)
            return
        self._parking = self._loop.create_task(self._park())

    def _stayed(self) -> None:
        self._staying = None
        self._paused()

    async def _park(self) -> None:
        state = self._state
        spent = state.tokens_in, state.tokens_out, state.cost
        self._tools.reach("before park")
        answers = await self._journal.committed(lambda tx: rows.park(tx, self._run, self._attempt, *spent))
        self._tools.reach("after park")
        self._parking = None
        if not answers:
            self._parked()
        elif self._take(answers):
            self._paused()
        else:
            self._broken(f"the answer to {answers[0].id} fits no step that waits")

    def close(self) -> None:
        """The attempt is over."""
        for timer in (self._parking, self._staying):
            if timer is not None:
                timer.cancel()
        for each in self.open.values():
            each.told.cancel()
        self.open.clear()


def _wait_of(record: Record) -> str:
    return orjson.loads(record.detail or b"{}")["wait"]


def _reply_of(record: Record) -> Reply:
    if record.value is None:
        raise StepFailed("The answer to this step was erased, so the run cannot go on.", code="payload_removed")
    said = orjson.loads(record.value)
    return Reply(said["choice"], said["comment"], said["by"], datetime.fromtimestamp(said["at"], UTC))
