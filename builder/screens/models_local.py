"""The part of the models screen that shows the models of this machine. How it looks is in `models_local_view`."""

import sys
from pathlib import Path
from typing import TypedDict

import reflex as rx

from builder.components.asking import Asking
from builder.components.toast import told
from builder.session import current_actor, requires
from builder.wiring import runtime
from runtime.operations import local_models, models
from runtime.operations.local_models import LocalCard


class LocalRow(TypedDict):
    """A model of this machine in the table. Where its file lies is not told."""

    name: str
    size: str
    demo: bool
    state: str
    memory: str
    error: str
    aliases: str


class LocalModelsPart(Asking, mixin=True):
    """What the screen knows of them; a mixin of its state."""

    engine: bool = False
    command: str = ""
    local: rx.Field[list[LocalRow]] = rx.field(default_factory=list)
    chosen_local: str = ""
    """the model an alias is being bound to"""

    async def _refresh_local(self) -> None:
        card = await local_models.local_models(runtime(), current_actor())
        self.engine, self.local = card.engine, local_rows(card)
        self.command = f"{Path(sys.prefix).name}/bin/{card.command}"

    @requires("model.see")
    async def look_again(self) -> None:
        """They start and rest by themselves, and are installed beside the pages."""
        await self._refresh_local()

    @requires("page.see")
    async def ask_local(self, model: str) -> None:
        self.chosen_local, self.asking = model, "local"

    @requires("model.bind")
    async def bind_local(self, form: dict[str, str]) -> None:
        """Let an alias stand for the chosen model."""
        alias = form.get("local_alias", "").strip()
        async with told(self):
            await models.bind_local(runtime(), current_actor(), alias=alias, model=self.chosen_local)
            await self._done(f"“{alias}” is bound", f"Steps that name it use {self.chosen_local} from now on.")


def local_rows(card: LocalCard) -> list[LocalRow]:
    """The table."""
    return [
        LocalRow(
            name=each.model.name,
            size=f"{each.model.size / 1e6:,.0f} MB" if each.model.size >= 1e6 else "under 1 MB",
            demo=each.model.demo,
            state=each.state,
            memory=f"{each.memory_mb:,} MB" if each.memory_mb else "none",
            error=each.last_error,
            aliases=", ".join(card.aliases.get(each.model.name, ())) or "none yet",
        )
        for each in card.models
    ]
