"""Home: the workflows this person may see, and how a new one begins."""

from typing import Literal

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.asking import Asking
from builder.components.badge import badge, status_badge
from builder.components.button import button, link_button, submit
from builder.components.dialog import confirm, dialog, form_dialog
from builder.components.empty import empty
from builder.components.field import text_input
from builder.components.icon import icon, workflow_icon
from builder.components.importing import import_drop
from builder.components.loading import skeleton_cards
from builder.components.menu import menu, menu_item, menu_line
from builder.components.narrow import Narrowed, narrow_box, narrowed, no_match
from builder.components.places import Me
from builder.components.share import Share, share_dialog
from builder.components.shelf import Shelved, shelf, shelf_card
from builder.components.shell import page
from builder.components.toast import told
from builder.components.when import when
from builder.session import current_actor, internal, requires
from builder.texts import count
from builder.wiring import runtime
from runtime.graph.edits import Rename
from runtime.operations import drafts, examples, workflows

LONGEST_TITLE = 120


class Card(Shelved):
    """A workflow as its card shows it."""

    icon: str
    steps: str
    updated: float
    last_status: str
    last_run: float
    origin: str
    renewed: bool


class Example(Shelved):
    """A shipped workflow to begin with."""

    icon: str


class Workflows(Asking, Narrowed, rx.State):
    """The list, and which dialog is open about which workflow."""

    cards: rx.Field[list[Card]] = rx.field(default_factory=list)
    examples: rx.Field[list[Example]] = rx.field(default_factory=list)
    loaded: bool = False
    name: str = ""
    title: str = ""

    @rx.var
    def shown(self) -> list[Card]:
        """The cards that match what was typed."""
        return narrowed(self.cards, self.wanted, "title", "about")

    @internal
    async def load(self) -> None:
        async with told(self):
            await self._refresh()

    async def _refresh(self) -> None:
        self.cards = [_card(found) for found in await workflows.list_workflows(runtime(), current_actor())]
        self.examples = [
            Example(name=found.name, title=found.title, about=found.description, icon=found.icon)
            for found in await examples.list_examples(runtime(), current_actor())
        ]
        self.loaded = True

    @requires("page.see")
    async def ask_new(self) -> None:
        self.asking = "new"

    @requires("page.see")
    async def ask(self, what: Literal["rename", "delete"], name: str, title: str) -> None:
        self.asking, self.name, self.title = what, name, title

    @requires("workflow.create")
    async def create(self, form: dict[str, str]):
        async with told(self):
            draft = await workflows.create_workflow(runtime(), current_actor(), title=form["title"])
            self.asking = ""
            return rx.redirect(routes.editor(draft.name))

    @requires("workflow.create")
    async def create_from(self, example: str):
        async with told(self):
            draft = await examples.open_example(runtime(), current_actor(), name=example)
            self.asking = ""
            return rx.redirect(routes.editor(draft.name))

    @requires("workflow.edit")
    async def rename(self, form: dict[str, str]) -> None:
        async with told(self):
            draft = await workflows.open_draft(runtime(), current_actor(), name=self.name)
            await drafts.edit_draft(
                runtime(),
                current_actor(),
                name=self.name,
                saw=draft.revision,
                batch=f"rename-{draft.revision}",
                client="home",
                edits=[Rename(title=form["title"].strip())],
            )
            self.asking = ""
            await self._refresh()

    @requires("workflow.create")
    async def duplicate(self, name: str) -> None:
        async with told(self):
            copy = await workflows.duplicate_workflow(runtime(), current_actor(), name=name)
            await self._done("Workflow duplicated", f"The copy is called “{copy.document.words.title}”.")

    @requires("workflow.remove")
    async def delete(self) -> None:
        async with told(self):
            await workflows.remove_workflow(runtime(), current_actor(), name=self.name)
            await self._done("Workflow deleted", self.title)


def _card(found: workflows.WorkflowCard) -> Card:
    return Card(
        name=found.name,
        title=found.title,
        about=found.description,
        icon=found.icon,
        steps=count(found.steps, "step"),
        updated=found.updated,
        last_status=found.last_status or "",
        last_run=found.last_run or 0.0,
        origin=found.origin,
        renewed=found.renewed,
    )


def screen() -> rx.Component:
    new = button("New workflow", kind="primary", icon_name="plus", on_click=Workflows.ask_new)
    actions = rx.el.div(rx.cond(Me.draws, import_drop(chosen=True)), new, class_name="gl-row gl-tight")
    return page(
        "Workflows",
        rx.cond(
            Workflows.loaded,
            rx.cond(Workflows.cards, _listed(), rx.cond(Me.draws, _welcome(), _nothing_shared())),
            skeleton_cards(6),
        ),
        _new_dialog(),
        _rename_dialog(),
        _delete_dialog(),
        share_dialog(),
        here=routes.WORKFLOWS,
        actions=actions,
    )


def _listed() -> rx.Component:
    return rx.fragment(
        narrow_box(Workflows, "Search workflows"), shelf(Workflows.shown, _workflow, no_match("workflow"))
    )


