"""Starting a run: of a draft, of a version under review, of a published app. All of them begin here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from nodes.sdk import FILE_ID, FileHandle, StepFailed, Trouble, files_in
from runtime.engine.ending import Ended
from runtime.engine.engine import Start
from runtime.engine.ports import Pin
from runtime.engine.values import encode
from runtime.errors import BadInput, Conflict, TooManyStarts
from runtime.graph.compiling import Compiled
from runtime.graph.document import Document
from runtime.graph.hashing import canonical, content_hash, words_digest
from runtime.graph.plan import Plan
from runtime.graph.touching import Touched
from runtime.operations.actors import Actor
from runtime.operations.calling import calls, unseen_calls
from runtime.operations.continuing import check_continued, check_still
from runtime.operations.conversations import MESSAGE, NEW, carried_on, enter
from runtime.operations.door import do, permitted
from runtime.operations.files import check_number, give_files, named_files
from runtime.operations.forms import chat_of, form_of
from runtime.operations.runtime import Runtime
from runtime.operations.shares import has_to_wait
from runtime.operations.traces import Finished, read_finished
from runtime.store import runs as rows
from runtime.store.conversations import Spoken, Talk, talk_of
from runtime.store.ids import new_id
from runtime.store.runs import ERROR_RUN, NewRun
from runtime.store.transaction import Tx

FILE_MARK = f'"{FILE_ID}'.encode()
"""how the id of a file begins in JSON: without it no file is looked for"""


SCHEDULED = "schedule:"
"""how the key of a run begins that a schedule began"""


@dataclass(frozen=True, slots=True)
class Started:
    """A run that has been accepted. `again` when its key had already started it."""

    run: str
    again: bool = False
    conversation: str = ""
    """the conversation it is a message of; empty: of none"""


@dataclass(frozen=True, slots=True)
class _Accepted:
    """What the transaction wrote that accepted a run."""

    started: Started
    talk: Talk | None = None
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """A document ready to run."""

    workflow: str
    """id of the workflow, or of the app: where keys of starts are unique"""
    name: str
    title: str
    document: Document
    hash: str
    plan: Plan
    words: str
    touched: Touched
    """the names of everything outside itself it depends on"""
    meaning_body: bytes
    words_body: bytes
    calls: bool
    """whether it calls other workflows"""
    app: str | None = None
    version: str | None = None
    manifest: str = ""
    """digest of what was approved with it; empty for a draft"""
    kept: set[str] = field(default_factory=set[str])
    """digests whose bodies are known to be in the store"""


async def ready_of(
    runtime: Runtime,
    document: Document,
    *,
    workflow: str,
    name: str,
    app: str | None = None,
    version: str | None = None,
    manifest: str = "",
) -> Ready:
    """Compile. Raises `BadInput` with every problem that hinders it."""
    compiled = await asyncio.to_thread(runtime.plans.compile, document)
    return Ready(
        workflow, name, document.words.title or name, document, content_hash(document), runnable(compiled),
        words_digest(document), compiled.touched, canonical(document.meaning), canonical(document.words),
        calls(document.meaning), app, version, manifest,
    )  # fmt: skip


async def begin(
    runtime: Runtime,
    actor: Actor | None,
    *,
    action: str,
    thing: str,
    ready: Ready,
    inputs: Mapping[str, Any],
    key: str | None = None,
    queued: bool = False,
    pins: Mapping[str, Pin] | None = None,
    admit: Callable[[Tx], None] | None = None,
    moves: Callable[[Tx, str], None] | None = None,
    conversation: str | None = None,
    run: str | None = None,
    any_inputs: bool = False,
) -> tuple[Started, asyncio.Future[Ended] | None]:
    """Accept a run; its id is told once the start is durable. The future gives its committed end; there is none where
    the run is executed elsewhere or was there before.

    With a `conversation` (or `NEW`, which begins one) it is a message there, and begins when those before it have
    ended. `run` is the id it gets, where whoever prepared it has chosen one; with `any_inputs` they are not compared
    with what the start step declares, because it does not run.

    `action` and `thing` are what the door asks, as whoever prepared the run has asked it. `admit` judges inside the
    transaction that writes the start, and refuses by raising; `moves` is told the run there, once it is inserted. A run
    with an intent or an end cannot come before that commit.
    """
    person = await permitted(runtime, actor, action, thing)
    _check_key(key, person)
    inputs = _said(runtime, person, ready, conversation, inputs)
    others = _others(runtime, ready, conversation)
    given = (runtime, person, None if any_inputs else ready.plan, inputs)
    checked, packed, files = await asyncio.to_thread(_given, *given) if _is_heavy(inputs) else _given(*given)
    now = runtime.clock.now()
    waits = runtime.reader.now(lambda tx: _judge(tx, runtime, person.id, ready, key, now))
    queued = queued or (waits and pins is None)  # pins are known to this process alone
    coming = runtime.engine.coming
    new = NewRun(
        id=run or new_id("run"), workflow=ready.workflow, name=ready.name, title=ready.title,
        person=person.id, via=person.via, key=key, hash=ready.hash, words=ready.words,
        catalogue=ready.plan.catalogue_digest, inputs=packed, created=now,
        process="" if queued else runtime.engine.process.id,
        app=ready.app, version=ready.version, manifest=ready.manifest,
    )  # fmt: skip

    def work(tx: Tx) -> _Accepted:
        if key is not None and (earlier := rows.run_by_key(tx, ready.workflow, key)) is not None:
            talk = _check_own(tx, earlier, person).conversation
            return _Accepted(Started(earlier, again=True, conversation=talk or ""))
        if admit is not None:
            admit(tx)
        if not ready.kept:
            rows.keep_content(tx, ready.hash, ready.meaning_body)
            rows.keep_content(tx, ready.words, ready.words_body)
        row = _message(tx, new, person, conversation, checked, others, pinned=pins is not None)
        rows.insert_run(tx, row)
        if moves is not None:
            moves(tx, new.id)
        give_files(tx, new.id, files, now)
        talk = talk_of(tx, new.id) if row.conversation else None
        return _Accepted(Started(new.id, conversation=row.conversation or ""), talk, row.behind)

    coming.update((person.id, ready.app))
    doing = do(runtime, actor, action, thing, work, found=lambda accepted: accepted.started.run)
    accepting = asyncio.ensure_future(doing)
    await asyncio.sleep(0)  # the start is queued before the first record of the run
    told, start = None, Start(new.id, ready.plan, checked, person.id, now, pins)
    if not queued and conversation is None and not accepting.done():
        told = asyncio.wrap_future(runtime.engine.execute(start))
    try:
        accepted = await accepting
    finally:
        coming.subtract((person.id, ready.app))
    started = accepted.started
    if started.again:
        return started, None
    ready.kept.update((ready.hash, ready.words))
    if conversation is not None and not (queued or accepted.behind):  # what it finds there is known only now
        told = asyncio.wrap_future(runtime.engine.execute(replace(start, talk=accepted.talk)))
    if queued:
        runtime.engine.nudge(new.id)
    return started, told


def _said(
    runtime: Runtime, person: Actor, ready: Ready, conversation: str | None, inputs: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The inputs, of a message in a conversation with what it carries on. Raises `BadInput` where nobody chats."""
    if conversation is None:
        return inputs
    if not chat_of(ready.document):
        raise BadInput(
            f"“{ready.title}” does not begin with a chat message, so it has no conversations.",
            hint="Leave the conversation out.",
        )
    if conversation == NEW:
        return inputs
    return runtime.reader.now(lambda tx: carried_on(tx, person, conversation, form_of(ready.document), inputs))


