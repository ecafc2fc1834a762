"""What the browser holds of a draft and its runs, and what it may ask for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import reflex as rx
from pydantic import ValidationError

from builder import routes
from builder.components.inputs import largest
from builder.components.toast import told
from builder.editor.governed import crossing_of
from builder.editor.live import Live, called_of, inspected_of, item_of, refused, shown_of
from builder.session import current_actor, internal, requires
from builder.session.gathering import gathered
from builder.wiring import runtime
from runtime.errors import GreenlaneError, NotFound
from runtime.graph.edits import EDITS
from runtime.operations import (
    calling,
    connections,
    conversations,
    drafts,
    examples,
    inbox,
    items,
    knowledge,
    models,
    runs,
    templates,
    traces,
    tryouts,
    workflows,
)
from runtime.operations.connections import ConnectionCard
from runtime.operations.conversations import NEW
from runtime.operations.drafts import Change
from runtime.operations.workflows import Check, Draft

LOOK_S = 0.4
"""how often others' changes are looked for"""
STAY_S = 60.0
"""how long after its last sign of life a browser is still watched for"""
GATHER_S = 0.05
"""events of a run that come within this time go down together: at most 20 updates a second"""
INNER_S = 0.5
"""how often at most the steps of called workflows are read while they run"""
REMEMBERED = 6
"""changes and refusals that a browser gets again, in case two updates reached it as one"""
RECENT_S = 600.0
"""a run that ended within this time is shown when the page opens"""
MOST_EDITS = 2000
TOLD = 20
"""messages of the conversation that are shown beside the last one"""