def _workflow(card: ObjectVar[Card]) -> rx.Component:
    name, title, ran = card["name"].to(str), card["title"].to(str), card["last_status"] != ""
    return shelf_card(
        card,
        rx.cond(
            ran,
            rx.el.span(card["steps"], " · ran ", when(card["last_run"].to(float))),
            rx.el.span(card["steps"], " · not run yet"),
        ),
        rx.cond(
            ran,
            status_badge(card["last_status"].to(str)),
            rx.el.span("edited ", when(card["updated"].to(float))),
        ),
        mark=workflow_icon(card["icon"].to(str)),
        to=f"/editor/{name}",
        corner=menu(
            f"Actions for {title}",
            menu_item("Rename", "pencil", Workflows.ask("rename", name, title)),
            menu_item("Duplicate", "copy", Workflows.duplicate(name)),
            menu_item("Share", "share-2", Share.ask("workflow", name, title)),
            menu_line(),
            menu_item("Delete", "trash-2", Workflows.ask("delete", name, title), danger=True),
        ),
        origin=rx.cond(card["origin"] != "", _origin(card)),
    )


def _origin(card: ObjectVar[Card]) -> rx.Component:
    """The template it began as, and whether that has changed since."""
    return rx.el.p(
        rx.el.span("from the template ", card["origin"], class_name="gl-clip"),
        rx.cond(card["renewed"], badge("newer release", "blue")),
        class_name="gl-workflow__origin",
    )


def _nothing_shared() -> rx.Component:
    """What somebody sees who comes to decide about workflows, not to draw them."""
    return empty(
        "No workflows of yours",
        "What waits for your decision stands under Reviews. Here you find what you draw yourself, and what others "
        "share with you.",
        link_button("Go to reviews", routes.REVIEWS),
        icon_name="workflow",
    )


def _welcome() -> rx.Component:
    """What a newcomer sees: one sentence, and three ways to begin."""
    return rx.el.div(
        rx.el.h2("Draw your first workflow"),
        rx.el.p(
            "Connect steps on a canvas, run them on real input and watch each one. "
            "Begin with an example that works right away, or with an empty canvas.",
            class_name="gl-welcome__text",
        ),
        rx.el.div(rx.foreach(Workflows.examples, _example), _blank(), class_name="gl-cards"),
        class_name="gl-welcome",
    )


def _example(example: ObjectVar[Example]) -> rx.Component:
    return _beginning(
        workflow_icon(example["icon"].to(str)),
        example["title"].to(str),
        example["about"].to(str),
        "Open this example",
        on_click=Workflows.create_from(example["name"].to(str)),
    )


def _blank() -> rx.Component:
    return _beginning(
        icon("plus", 18),
        "Blank canvas",
        "A start and a finish step, and everything in between is yours.",
        "Name it and begin",
        on_click=Workflows.ask_new,
        blank=True,
    )


def _beginning(mark, title: str | rx.Var[str], about: str | rx.Var[str], go: str, *, on_click, blank: bool = False):
    return rx.el.button(
        rx.el.span(mark, class_name="gl-example__icon"),
        rx.el.span(title, class_name="gl-strong"),
        rx.el.span(about, class_name="gl-muted gl-small"),
        rx.el.span(go, icon("arrow-right", 14), class_name="gl-example__go"),
        type="button",
        class_name="gl-card gl-card--link gl-example" + (" gl-example--blank" if blank else ""),
        on_click=on_click,
    )


def _new_dialog() -> rx.Component:
    named = rx.el.form(
        text_input("Name", "title", placeholder="For example: Answer customer mail", max_length=LONGEST_TITLE),
        rx.el.div(
            button("Cancel", kind="quiet", on_click=Workflows.close),
            submit("Create workflow"),
            class_name="gl-row gl-tight gl-row--end",
        ),
        on_submit=Workflows.create,
        class_name="gl-stack",
    )
    from_examples = rx.el.div(
        rx.el.p("Or begin with an example", class_name="gl-panel-title"),
        rx.el.div(rx.foreach(Workflows.examples, _short_example), class_name="gl-stack gl-tighter"),
        class_name="gl-from-examples",
    )
    return dialog(named, from_examples, open=Workflows.asking == "new", title="New workflow", on_close=Workflows.close)


def _short_example(example: ObjectVar[Example]) -> rx.Component:
    return rx.el.button(
        rx.el.span(workflow_icon(example["icon"].to(str)), class_name="gl-example__icon"),
        rx.el.span(
            rx.el.span(example["title"], class_name="gl-strong"),
            rx.el.span(example["about"], class_name="gl-muted gl-small gl-clip"),
            class_name="gl-stack gl-grow gl-none",
        ),
        type="button",
        class_name="gl-pick",
        on_click=Workflows.create_from(example["name"].to(str)),
    )


def _rename_dialog() -> rx.Component:
    return form_dialog(
        text_input("Name", "title", default_value=Workflows.title, max_length=LONGEST_TITLE, id="rename-title"),
        open=Workflows.asking == "rename",
        title="Rename workflow",
        verb="Rename",
        on_submit=Workflows.rename,
        on_close=Workflows.close,
    )


def _delete_dialog() -> rx.Component:
    return confirm(
        rx.el.p(
            rx.el.strong(Workflows.title),
            " and its draft go for good. The records of its runs stay.",
            class_name="gl-muted",
        ),
        open=Workflows.asking == "delete",
        title="Delete this workflow?",
        verb="Delete workflow",
        on_confirm=Workflows.delete,
        on_close=Workflows.close,
    )