def _others(runtime: Runtime, ready: Ready, conversation: str | None) -> frozenset[Spoken]:
    """Other versions that have spoken in a conversation. Raises `BadInput` where this one may not go on behind them."""
    if conversation in (None, NEW):
        return frozenset()
    return runtime.reader.now(lambda tx: check_continued(tx, runtime, conversation, ready.document, ready.hash))


def _message(
    tx: Tx, new: NewRun, person: Actor, conversation: str | None, inputs: Mapping[str, Any],
    others: frozenset[Spoken], *, pinned: bool,
) -> NewRun:  # fmt: skip
    """The run, with a conversation as the next message there."""
    if conversation is None:
        return new
    check_still(tx, conversation, others, new.hash)
    talk, turn, behind = enter(
        tx, person, conversation, workflow=new.workflow, app=new.app, message=str(inputs.get(MESSAGE, "")),
        now=new.created,
    )  # fmt: skip
    if behind and pinned:
        raise Conflict(
            "A message of this conversation is being answered.", hint="With pinned steps, wait until it has ended."
        )
    return replace(new, conversation=talk, turn=turn, behind=behind, process="" if behind else new.process)


HEAVY = 100_000
"""characters of a text that is not looked through between two clicks of others"""


def _is_heavy(inputs: Mapping[str, Any]) -> bool:
    """Whether looking through the inputs may take long, as far as a glance tells."""
    return any(isinstance(each, list | dict) or (isinstance(each, str) and len(each) > HEAVY) for each in
               inputs.values())  # fmt: skip


