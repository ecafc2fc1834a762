"""One knowledge base: its documents while they are indexed, what a search finds. Drawn by `knowledge_base_view`."""

import asyncio
from contextlib import suppress
from typing import Literal, TypedDict

import reflex as rx

from builder import routes
from builder.components.asking import Asking
from builder.components.toast import told
from builder.session import current_actor, internal, requires
from builder.texts import count
from builder.wiring import runtime
from runtime.errors import GreenlaneError, NotFound
from runtime.operations import knowledge, passages
from runtime.operations.knowledge import BaseView, DocumentCard

LOOK_S = 1.0
"""how often progress is looked at while documents are being indexed"""
MORE = 50
"""passages of a document shown at a time"""

KINDS = {"pdf": "PDF", "docx": "Word", "markdown": "Markdown", "html": "HTML", "text": "Text", "csv": "Table"}


class Base(TypedDict):
    """What stands on top."""

    name: str
    title: str
    purpose: str
    data_class: str
    owner: str
    about: str
    may_fill: bool
    may_share: bool
    may_own: bool


class Document(TypedDict):
    """A line of the table."""

    id: str
    name: str
    kind: str
    about: str
    status: str
    error: str
    share: int
    """percent embedded"""
    created: float
    who: str


class Hit(TypedDict):
    """A passage that was found."""

    id: str
    place: str
    heading: str
    text: str
    score: str
    share: int
    """of the bar, in percent"""


class Piece(TypedDict):
    """A passage in the list of how a document was split."""

    id: str
    number: int
    place: str
    heading: str
    text: str


NO_BASE = Base(
    name="", title="", purpose="", data_class="", owner="", about="", may_fill=False, may_share=False, may_own=False
)


