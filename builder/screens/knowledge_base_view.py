"""What a knowledge base looks like; the state behind it is in `knowledge_base`."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import badge
from builder.components.button import button, submit
from builder.components.dialog import confirm, dialog, form_dialog
from builder.components.empty import empty
from builder.components.field import paragraph_input, search, select, text_input
from builder.components.icon import icon
from builder.components.link import link
from builder.components.loading import skeleton_card
from builder.components.menu import menu, menu_item, menu_line
from builder.components.share import Share, share_dialog
from builder.components.shell import page
from builder.components.table import Column, row, table
from builder.components.tabs import tabs
from builder.components.upload import upload
from builder.components.when import when
from builder.screens.knowledge import class_badge
from builder.screens.knowledge_base import Document, Hit, OneBase, Piece
from builder.texts import CLEARANCES

COLUMNS = (Column("Document", lead=True), Column("State"), Column("Added", short=True), Column("By"), Column(""))
ACCEPT = ".pdf,.docx,.md,.markdown,.html,.htm,.txt,.csv,.tsv"
HINT = "PDF, Word, Markdown, HTML, text or CSV, up to 20 MB each"
NAME = OneBase.base["name"].to(str)
TITLE = OneBase.base["title"].to(str)


def screen() -> rx.Component:
    return page(
        rx.cond(TITLE != "", TITLE, "Knowledge base"),
        rx.cond(
            OneBase.loaded,
            rx.cond(NAME != "", _inside(), _missing()),
            skeleton_card("40%", "90%", "75%"),
        ),
        here=routes.KNOWLEDGE,
        above=link(icon("chevron-left"), "Knowledge", to=routes.KNOWLEDGE, class_name="gl-back"),
        lead=OneBase.base["purpose"].to(str),
        actions=rx.cond(NAME != "", _actions(), rx.fragment()),
    )


def _missing() -> rx.Component:
    return empty(
        "This knowledge base is not here",
        "It may have been deleted, or it is not shared with you.",
        link("All knowledge bases", to=routes.KNOWLEDGE, class_name="gl-button gl-button--primary"),
        icon_name="search",
    )


def _actions() -> rx.Component:
    return rx.fragment(
        rx.cond(
            OneBase.base["may_share"],
            button("Share", icon_name="users", on_click=Share.ask("base", NAME, TITLE)),
            rx.fragment(),
        ),
        rx.cond(
            OneBase.base["may_own"],
            menu(
                f"Actions for {TITLE}",
                menu_item("Change", "pencil", OneBase.ask("change")),
                menu_line(),
                menu_item("Delete", "trash-2", OneBase.ask("delete"), danger=True),
            ),
            rx.fragment(),
        ),
    )


def _inside() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            class_badge(OneBase.base["data_class"].to(str)),
            rx.el.span(OneBase.base["about"]),
            rx.el.span("Owned by ", OneBase.base["owner"]),
            class_name="gl-row gl-row--wrap gl-muted gl-small",
        ),
        tabs(
            "Documents and search", (("documents", "Documents"), ("search", "Try a search")), OneBase.tab, OneBase.show
        ),
        rx.cond(OneBase.tab == "documents", _documents(), _search()),
        _split_dialog(),
        _remove_dialog(),
        _change_dialog(),
        _delete_dialog(),
        share_dialog(),
    )


def _documents() -> rx.Component:
    return rx.fragment(
        rx.cond(
            OneBase.base["may_fill"],
            upload(f"/files/base/{NAME}", accept=ACCEPT, hint=HINT, on_brought=OneBase.brought),
            rx.fragment(),
        ),
        rx.cond(
            OneBase.documents,
            table("Documents", COLUMNS, rx.foreach(OneBase.documents, _document)),
            empty(
                "No documents yet",
                "What is brought here is read, split into passages and made findable; nothing leaves this server.",
                icon_name="file-text",
            ),
        ),
    )


def _document(one: ObjectVar[Document]) -> rx.Component:
    document, name = one["id"].to(str), one["name"].to(str)
    return row(
        COLUMNS,
        rx.el.div(
            rx.el.span(name, class_name="gl-strong gl-break"),
            rx.el.p(one["about"], class_name="gl-muted gl-small"),
        ),
        _state(one),
        when(one["created"].to(float)),
        one["who"],
        menu(
            f"Actions for {name}",
            menu_item("How it was split", "scissors-line-dashed", OneBase.ask_split(document, name)),
            rx.cond(
                OneBase.base["may_fill"],
                rx.fragment(
                    rx.cond(
                        one["status"] == "failed",
                        menu_item("Try again", "rotate-cw", OneBase.retry(document)),
                        rx.fragment(),
                    ),
                    menu_line(),
                    menu_item("Remove", "trash-2", OneBase.ask_remove(document, name), danger=True),
                ),
                rx.fragment(),
            ),
        ),
    )


def _state(one: ObjectVar[Document]) -> rx.Component | rx.Var:
    share = one["share"].to(int)
    return rx.match(
        one["status"].to(str),
        ("ready", badge("Ready", "green")),
        (
            "failed",
            rx.el.div(
                badge("Could not be indexed", "red"),
                rx.el.p(one["error"], class_name="gl-small gl-muted"),
                class_name="gl-stack gl-tighter",
            ),
        ),
        (
            "indexing",
            rx.el.div(
                rx.el.progress(value=share, max=100, aria_label="Indexed", class_name="gl-meter"),
                rx.el.span(f"{share} %", class_name="gl-small gl-muted"),
                class_name="gl-row gl-tight",
            ),
        ),
        ("reading", badge("Reading", "blue")),
        badge("Waiting for its turn", "grey"),
    )


def _split_dialog() -> rx.Component:
    return dialog(
        rx.cond(
            OneBase.pieces,
            rx.el.ol(rx.foreach(OneBase.pieces, _piece), class_name="gl-pieces"),
            rx.el.p("There are no passages yet.", class_name="gl-muted"),
        ),
        rx.cond(OneBase.more, button("Show more", kind="quiet", on_click=OneBase.show_more), rx.fragment()),
        open=OneBase.asking == "split",
        title=f"Passages of {OneBase.chosen_name}",
        on_close=OneBase.close,
        foot=button("Close", on_click=OneBase.close),
        wide=True,
    )


def _piece(one: ObjectVar[Piece]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.span(one["number"], class_name="gl-strong"),
            rx.cond(one["heading"] != "", rx.el.span(one["heading"]), rx.fragment()),
            rx.el.span(one["place"], class_name="gl-faint"),
            class_name="gl-row gl-row--wrap gl-tight gl-small",
        ),
        rx.el.p(one["text"], class_name="gl-quote"),
    )


def _search() -> rx.Component:
    return rx.fragment(
        rx.el.form(
            search("Ask as a workflow would", name="query", default_value=OneBase.query),
            submit("Search", busy=OneBase.searching),
            on_submit=OneBase.search,
            class_name="gl-filters",
        ),
        rx.cond(
            OneBase.hits,
            rx.el.ol(rx.foreach(OneBase.hits, _hit), class_name="gl-hits"),
            rx.cond(
                OneBase.searched != "",
                empty(
                    "Nothing was found", "Bring documents first, or wait until they are ready.", icon_name="search-x"
                ),
                rx.el.p(
                    "See which passages a workflow would get for a question, best first, and how near each one is.",
                    class_name="gl-muted",
                ),
            ),
        ),
    )


def _hit(one: ObjectVar[Hit]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            link(one["place"].to(str), to=f"/knowledge/{NAME}/passages/{one['id'].to(str)}", class_name="gl-strong"),
            rx.cond(one["heading"] != "", rx.el.span(one["heading"], class_name="gl-muted"), rx.fragment()),
            rx.el.span(
                rx.el.progress(value=one["share"].to(int), max=100, aria_label="Score", class_name="gl-meter"),
                rx.el.span(one["score"], class_name="gl-number"),
                class_name="gl-row gl-tight gl-hits__score",
            ),
            class_name="gl-row gl-row--wrap gl-tight gl-small",
        ),
        rx.el.p(one["text"], class_name="gl-quote"),
        class_name="gl-card gl-card__body gl-stack gl-tight",
    )


def _remove_dialog() -> rx.Component:
    return confirm(
        rx.el.p(
            rx.el.strong(OneBase.chosen_name),
            " and its passages go for good. Answers that cite it keep their words, but the citation leads nowhere.",
            class_name="gl-muted",
        ),
        open=OneBase.asking == "remove",
        title="Remove this document?",
        verb="Remove document",
        on_confirm=OneBase.remove,
        on_close=OneBase.close,
    )


def _change_dialog() -> rx.Component:
    return form_dialog(
        text_input("Name", "title", default_value=TITLE, max_length=120, id="base-title"),
        paragraph_input(
            "What is it for?", "purpose", default_value=OneBase.base["purpose"].to(str), max_length=1000
        ),
        select(
            "How confidential is the most confidential document?", "data_class", CLEARANCES.items(),
            default_value=OneBase.base["data_class"].to(str),
            help="Apps that were approved with another class follow the policy for changed dependencies.",
        ),
        open=OneBase.asking == "change",
        title="Change this knowledge base",
        verb="Save",
        on_submit=OneBase.change,
        on_close=OneBase.close,
    )  # fmt: skip


def _delete_dialog() -> rx.Component:
    what: Any = rx.el.strong(TITLE)
    return confirm(
        rx.el.p(
            what, " and all its documents go for good. Workflows that search it fail until they name another.",
            class_name="gl-muted",
        ),
        open=OneBase.asking == "delete",
        title="Delete this knowledge base?",
        verb="Delete knowledge base",
        on_confirm=OneBase.delete,
        on_close=OneBase.close,
    )  # fmt: skip