def _given(
    runtime: Runtime, person: Actor, plan: Plan | None, inputs: Mapping[str, Any]
) -> tuple[dict[str, Any], bytes, list[FileHandle]]:
    """The inputs as the start step declares them, as they are kept, and the files among them, each as it is."""
    if plan is None:
        return dict(inputs), encode(dict(inputs)), []
    checked, packed = checked_inputs(plan, inputs)
    files = list(files_in(checked)) if FILE_MARK in packed else []
    if not files:
        return checked, packed, files
    check_number(files)
    checked = runtime.reader.now(lambda tx: named_files(tx, person, checked))
    look = getattr(plan.steps[plan.start].ready, "check_files", None)
    _refuse(look(checked) if look is not None else ())
    return checked, encode(checked), list(files_in(checked))


def _judge(tx: Tx, runtime: Runtime, person: str, ready: Ready, key: str | None, now: float) -> bool:
    """Whether the run waits for its turn: nothing is executed here, or enough of this person or app. Raises
    `TooManyStarts`, unless the key has already started it."""
    coming = {each: runtime.engine.coming[each] for each in (person, ready.app)}
    try:
        waits = has_to_wait(tx, person, ready.app, coming, now)
    except TooManyStarts:
        if key is None or rows.run_by_key(tx, ready.workflow, key) is None:
            raise
        return True
    return waits or not runtime.engine.executes


async def end_of(
    runtime: Runtime, actor: Actor | None, started: Started, told: asyncio.Future[Ended] | None
) -> Finished:
    """The committed end of a run that was just started (or that it waits for somebody)."""
    if told is not None:
        end = await told
        if end.status is not None:
            return Finished(end.run, end.status, end.outputs, end.error, started.conversation, end.error_run)
    await asyncio.wrap_future(runtime.engine.settled(started.run))  # executed elsewhere, or taken over
    return await read_finished(runtime, actor, run=started.run)


def runnable(compiled: Compiled) -> Plan:
    """The plan, or `BadInput` with every problem that hinders it."""
    if compiled.plan is None:
        errors = [each for each in compiled.problems if each.severity == "error"]
        raise BadInput(
            f"The workflow has {len(errors)} problem{'s' if len(errors) != 1 else ''} to mend before it can run.",
            hint=errors[0].sentence if errors else "",
            details={"problems": [each.as_dict() for each in errors]},
        )
    return compiled.plan


def check_calls(tx: Tx, runtime: Runtime, document: Document, person: str) -> None:
    """Refuse what calls a workflow this person may not see, as if it were not there. Raises `BadInput`."""
    if unseen := unseen_calls(tx, document.meaning, person):
        runnable(runtime.plans.compile(document, without=unseen))


def _check_key(key: str | None, actor: Actor) -> None:
    if key is not None and not (1 <= len(key) <= 200 and key.isprintable()):
        raise BadInput("A key is a text of 1 to 200 characters.", hint="Use an id of the request, such as a UUID.")
    if key is not None and key.startswith(SCHEDULED) and actor.via != "schedule":
        raise BadInput(f"Keys that begin with “{SCHEDULED}” are for schedules.", hint="Choose another key.")
    if key is not None and key.startswith(ERROR_RUN):
        raise BadInput(f"Keys that begin with “{ERROR_RUN}” are for error workflows.", hint="Choose another key.")


def _check_own(tx: Tx, run: str, actor: Actor) -> Any:
    """The run that has a key. One somebody else took is no answer to this start: it would seem to run, and never does.
    Raises `Conflict`."""
    row = rows.run_row(tx, run)
    if row is None or row.person != actor.id:
        raise Conflict(
            "Somebody else has started a run with this key.", hint="Choose a key nobody else would, such as a UUID."
        )
    return row


def _refuse(problems: Sequence[Trouble]) -> None:
    """Raises `BadInput` naming every input with a problem."""
    if problems:
        raise BadInput(
            "Some inputs do not fit: " + " ".join(each.sentence for each in problems),
            hint="Correct them and start again; nothing has run.",
            details={
                "problems": [{"input": each.field, "code": each.code, "message": each.sentence} for each in problems]
            },
        )


def checked_inputs(plan: Plan, inputs: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The inputs as the start step declares them, and as they are kept. Raises `BadInput` naming every input that does
    not fit."""
    start = plan.steps[plan.start].ready
    check = getattr(start, "check_inputs", None)
    values, problems = check(inputs) if check is not None else (dict(inputs), ())
    _refuse(problems)
    try:
        packed = encode(values)
    except StepFailed as error:
        raise BadInput("The inputs hold something that is no data: a number without an end, or broken text.") from error
    return orjson.loads(packed), packed