class Editor(rx.State):
    """One open editor."""

    opened: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    sync: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    check: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    catalogue: rx.Field[list[dict[str, Any]]] = rx.field(default_factory=list)
    aliases: rx.Field[list[dict[str, str]]] = rx.field(default_factory=list)
    bases: rx.Field[list[dict[str, str]]] = rx.field(default_factory=list)
    workflows: rx.Field[list[dict[str, Any]]] = rx.field(default_factory=list)
    people: rx.Field[list[dict[str, Any]]] = rx.field(default_factory=list)
    hosts: rx.Field[list[dict[str, str]]] = rx.field(default_factory=list)
    origin: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    """the template it was started from: name, title, renewed; empty for none"""
    run: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    spoken: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    inspected: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    items: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    """the page of items that is looked at"""
    item: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    filled: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    """inputs to try it on, once asked for: n counts how often"""
    largest: int = 0
    """bytes a file may have"""
    missing: bool = False
    _name: str = ""
    _talk: str = ""
    """the conversation in which a chat is tried"""
    _revision: int = 0
    _opening: int = 0
    """counts the times a draft was opened: whoever watches for an earlier one stops"""
    _seen: float = 0.0
    _watching: int = 0
    _refusals: int = 0

    @internal
    async def load(self):
        self._name = routes.last(self.router.url.path)
        self._opening += 1
        self.opened, self.sync, self.check, self.run, self.spoken, self.inspected = {}, {}, {}, {}, {}, {}
        self.filled, self.items, self.item, self._talk = {}, {}, {}, ""
        actor = current_actor()
        try:
            draft = await workflows.open_draft(runtime(), actor, name=self._name)
        except GreenlaneError:
            self.missing = True
            return None
        self.missing = False
        self.largest = largest()
        self.catalogue = [dict(each) for each in runtime().catalogue.describe()]
        cards = await models.list_aliases(runtime(), actor)
        self.aliases = [{"value": each.alias.name, "label": _label(each.alias)} for each in cards]
        readable = await knowledge.list_bases(runtime(), actor)
        self.bases = [{"value": each.name, "label": each.title} for each in readable]
        callable_ = await calling.list_callable(runtime(), actor)
        self.workflows = [asdict(each) for each in callable_ if each.name != self._name]
        connected = await connections.list_connections(runtime(), actor)
        self.hosts = [_host(each.connection) for each in connected if _callable(each)]
        found = await inbox.list_approvers(runtime(), actor)
        self.people = [{"value": each.name, "label": each.label, "group": each.group} for each in found]
        origin = await templates.read_origin(runtime(), actor, workflow=self._name)
        self.origin = asdict(origin) if origin else {}
        self._open(draft)
        self._seen = runtime().clock.now()
        return [Editor.watch, Editor.reattach]

    @requires("workflow.edit")
    async def edit(self, saw: int, batch: str, edits: list[dict[str, Any]]):
        """Hand a batch to the door; the answer is in `sync`, then what the compiler says."""
        actor = current_actor()
        self._seen = runtime().clock.now()
        try:
            if len(edits) > MOST_EDITS:
                raise _unreadable(f"more than {MOST_EDITS} edits at once")
            done = await drafts.edit_draft(
                runtime(), actor, name=self._name, saw=saw, batch=batch, client=_client(batch), edits=_read(edits)
            )
        except GreenlaneError as error:
            self._tell([], [_refusal(batch, error.sentence)])
            return
        conflicts = [asdict(each) for each in done.conflicts]
        who = done.changes[-1].who if done.changes else ""
        self._tell(done.changes, [_refusal(batch, done.refused, conflicts, who)] if done.refused else [])
        yield
        async with told(self):
            await self._recheck()

    @requires("workflow.see")
    async def resync(self) -> None:
        """The browser missed something and asks for the whole draft."""
        async with told(self):
            self._open(await workflows.open_draft(runtime(), current_actor(), name=self._name))

    @requires("workflow.see")
    async def stay(self):
        """A sign of life; watching goes on, or starts again where it had stopped."""
        self._seen = runtime().clock.now()
        return Editor.watch if self._watching != self._opening else None

    @requires("page.see")
    async def leave(self) -> None:
        """The page was left: whatever follows a run for it ends, also one that waits."""
        self.run = {}

    @requires("workflow.see", background=True)
    async def watch(self) -> None:
        """Looks for changes others make, while this page is open."""
        actor = current_actor()
        async with self:
            opening, name, revision = self._opening, self._name, self._revision
            if self._watching == opening:
                return
            self._watching = opening
        looks = 0
        while True:
            await asyncio.sleep(LOOK_S)
            looks += 1
            try:
                changes = await drafts.changes_of(runtime(), actor, name=name, after=revision)
            except NotFound:  # removed, or no longer for this person; asking again would fill the audit log
                return
            if not changes and looks % 25:
                continue
            async with self:
                if self._opening != opening:
                    return
                if runtime().clock.now() - self._seen > STAY_S:
                    self._watching = 0
                    return
                revision = max(revision, self._revision)
                if news := [each for each in changes if each.revision > revision]:
                    revision = news[-1].revision
                    self._tell(news, [])
                    await self._recheck(actor)

    @requires("run.start")
    async def start(self, inputs: dict[str, Any], fresh: bool, pinned: bool):
        """Run the draft as it is now, `pinned` steps giving what is pinned; a chat goes on with its conversation,
        unless another one is to begin."""
        try:
            chats = await runs.chats(runtime(), current_actor(), workflow=self._name)
            talk = (NEW if fresh or not self._talk else self._talk) if chats else None
            if pinned and not chats:
                started = await tryouts.run_pinned(runtime(), current_actor(), workflow=self._name, inputs=inputs)
            else:
                started = await runs.start_run(
                    runtime(), current_actor(), workflow=self._name, inputs=inputs, conversation=talk
                )
            view = await traces.read_run(runtime(), current_actor(), run=started.run)
        except GreenlaneError as error:
            self._refusals += 1
            self._talk = "" if isinstance(error, NotFound) else self._talk  # it was deleted meanwhile
            self.run = refused(self._refusals, error.sentence, error.hint)
            return None
        self._talk = started.conversation
        self.run, self.spoken, self.inspected = {**shown_of(view), **await self._told()}, {}, {}
        return Editor.follow

    @internal
    async def show(self, run: str):
        """Show another run, from its rows, and follow it."""
        self.run = shown_of(await traces.read_run(runtime(), current_actor(), run=run))
        self.spoken, self.inspected = {}, {}
        return Editor.follow

    async def _told(self) -> dict[str, Any]:
        """What was said in the conversation so far, the message that is being answered last."""
        if not self._talk:
            return {}
        found = await conversations.read_conversation(runtime(), current_actor(), conversation=self._talk, limit=TOLD)
        return {"talk": [{"message": each.message, "answer": each.answer} for each in found.messages]}

    @requires("run.start")
    async def fill_in(self) -> None:
        """Inputs to try an example on."""
        async with told(self):
            inputs = await examples.bring_sample(runtime(), current_actor(), workflow=self._name)
            self.filled = {"n": self.filled.get("n", 0) + 1, "inputs": inputs}

    @requires("run.cancel")
    async def cancel(self, run: str) -> None:
        async with told(self):
            await runs.cancel_run(runtime(), current_actor(), run=run)

    @requires("run.see")
    async def inspect(self, run: str, step: str, path: str) -> None:
        async with told(self):
            found = await traces.inspect_step(runtime(), current_actor(), run=run, step=step, path=path)
            self.inspected = inspected_of(run, found["step"], found["input"])

    @requires("run.see")
    async def list_items(self, run: str, step: str, around: str, failed: bool, after: int) -> None:
        """A page of the items or rounds of a container."""
        async with told(self):
            page = await items.list_items(
                runtime(), current_actor(), run=run, step=step, around=around, failed=failed, after=after
            )
            self.items = {"run": run, "step": step, "around": around, "failed": failed, "after": after, **asdict(page)}

    @requires("run.see")
    async def open_item(self, run: str, path: str) -> None:
        """One item or round with its steps."""
        async with told(self):
            found = await items.read_item(runtime(), current_actor(), run=run, path=path)
            self.item = {"run": run, **item_of(found)}

    @internal
    async def reattach(self):
        """A run that goes on, or has just ended, is shown again after the page was loaded anew."""
        cards = await traces.list_runs(runtime(), current_actor(), workflow=self._name, limit=1)
        if not cards or (cards[0].ended or 1e12) < runtime().clock.now() - RECENT_S:
            return None
        shown = shown_of(await traces.read_run(runtime(), current_actor(), run=cards[0].run))
        self._talk = (await traces.read_finished(runtime(), current_actor(), run=cards[0].run)).conversation
        with suppress(NotFound):  # deleted meanwhile
            shown |= await self._told()
        self.run = shown
        return Editor.follow if cards[0].ended is None else None

    @requires("run.see", background=True)
    async def follow(self) -> None:
        """Passes on what happens in the run that is shown, in small batches, until it ends."""
        actor = current_actor()
        async with self:
            live, after = Live(dict(self.run)), self.run.get("seq", 0)
        run = live.shown.get("id", "")
        if not run:
            return
        number, looked = 0, 0.0
        async for events in gathered(runs.follow_run(runtime(), actor, run=run, after=after, patient=True), GATHER_S):
            for event in events:
                live.take(event)
            if live.inner:
                await asyncio.sleep(max(0.0, looked + INNER_S - runtime().clock.now()))
                view, looked = await traces.read_run(runtime(), actor, run=run), runtime().clock.now()
                live.shown, live.inner, live.changed = {**live.shown, "called": called_of(view.called)}, False, True
            async with self:
                if self.run.get("id") != run:
                    return
                if live.changed:
                    self.run, live.changed = live.shown, False
                if live.deltas:
                    number += 1
                    self.spoken, live.deltas = {"run": run, "n": number, "deltas": live.deltas}, []
        view = await traces.read_run(runtime(), actor, run=run)
        async with self:
            if self.run.get("id") == run:
                self.run = {**shown_of(view), **{name: self.run[name] for name in ("talk",) if name in self.run}}

    def _open(self, draft: Draft) -> None:
        document = draft.document.model_dump(mode="json", by_alias=True)
        nonce = self.opened.get("nonce", 0) + 1
        sample = examples.example_like(draft.document) != ""
        self.opened = {"document": document, "revision": draft.revision, "nonce": nonce, "sample": sample}
        self._revision = draft.revision
        self.check = _check(draft.check)

    def _tell(self, changes: Sequence[Change], refusals: list[dict[str, Any]]) -> None:
        """Add news to `sync`, and keep a few of the last: telling the same twice changes nothing in the browser."""
        known = {each["revision"]: each for each in self.sync.get("changes", [])}
        known |= {each.revision: asdict(each) for each in changes}
        recent = [known[revision] for revision in sorted(known)]
        self._revision = max([self._revision, *known])
        kept = max(REMEMBERED, len(changes))
        self.sync = {
            "revision": self._revision,
            "changes": recent[-kept:],
            "refused": [*self.sync.get("refused", []), *refusals][-REMEMBERED:],
        }

    async def _recheck(self, actor: Any = None) -> None:
        self.check = _check(await drafts.check_draft(runtime(), actor or current_actor(), name=self._name))


