"""What a chat with an app looks like; the state behind it is in `app_chat`."""

import reflex as rx
from reflex.vars import ObjectVar

from builder import routes
from builder.components.badge import status_badge
from builder.components.button import button, link_button
from builder.components.copy import copy_button
from builder.components.dialog import confirm, form_dialog
from builder.components.field import text_input
from builder.components.files import Composer, Folded, Handle, Tail, kept_files
from builder.components.icon import icon
from builder.components.inputs import inputs
from builder.components.menu import menu, menu_item
from builder.components.prose import prose
from builder.components.toast import notice
from builder.components.when import when
from builder.screens.answer import Cited, source
from builder.screens.app_chat import Chat, Line, Talk
from builder.screens.run import Given
from builder.screens.run_view import value_of


def chat() -> rx.Component:
    """The conversations at the side, the open one beside them."""
    return rx.el.div(
        _talks(),
        rx.el.section(
            rx.el.h2("Conversation", class_name="gl-hidden"),
            _messages(),
            rx.el.form(_before(), _composer(), on_submit=Chat.send, key=f"{Chat.shown}", class_name="gl-chat__form"),
            aria_label="Conversation",
            class_name="gl-chat__room",
        ),
        _renaming(),
        _removing(),
        rx.el.span(on_unmount=Chat.leave, hidden=True),
        class_name="gl-chat",
    )


def _talks() -> rx.Component:
    return rx.el.nav(
        button("New conversation", icon_name="plus", on_click=Chat.fresh),
        rx.cond(
            Chat.talks,
            Folded.create(
                rx.el.ul(rx.foreach(Chat.talks, _talk), class_name="gl-past gl-chat__talks"),
                rx.cond(
                    Chat.older_talks,
                    button("Show older ones", kind="quiet", small=True, on_click=Chat.list_older),
                ),
                title="Conversations",
            ),
        ),
        aria_label="Conversations",
        class_name="gl-chat__side gl-stack",
    )


def _talk(one: ObjectVar[Talk]) -> rx.Component:
    talk, title = one["id"].to(str), one["title"].to(str)
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.span(title, class_name="gl-clip", title=title),
                rx.el.span(
                    rx.cond(one["going"], "answering …", when(one["updated"].to(float))),
                    class_name="gl-muted gl-small",
                ),
                class_name="gl-stack gl-none gl-grow",
            ),
            type="button",
            class_name="gl-past__open",
            aria_current=rx.cond(Chat.current == talk, "true", "false"),
            on_click=Chat.look(talk),
        ),
        menu(
            f"Actions for {title}",
            menu_item("Rename", "pencil", Chat.ask("rename", talk, title)),
            menu_item("Delete", "trash-2", Chat.ask("remove", talk, title), danger=True),
        ),
    )


def _messages() -> rx.Component:
    return rx.el.div(
        rx.cond(Chat.more, button("Show earlier messages", kind="quiet", small=True, on_click=Chat.older)),
        rx.cond(Chat.opening != "", rx.el.div(prose(Chat.opening), class_name="gl-chat__answer")),
        rx.cond(
            (Chat.lines.length() == 0) & (Chat.suggestions.length() > 0),
            rx.el.div(rx.foreach(Chat.suggestions, _suggestion), class_name="gl-chat__suggestions"),
        ),
        rx.cond(
            (Chat.lines.length() == 0) & (Chat.opening == ""),
            rx.el.p("Ask something to begin.", class_name="gl-muted gl-chat__empty"),
        ),
        rx.foreach(Chat.lines, _line),
        Tail.create(
            mark=f"{Chat.lines.length()} {Chat.writing} {Chat.going}",
            jump=f"{Chat.shown} {Chat.newest}",
            first=rx.cond(Chat.lines, Chat.lines[0]["run"], "").to(str),
            page=f"{routes.APPS}/{Chat.app}",
            query=rx.cond(Chat.current != "", f"?{routes.CONVERSATION}={Chat.current}", "").to(str),
        ),
        role="log",
        aria_live="polite",
        class_name="gl-chat__messages",
    )


def _suggestion(text: rx.Var[str]) -> rx.Component:
    return button(text, small=True, on_click=Chat.suggest(text))


def _line(one: ObjectVar[Line]) -> rx.Component:
    files = one["files"].to(list[Handle])
    return rx.el.article(
        rx.cond(
            one["erased"],
            rx.el.p("This message was removed.", class_name="gl-faint gl-small gl-chat__gone"),
            rx.el.div(
                rx.cond(one["message"] != "", rx.el.p(one["message"], class_name="gl-chat__words")),
                rx.cond(files.length() > 0, kept_files(files)),
                class_name="gl-chat__mine",
            ),
        ),
        rx.cond(one["run"] == Chat.going, _in_work(), _answered(one)),
        key=one["run"].to(str),
        class_name="gl-chat__line",
    )


