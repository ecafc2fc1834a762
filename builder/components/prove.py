"""The dialog that asks for the password when an action needs a fresh proof of who acts; the person then repeats it."""

import reflex as rx

from builder.components.dialog import Dialog
from builder.components.toast import Notices, tell
from builder.session import requires
from builder.shipped import shipped


class ProveForm(rx.Component):
    """See prove.jsx."""

    library = shipped(__file__, "prove.jsx")
    tag = "ProveForm"
    on_done: rx.EventHandler[rx.event.no_args_event_spec]
    on_cancel: rx.EventHandler[rx.event.no_args_event_spec]


class Proof(rx.State):
    """Closes what `told` opened."""

    @requires("page.see")
    async def done(self) -> None:
        (await self.get_state(Notices)).proof = ""
        await tell(self, "Thank you", "Now do it again: for half an hour you are not asked any more.")

    @requires("page.see")
    async def close(self) -> None:
        (await self.get_state(Notices)).proof = ""


def prove_dialog() -> rx.Component:
    """Once on every page."""
    return Dialog.create(
        rx.el.p(Notices.proof, class_name="gl-dialog__body gl-muted"),
        ProveForm.create(on_done=Proof.done, on_cancel=Proof.close),
        open=Notices.proof != "",
        title="Is it you?",
        wide=False,
        on_close=Proof.close,
    )