def _read(edits: list[dict[str, Any]]) -> list[Any]:
    try:
        return EDITS.validate_python(edits)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise _unreadable(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _unreadable(why: str) -> GreenlaneError:
    return GreenlaneError(f"This change cannot be kept: {why}.")


def _refusal(batch: str, sentence: str, conflicts: Sequence[dict[str, Any]] = (), who: str = "") -> dict[str, Any]:
    return {"batch": batch, "sentence": sentence, "who": who, "conflicts": list(conflicts)}


def _check(check: Check) -> dict[str, Any]:
    return {
        "revision": check.revision,
        "hash": check.hash,
        "problems": [each.as_dict() for each in check.problems],
        "outputs": check.outputs,
        "exits": check.exits,
        "inner": check.inner,
        "older": check.older,
        "crossings": [crossing_of(each) for each in check.crossings],
    }


def _client(batch: str) -> str:
    """The browser a batch comes from: `c1x-17` is the 17th of `c1x`."""
    return batch.rpartition("-")[0]


def _callable(card: ConnectionCard) -> bool:
    """Whether this person's steps may call it: to see a connection is not to use it."""
    return card.connection.kind == "http" and card.level != "see" and card.connection.stopped is None


def _host(row: Any) -> dict[str, str]:
    scheme = "http" if row.plain else "https"
    return {"value": f"{scheme}://{row.host}/", "label": f"{row.name} · {row.host}"}


def _label(alias: Any) -> str:
    name = alias.name.replace("-", " ").replace("_", " ").capitalize()
    return f"{name} · {alias.description}" if alias.description else name
