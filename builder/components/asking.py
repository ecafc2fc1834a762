"""A page that asks in a dialog before it does something, and tells when it is done."""

import reflex as rx

from builder.components.toast import tell
from builder.session import requires


class Asking(rx.State, mixin=True):
    """Its state; what is asked for has handlers of its own, which set `asking`."""

    asking: str = ""
    """the dialog that is open"""

    @requires("page.see")
    async def close(self) -> None:
        self.asking = ""

    async def _refresh(self) -> None:
        """Read anew what the page shows."""
        raise NotImplementedError

    async def _done(self, title: str, text: str = "") -> None:
        self.asking = ""
        await self._refresh()
        await tell(self, title, text)
