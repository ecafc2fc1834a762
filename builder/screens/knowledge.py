"""Knowledge: the bases this person may read, and how a new one begins."""

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.asking import Asking
from builder.components.badge import badge
from builder.components.button import button
from builder.components.dialog import form_dialog
from builder.components.empty import empty
from builder.components.field import paragraph_input, select, text_input
from builder.components.icon import icon
from builder.components.loading import skeleton_cards
from builder.components.narrow import Narrowed, narrow_box, narrowed, no_match
from builder.components.shelf import Shelved, shelf, shelf_card
from builder.components.shell import page
from builder.components.toast import told
from builder.session import current_actor, internal, requires
from builder.texts import CLEARANCES, count
from builder.wiring import runtime
from runtime.operations import knowledge
from runtime.operations.actors import ACTIONS

CLASS_TONES = {"public": "gl-tone--green", "internal": "gl-tone--blue", "confidential": "gl-tone--amber",
               "restricted": "gl-tone--red"}  # fmt: skip


class Card(Shelved):
    """A base as its card shows it."""

    data_class: str
    holds: str
    unready: int


class Knowledge(Asking, Narrowed, rx.State):
    """The list; what is asked is the name of a new base."""

    cards: rx.Field[list[Card]] = rx.field(default_factory=list)
    loaded: bool = False
    may_create: bool = False

    @rx.var
    def shown(self) -> list[Card]:
        """The cards that match what was typed."""
        return narrowed(self.cards, self.wanted, "title", "about")

    @internal
    async def load(self) -> None:
        self.loaded, self.asking, self.wanted = False, "", ""
        self.may_create = bool(current_actor().roles & ACTIONS["base.create"].roles)
        async with told(self):
            self.cards = [_card(each) for each in await knowledge.list_bases(runtime(), current_actor())]
        self.loaded = True

    @requires("page.see")
    async def ask_new(self) -> None:
        self.asking = "new"

    @requires("base.create")
    async def create(self, form: dict[str, str]):
        async with told(self):
            made = await knowledge.create_base(
                runtime(), current_actor(), title=form["title"], purpose=form["purpose"], data_class=form["data_class"]
            )
            self.asking = ""
            return rx.redirect(routes.base(made.name))


def _card(found: knowledge.BaseCard) -> Card:
    return Card(
        name=found.name,
        title=found.title,
        about=found.purpose,
        data_class=found.data_class,
        holds=f"{count(found.documents, 'document')} · {count(found.passages, 'passage')}",
        unready=found.unready,
    )


def screen() -> rx.Component:
    new = rx.cond(
        Knowledge.may_create,
        button("New knowledge base", kind="primary", icon_name="plus", on_click=Knowledge.ask_new),
        rx.fragment(),
    )
    return page(
        "Knowledge",
        rx.cond(Knowledge.loaded, rx.cond(Knowledge.cards, _listed(), _none()), skeleton_cards(3)),
        _new_dialog(),
        here=routes.KNOWLEDGE,
        lead="Documents that workflows may search. Every answer can name the passage it rests on.",
        actions=new,
    )


def _listed() -> rx.Component:
    return rx.fragment(
        narrow_box(Knowledge, "Search knowledge bases"), shelf(Knowledge.shown, _base, no_match("knowledge base"))
    )


def _base(card: ObjectVar[Card]) -> rx.Component:
    return shelf_card(
        card,
        rx.el.span(card["holds"]),
        rx.cond(card["unready"].to(int) > 0, badge("Indexing", "blue"), rx.fragment()),
        mark=icon("library", 18),
        to=f"{routes.KNOWLEDGE}/{card['name']}",
        corner=class_badge(card["data_class"].to(str)),
    )


def class_badge(data_class: rx.Var[str]) -> rx.Component:
    """How confidential something is."""
    words = rx.Var.create(CLEARANCES).to(dict[str, str])
    tones = rx.Var.create(CLASS_TONES).to(dict[str, str])
    return rx.el.span(words[data_class], class_name=f"gl-badge {tones[data_class]}")


def _none() -> rx.Component:
    return empty(
        "No knowledge base yet",
        "Put the documents your workflows should answer from in one place: a handbook, policies, product sheets.",
        rx.cond(
            Knowledge.may_create,
            button("New knowledge base", kind="primary", on_click=Knowledge.ask_new),
            rx.fragment(),
        ),
        icon_name="library",
    )


def _new_dialog() -> rx.Component:
    return form_dialog(
        text_input("Name", "title", placeholder="For example: Staff handbook", max_length=120),
        paragraph_input(
            "What is it for?",
            "purpose",
            placeholder="Answers staff questions about leave, travel and benefits.",
            help="Reviewers read this before they approve a workflow that searches it.",
            max_length=1000,
        ),
        select(
            "How confidential is the most confidential document?",
            "data_class",
            CLEARANCES.items(),
            default_value="internal",
            help="Workflows may hand what they find only to models and hosts that are cleared for it.",
        ),
        open=Knowledge.asking == "new",
        title="New knowledge base",
        verb="Create",
        on_submit=Knowledge.create,
        on_close=Knowledge.close,
    )