def _in_work() -> rx.Component:
    waits = rx.fragment(
        icon("hand", 16),
        rx.el.span(
            Chat.waits, ". You may leave this page: the answer will be here.", class_name="gl-muted gl-small gl-break"
        ),
    )
    works = rx.fragment(
        rx.el.span(class_name="gl-spinner", aria_hidden=True),
        rx.el.span(rx.cond(Chat.doing != "", Chat.doing, "Working on it …"), class_name="gl-muted gl-small gl-clip"),
    )
    return rx.el.div(
        rx.cond(Chat.writing != "", prose(Chat.writing)),
        rx.el.div(
            rx.cond(Chat.waits != "", waits, works),
            rx.el.span(class_name="gl-grow"),
            button("Stop", icon_name="square", small=True, on_click=Chat.stop),
            class_name="gl-row",
        ),
        class_name="gl-chat__answer gl-stack",
    )


def _answered(one: ObjectVar[Line]) -> rx.Component:
    answer, status = one["answer"].to(str), one["status"].to(str)
    failed = rx.fragment(
        rx.el.p(one["error"], class_name="gl-strong"), rx.cond(one["hint"] != "", rx.el.p(one["hint"]))
    )
    return rx.el.div(
        rx.cond(answer != "", prose(answer)),
        rx.foreach(one["more"].to(list[Given]), _given),
        rx.cond(one["error"] != "", notice(failed, "red", icon_name="circle-alert")),
        rx.cond(one["sources"].to(list[Cited]).length() > 0, _sources(one)),
        rx.cond(
            one["behind"],
            rx.el.p("Waits for the message before.", class_name="gl-muted gl-small"),
            rx.el.div(
                rx.cond((status == "succeeded") | one["erased"].to(bool), rx.fragment(), status_badge(status)),
                rx.cond(answer != "", copy_button(answer)),
                rx.cond(
                    one["again"],
                    button("Try again", icon_name="rotate-cw", small=True, kind="quiet", on_click=Chat.again),
                ),
                link_button(
                    "How it went", f"{routes.RUNS}/{one['run']}", small=True, icon_name="list-tree", kind="quiet"
                ),
                class_name="gl-row gl-row--wrap gl-chat__foot",
            ),
        ),
        class_name="gl-chat__answer gl-stack",
    )


def _given(given: ObjectVar[Given]) -> rx.Component:
    return rx.el.div(rx.el.h3(given["name"], class_name="gl-answer__name"), value_of(given))


def _sources(one: ObjectVar[Line]) -> rx.Component:
    found = one["sources"].to(list[Cited])
    return rx.el.details(
        rx.el.summary(
            icon("book-open", 14), "Sources (", found.length(), ")", class_name="gl-chat__fold gl-chat__cited"
        ),
        rx.el.ol(rx.foreach(found, source), class_name="gl-sources"),
    )


def _before() -> rx.Component:
    """What is asked beside the message: of a new conversation; later messages carry it on."""
    return rx.cond(
        (Chat.current == "") & (Chat.asked.length() > 0),
        rx.el.div(inputs(Chat.asked), class_name="gl-card gl-card__body gl-chat__asked"),
    )


def _composer() -> rx.Component:
    stopped = Chat.stopped
    return rx.el.div(
        rx.cond(stopped != "", notice(stopped, "amber", icon_name="octagon-pause")),
        Composer.create(
            name="message",
            label="Write a message",
            file_name=Chat.file_name,
            many=Chat.many,
            kinds=Chat.file_kinds,
            endings=Chat.extensions,
            most=Chat.most,
            off=stopped != "",
            returned=Chat.returned,
            returns=Chat.returns,
        ),
        rx.el.p(
            rx.cond(Chat.use, rx.foreach(Chat.use, lambda each: rx.el.span(each, " "))),
            rx.el.span("Enter sends, Shift and Enter begin a new line.", class_name="gl-chat__keys"),
            class_name="gl-faint gl-small",
        ),
        class_name="gl-stack gl-tight",
    )


def _renaming() -> rx.Component:
    return form_dialog(
        text_input("Title", "title", default_value=Chat.chosen_title, max_length=100),
        open=Chat.asking == "rename",
        title="Rename the conversation",
        verb="Rename",
        on_submit=Chat.rename,
        on_close=Chat.close,
    )


def _removing() -> rx.Component:
    return confirm(
        rx.el.p("What was said is no longer remembered, and the conversation leaves this list."),
        rx.el.p("Its messages stay among your runs, where their data can be removed.", class_name="gl-muted"),
        open=Chat.asking == "remove",
        title=f"Delete “{Chat.chosen_title}”?",
        verb="Delete",
        on_confirm=Chat.remove,
        on_close=Chat.close,
    )
