"""How much of an app may run, for IT: what is set, and the dialog that changes it."""

import reflex as rx

from builder.components.asking import Asking
from builder.components.button import button
from builder.components.dialog import form_dialog
from builder.components.field import text_input
from builder.components.section import section
from builder.components.toast import told
from builder.session import current_actor, requires
from builder.wiring import runtime
from runtime.errors import BadInput
from runtime.operations import limits


class Limits(Asking, rx.State):
    """Those of the app that is looked after."""

    at_once: str = ""
    """empty: as the policy says"""
    per_minute: str = ""
    policy: str = ""
    _app: str = ""

    async def _show(self, app: str) -> None:
        """Those of this app; none where `app` is empty."""
        self._app, self.asking, self.policy = app, "", ""
        if app:
            async with told(self):
                await self._refresh()

    async def _refresh(self) -> None:
        found = await limits.read_limits(runtime(), current_actor(), app=self._app)
        self.at_once, self.per_minute, self.policy = _written(found.at_once), _written(found.per_minute), found.policy

    @requires("page.see")
    async def ask_change(self) -> None:
        self.asking = "change"

    @requires("app.limit")
    async def save(self, form: dict[str, str]) -> None:
        async with told(self):
            await limits.set_limits(
                runtime(), current_actor(), app=self._app, at_once=_number(form.get("at_once", "")),
                per_minute=_number(form.get("per_minute", "")),
            )  # fmt: skip
            await self._done("The limits are set", "They hold for whatever starts from now on.")


def limits_section() -> rx.Component:
    """What holds, and the dialog."""
    return rx.fragment(
        section(
            "Limits",
            "However much is started, nobody else is kept waiting by it.",
            rx.el.dl(
                _line("Runs at once", Limits.at_once, "Further ones wait for their turn."),
                _line("Starts in a minute", Limits.per_minute, "Further ones are refused."),
                class_name="gl-stack gl-tight",
            ),
            actions=button("Change", icon_name="pencil", on_click=Limits.ask_change),
        ),
        form_dialog(
            rx.el.p("Where a field is empty, the policy holds: ", Limits.policy, class_name="gl-muted"),
            text_input("Runs at once", "at_once", type="number", min="1", optional=True, default_value=Limits.at_once),
            text_input("Starts in a minute", "per_minute", type="number", min="0", optional=True,
                       default_value=Limits.per_minute, help="0 is as many as one likes."),
            open=Limits.asking == "change",
            title="How much of this app may run",
            verb="Save",
            on_submit=Limits.save,
            on_close=Limits.close,
        ),
    )  # fmt: skip


def _line(title: str, value: str | rx.Var[str], about: str) -> rx.Component:
    return rx.el.div(
        rx.el.dt(title, class_name="gl-strong"),
        rx.el.dd(rx.cond(value != "", value, "As the policy says"), ". ", rx.el.span(about, class_name="gl-muted")),
        class_name="gl-row gl-row--wrap gl-tight",
    )


def _written(number: int | None) -> str:
    return "" if number is None else str(number)


def _number(text: str) -> int | None:
    text = text.strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput("A limit is a whole number.", hint="Leave it empty to do as the policy says.")
    return int(text) if text else None
