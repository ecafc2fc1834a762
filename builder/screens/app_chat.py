"""Chatting with an app: one's conversations with it, the messages of one, and the answer while it is written."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypedDict

import reflex as rx

from builder.components.asking import Asking
from builder.components.files import Handle
from builder.components.inputs import FILES, asked_of, handles_in, largest, use_of, values_of, with_errors
from builder.components.inputs import Asked as Field
from builder.components.toast import tell_error, told
from builder.screens.answer import QUIET, TEXT_S, Cited, Said, cited_of
from builder.screens.run import ENDED, Given, note_begun
from builder.screens.run import values_of as given_of
from builder.screens.run_step import titled
from builder.session import current_actor, requires
from builder.wiring import runtime
from runtime.errors import AppStopped, BadInput, GreenlaneError, NotFound
from runtime.operations import apps, conversations, runs, sources, traces
from runtime.operations.apps import AppView
from runtime.operations.conversations import MESSAGE, NEW, Message
from runtime.operations.forms import FormField

PAGE = 30
"""messages shown at first, and more each time older ones are asked for"""
END = 1 << 31
"""beyond every number of a message"""
TALKS = 50
"""conversations that are listed, and more each time older ones are asked for"""
NEVER = 1e12
"""after every time"""
AGAIN = {"failed", "cancelled"}


class Talk(TypedDict):
    """A conversation in the list."""

    id: str
    title: str
    updated: float
    going: bool


class Line(TypedDict):
    """A message with its answer."""

    run: str
    number: int
    message: str
    files: list[Handle]
    answer: str
    more: list[Given]
    """what came back beside the answer"""
    status: str
    behind: bool
    error: str
    hint: str
    sources: list[Cited]
    erased: bool
    again: bool
    """whether it may be sent once more: the last one, which came to nothing"""
    created: float


class Chat(Asking, rx.State):
    """The conversation that is open, beside the others."""

    on: bool = False
    """whether the app is a chat"""
    app: str = ""
    talks: rx.Field[list[Talk]] = rx.field(default_factory=list)
    older_talks: bool = False
    """whether there are conversations before those"""
    current: str = ""
    """empty: a new one that has not begun"""
    lines: rx.Field[list[Line]] = rx.field(default_factory=list)
    more: bool = False
    """whether there are older messages"""
    newest: str = ""
    """the run of the last message"""
    writing: str = ""
    """the answer that is being written, as far as it goes"""
    doing: str = ""
    """what is done for it right now"""
    waits: str = ""
    """for whom it waits"""
    going: str = ""
    """the run that is being answered"""
    stopped: str = ""
    """why the app does not start; empty when it does"""
    opening: str = ""
    suggestions: rx.Field[list[str]] = rx.field(default_factory=list)
    asked: rx.Field[list[Field]] = rx.field(default_factory=list)
    """what is asked beside the message"""
    use: rx.Field[list[str]] = rx.field(default_factory=list)
    file_name: str = ""
    """the input that takes the files of a message; empty: none does"""
    many: bool = False
    file_kinds: rx.Field[list[str]] = rx.field(default_factory=list)
    extensions: rx.Field[list[str]] = rx.field(default_factory=list)
    most: int = 0
    """bytes of one of its files"""
    returned: str = ""
    """a message that could not be sent"""
    returns: int = 0
    shown: int = 0
    """counts how often another conversation was opened"""
    chosen: str = ""
    """the conversation that is asked about"""
    chosen_title: str = ""
    starting: bool = False
    _answers: bool = False
    _followers: int = 0
    """counts who has followed; only the last one goes on"""
    _fields: list[FormField] = []  # noqa: RUF012 - Reflex copies it for each session
    _sources: dict[str, list[Cited]] = {}  # noqa: RUF012
    _last: dict[str, Any] = {}  # noqa: RUF012
    """with what the newest message was sent"""

    async def _open(self, view: AppView | None, conversation: str = "") -> None:
        """The app of the page, with the conversation its address names; None: it is no chat, or there is none."""
        self._blank()
        self.talks, self.app, self._answers, self.asking = [], "", False, ""
        self.on = view is not None and view.chat and view.level != "see"
        if view is None or not self.on:
            return
        self.app, self._answers, self._fields = view.card.name, view.answers, view.inputs
        self.stopped = view.card.stopped
        self.opening, self.suggestions = view.greeting.opening, list(view.greeting.suggestions)
        files = next((each for each in view.inputs if each.kind in FILES), None)
        self.file_name, self.many = (files.name, files.kind == "files") if files else ("", False)
        self.file_kinds, self.extensions = (files.file_kinds, files.extensions) if files else ([], [])
        self.most = largest()
        rest = [each for each in view.inputs if each.name not in (MESSAGE, self.file_name)]
        self.asked, self.use = asked_of(rest), use_of(view.inputs)
        await self._list()
        if conversation:
            with suppress(NotFound):  # it was deleted, or is somebody else's: a new one begins
                await self._resume(conversation, view.card.id)

    async def _resume(self, conversation: str, app: str) -> None:
        """Open a conversation with this app again."""
        view = await conversations.read_conversation(runtime(), current_actor(), conversation=conversation, limit=1)
        if view.card.app == app:
            self.current = conversation
            await self._read()

    def _blank(self) -> None:
        self.current, self.lines, self.more, self._sources = "", [], False, {}
        self.writing, self.doing, self.waits, self.going, self._last = "", "", "", "", {}
        self.newest = ""
        self.shown += 1

    @requires("page.see")
    async def fresh(self) -> None:
        """Begin another conversation."""
        self._blank()
        self.asked = asked_of([each for each in self._fields if each.name not in (MESSAGE, self.file_name)])

    @requires("conversation.see")
    async def look(self, conversation: str):
        """Open one of them."""
        async with told(self):
            self._blank()
            self.current = conversation
            await self._read()
        return Chat.follow if self.going else None

    @requires("conversation.see")
    async def older(self) -> None:
        async with told(self):
            if self.lines:
                await self._read(before=self.lines[0]["number"])

    @requires("app.run")
    async def send(self, form: dict[str, str | bool]):
        """Say something."""
        self.asked = with_errors(self.asked, [])
        await self._say(values_of(self._fields, form))
        return Chat.follow

    @requires("app.run")
    async def suggest(self, text: str):
        """Say what was suggested."""
        await self._say({MESSAGE: text})
        return Chat.follow

    @requires("app.run")
    async def again(self):
        """Send the newest message once more."""
        await self._say(self._last)
        return Chat.follow

    async def _say(self, inputs: dict[str, Any]) -> None:
        try:
            started = await apps.start_app_run(
                runtime(), current_actor(), app=self.app, inputs=inputs, conversation=self.current or NEW
            )
        except GreenlaneError as error:
            self.returned, self.returns = str(inputs.get(MESSAGE, "")), self.returns + 1
            problems = error.details.get("problems", []) if isinstance(error, BadInput) else []
            self.asked = with_errors(self.asked, problems)
            if isinstance(error, AppStopped) or not any(one["error"] for one in self.asked):
                await tell_error(self, error)
            return
        self.current = started.conversation
        await self._read()
        await self._list()

    @requires("run.cancel")
    async def stop(self):
        """Stop the answer that is being written; the message after it has its turn."""
        async with told(self):
            await runs.cancel_run(runtime(), current_actor(), run=self.going)
            self.writing, self.doing, self.waits = "", "", ""
            await self._read()
        return Chat.follow if self.going else None

    @requires("run.see", background=True)
    async def follow(self) -> None:
        """Reads on until all messages are answered, or this person looks at another conversation."""
        actor = current_actor()
        async with self:
            self._followers += 1  # another message has its own: the one before stops
            run, talk, answers, mine = self.going, self.current, self._answers, self._followers
        while run:
            if not await self._hear(actor, run, answers, mine):
                return
            found = cited_of(await sources.sources_of(runtime(), actor, run=run))
            async with self:
                if self.current != talk or self._followers != mine:
                    return
                self._sources[run] = found
                await self._read(actor)
                await self._list(actor)
                self.writing, self.doing, self.waits, run = "", "", "", self.going

    async def _hear(self, actor: Any, run: str, answers: bool, mine: int) -> bool:
        """Show what a run says until it ends; False where nobody looks any more."""
        begun, said, answer, waits, sent = dict[str, float](), Said(), "", "", 0.0
        now = asyncio.get_running_loop().time
        titles = {each.step: titled(each) for each in await _titled(actor, run)}
        async for event in runs.follow_run(runtime(), actor, run=run, patient=True):
            kind = event["kind"]
            if kind not in ("answer", "text"):
                note_begun(begun, event)
            if kind == "answer":
                answer = answer[: event["offset"]] + event["text"]
            elif kind == "text" and not answers:
                said = said.heard(event)
            elif kind in ("step.waiting", "step.answered"):
                waits = f"Waits for {event['waits_for']}" if kind == "step.waiting" else ""
            if kind in ("answer", "text") and now() - sent < TEXT_S:
                continue
            sent = now()
            async with self:
                if self.going != run or self._followers != mine:
                    return False
                self.writing = answer or said.text
                self.waits, self.doing = waits, _doing(titles, begun)
        return True

    async def _read(self, actor: Any = None, *, before: int = END) -> None:
        """The newest messages once more, beside older ones that are shown; or a page of those before a number."""
        asks = actor or current_actor()
        view = await conversations.read_conversation(
            runtime(), asks, conversation=self.current, limit=PAGE, before=before
        )
        labels = {each.name: each.label for each in self._fields}
        for each in view.messages:
            if each.run not in self._sources and each.status in ENDED and not each.erased:
                self._sources[each.run] = cited_of(await sources.sources_of(runtime(), asks, run=each.run))
        found = [line_of(each, labels, self._sources.get(each.run, [])) for each in view.messages]
        first = found[0]["number"] if found else END
        older = [each for each in self.lines if each["number"] < first]
        newer = [each for each in self.lines if each["number"] >= before]
        self.lines, self.more = [*older, *found, *newer], self.more if older else view.more
        if newer:
            return
        self.going = next((each.run for each in view.messages if each.status not in ENDED), "")
        if view.messages:
            last = view.messages[-1]
            self._last, self.newest = last.inputs, last.run
            self.lines[-1]["again"] = last.status in AGAIN and not last.erased

    async def _list(self, actor: Any = None, *, before: float = NEVER) -> None:
        """The newest conversations once more, above older ones that are shown; or a page of those before a time."""
        found = await conversations.list_conversations(
            runtime(), actor or current_actor(), app=self.app, limit=TALKS, before=before
        )
        fresh = [
            Talk(id=each.id, title=each.title or "A conversation", updated=each.updated, going=each.going)
            for each in found
        ]
        last = fresh[-1]["updated"] if len(fresh) == TALKS else 0.0
        older = [each for each in self.talks if each["updated"] < last]
        newer = [each for each in self.talks if each["updated"] >= before]
        self.talks, self.older_talks = [*newer, *fresh, *older], self.older_talks if older else bool(last)

    @requires("conversation.list")
    async def list_older(self) -> None:
        """A page of conversations before those that are listed."""
        async with told(self):
            if self.talks:
                await self._list(before=self.talks[-1]["updated"])

    @requires("page.see")
    async def ask(self, what: str, conversation: str, title: str) -> None:
        self.asking, self.chosen, self.chosen_title = what, conversation, title

    @requires("conversation.rename")
    async def rename(self, form: dict[str, str]) -> None:
        async with told(self):
            await conversations.rename_conversation(
                runtime(), current_actor(), conversation=self.chosen, title=form.get("title", "")
            )
            self.asking = ""
            for each in self.talks:
                if each["id"] == self.chosen:
                    each["title"] = " ".join(form.get("title", "").split())
            await self._list()

    @requires("conversation.remove")
    async def remove(self) -> None:
        async with told(self):
            await conversations.remove_conversation(runtime(), current_actor(), conversation=self.chosen)
            self.talks = [each for each in self.talks if each["id"] != self.chosen]
            if self.chosen == self.current:
                self._blank()
            await self._done("The conversation was deleted")

    async def _refresh(self) -> None:
        await self._list()

    @requires("page.see")
    async def leave(self) -> None:
        self.going = ""


def line_of(one: Message, labels: Mapping[str, str], cited: list[Cited]) -> Line:
    """A message as it is shown."""
    error = one.error or {}
    files = [file for name, value in one.inputs.items() if name != MESSAGE for file in handles_in(value)]
    return Line(
        run=one.run, number=one.number, message=one.message, files=files, answer=one.answer,
        more=given_of(one.outputs, labels),
        status=one.status, behind=one.behind, error=error.get("message", ""), hint=error.get("hint", ""),
        sources=cited, erased=one.erased is not None, again=False, created=one.created,
    )  # fmt: skip


async def _titled(actor: Any, run: str) -> list[traces.StepView]:
    view = await traces.read_run(runtime(), actor, run=run)
    return [each for each in view.steps if each.type not in QUIET]


def _doing(titles: Mapping[str, str], begun: Mapping[str, float]) -> str:
    return next((f"{titles[each]} …" for each in begun if each in titles), "")