class OneBase(Asking, rx.State):
    """The base that is open."""

    base: rx.Field[Base] = rx.field(default_factory=NO_BASE.copy)
    documents: rx.Field[list[Document]] = rx.field(default_factory=list)
    loaded: bool = False
    tab: Literal["documents", "search"] = "documents"
    chosen: str = ""
    chosen_name: str = ""
    pieces: rx.Field[list[Piece]] = rx.field(default_factory=list)
    more: bool = False
    query: str = ""
    searched: str = ""
    searching: bool = False
    hits: rx.Field[list[Hit]] = rx.field(default_factory=list)
    _opening: int = 0
    """counts the times a base was opened: whoever watches an earlier one stops"""
    _watching: int = 0

    @internal
    async def load(self):
        self._opening += 1
        self.base, self.documents, self.loaded, self.asking, self.tab = NO_BASE.copy(), [], False, "", "documents"
        self.hits, self.query, self.searched, self.searching, self.pieces = [], "", "", False, []
        name = routes.last(self.router.url.path)
        with suppress(NotFound):  # the page says so
            self._show(await knowledge.open_base(runtime(), current_actor(), base=name))
        self.loaded = True
        return OneBase.watch

    def _show(self, view: BaseView) -> None:
        self.base, self.documents = _base(view), [_document(each) for each in view.documents]

    async def _refresh(self) -> None:
        self._show(await knowledge.open_base(runtime(), current_actor(), base=self.base["name"]))

    @requires("base.see", background=True)
    async def watch(self) -> None:
        """Shows progress while something is being indexed."""
        actor = current_actor()
        async with self:
            opening, name = self._opening, self.base["name"]
            if self._watching == opening or not name:
                return
            self._watching = opening
        going = True
        while going:
            try:
                view = await knowledge.open_base(runtime(), actor, base=name)
            except GreenlaneError:
                return
            going = any(each.status in ("waiting", "reading", "indexing") for each in view.documents)
            async with self:
                if self._opening != opening:
                    return
                self._show(view)
                if not going:
                    self._watching = 0
            await asyncio.sleep(LOOK_S)

    @requires("base.see")
    async def brought(self):
        """A file was taken: show it, and watch it."""
        async with told(self):
            await self._refresh()
        return OneBase.watch

    @requires("page.see")
    async def show(self, tab: Literal["documents", "search"]) -> None:
        self.tab = tab

    @requires("page.see")
    async def close(self) -> None:
        self.asking, self.pieces = "", []

    @requires("page.see")
    async def ask(self, what: Literal["change", "delete"]) -> None:
        self.asking = what

    @requires("page.see")
    async def ask_remove(self, document: str, name: str) -> None:
        self.asking, self.chosen, self.chosen_name = "remove", document, name

    @requires("base.fill")
    async def remove(self):
        async with told(self):
            await knowledge.remove_document(runtime(), current_actor(), base=self.base["name"], document=self.chosen)
            await self._done("Document removed", self.chosen_name)

    @requires("base.fill")
    async def retry(self, document: str):
        async with told(self):
            await knowledge.retry_document(runtime(), current_actor(), base=self.base["name"], document=document)
            await self._refresh()
        return OneBase.watch

    @requires("base.see")
    async def ask_split(self, document: str, name: str) -> None:
        """Show how a document was split."""
        self.pieces, self.chosen, self.chosen_name = [], document, name
        async with told(self):
            await self._more_pieces()
            self.asking = "split"

    @requires("base.see")
    async def show_more(self) -> None:
        async with told(self):
            await self._more_pieces()

    async def _more_pieces(self) -> None:
        after = self.pieces[-1]["number"] if self.pieces else 0
        found = await passages.list_pieces(
            runtime(), current_actor(), base=self.base["name"], document=self.chosen, after=after, most=MORE
        )
        self.pieces = self.pieces + [
            Piece(
                id=each.id,
                number=each.number,
                place=_place(each),
                heading=each.heading,
                text=each.text,
            )
            for each in found
        ]
        self.more = len(found) == MORE

    @requires("base.see")
    async def search(self, form: dict[str, str]):
        """Find what a step would find."""
        self.query = form["query"].strip()
        if not self.query:
            return
        self.searching = True
        yield
        async with told(self):
            found = await passages.search_base(runtime(), current_actor(), base=self.base["name"], query=self.query)
            self.hits = [_hit(each) for each in found]
            self.searched = self.query
        self.searching = False

    @requires("base.change")
    async def change(self, form: dict[str, str]) -> None:
        async with told(self):
            await knowledge.change_base(
                runtime(), current_actor(), base=self.base["name"], title=form["title"], purpose=form["purpose"],
                data_class=form["data_class"],
            )  # fmt: skip
            self.asking = ""
            await self._refresh()

    @requires("base.remove")
    async def delete(self):
        async with told(self):
            await knowledge.remove_base(runtime(), current_actor(), base=self.base["name"])
            self.asking = ""
            return rx.redirect(routes.KNOWLEDGE)


def _base(view: BaseView) -> Base:
    card = view.card
    return Base(
        name=card.name,
        title=card.title,
        purpose=card.purpose,
        data_class=card.data_class,
        owner=card.owner,
        about=f"{count(card.documents, 'document')} · {count(card.passages, 'passage')}",
        may_fill=card.level in ("edit", "share", "own"),
        may_share=card.level in ("share", "own"),
        may_own=card.level == "own",
    )


def _document(card: DocumentCard) -> Document:
    parts = [KINDS.get(card.media, card.media), _size(card.size)]
    if card.pages > 1:
        parts.append(count(card.pages, "page"))
    if card.status == "ready":
        parts.append(count(card.passages, "passage"))
    return Document(
        id=card.id,
        name=card.name,
        kind=card.media,
        about=" · ".join(parts),
        status=card.status,
        error=card.error,
        share=round(100 * card.done / card.passages) if card.passages else 0,
        created=card.created,
        who=card.who,
    )


def _place(piece: passages.Piece) -> str:
    characters = f"characters {piece.start:,}–{piece.end:,}"
    return f"Page {piece.page}, {characters}" if piece.page else characters.capitalize()


def _hit(found: passages.Passage) -> Hit:
    return Hit(
        id=found.id,
        place=f"{found.title}, page {found.page}" if found.page else found.title,
        heading=found.heading,
        text=found.text,
        score=f"{found.score:.2f}",
        share=round(100 * max(0.0, min(found.score, 1.0))),
    )


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"
