"""Models by alias: the rows of the alias table, turned into what the gateway takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nodes.sdk import Answer, Said, StepFailed
from runtime.engine.keys import Keys
from runtime.engine.ports import Quote
from runtime.errors import GreenlaneError
from runtime.gateway import Binding, Gateway, estimate
from runtime.local_model import LocalModels, named
from runtime.store.database import Reader
from runtime.store.models import AliasRow, list_aliases

FRESH_S = 2.0
"""how long another process may still use a binding that was changed"""
LONGEST_CHAIN = 4


class AliasModels:
    """Implements `ModelPort` over the alias table, and over the models of this machine."""

    def __init__(
        self, gateway: Gateway, reader: Reader, keys: Keys, now: Callable[[], float], local: LocalModels | None = None
    ) -> None:
        self._gateway, self._reader, self.keys, self._now = gateway, reader, keys, now
        self.local = local
        self._rows: dict[str, AliasRow] = {}
        self._read_at = -FRESH_S

    def forget(self) -> None:
        """Read the table anew at the next call."""
        self._read_at = -FRESH_S

    def quote(self, alias: str, messages: Sequence[Said], max_tokens: int | None) -> Quote:
        row = self._running(alias)
        most = estimate(messages, max_tokens, self._binding(row))
        return Quote(row.model, most.tokens, most.cost or 0.0, row.month_limit)

    async def ask(
        self,
        alias: str,
        messages: Sequence[Said],
        *,
        schema: Mapping[str, Any] | None,
        temperature: float | None,
        max_tokens: int | None,
        key: str,
        on_text: Callable[[str], None] | None,
        on_restart: Callable[[], None] | None,
    ) -> Answer:
        return await self._gateway.ask(
            self._chain(alias), messages, schema=schema, temperature=temperature, max_tokens=max_tokens, key=key,
            on_text=on_text, on_restart=on_restart,
        )  # fmt: skip

    async def close(self) -> None:
        await self._gateway.close()
        if self.local is not None:
            await asyncio.to_thread(self.local.close)

    def _row(self, alias: str) -> AliasRow:
        if self._now() - self._read_at > FRESH_S:
            self._rows = {each.name: each for each in self._reader.now(list_aliases)}
            self._read_at = self._now()
        row = self._rows.get(alias)
        if row is None:
            known = ", ".join(self._rows) or "none yet"
            raise StepFailed(
                f"No model is bound to the alias “{alias}”.",
                code="unknown_alias",
                hint=f"Choose another in the step, or bind it on the Models page. Bound: {known}.",
            )
        return row

    def _chain(self, alias: str) -> list[Binding]:
        """The alias, then its fallbacks that are not switched off; a circle ends where it closes."""
        chain: dict[str, AliasRow] = {}
        row: AliasRow | None = self._running(alias)
        while row is not None and row.name not in chain and len(chain) < LONGEST_CHAIN:
            chain[row.name] = row
            row = self._row(row.fallback) if row.fallback is not None else None
        return [self._binding(each) for each in chain.values() if each.stopped is None]

    def _running(self, alias: str) -> AliasRow:
        """An alias that is not switched off. Raises `StepFailed`."""
        row = self._row(alias)
        if row.stopped is not None:
            raise StepFailed(
                f"The model “{alias}” has been switched off by IT.",
                code="model_stopped",
                hint="Ask IT when it will be back, or choose another model in the step.",
            )
        return row

    def _binding(self, row: AliasRow) -> Binding:
        base_url, hosting, key = row.base_url, row.hosting, self.keys.named(row.key_env) if row.key_env else ""
        if row.connection:
            connection = self.keys.behind(row)
            base_url, hosting, key = connection.base_url, connection.hosting, self.keys.of(connection)
        elif row.key_env and not key:
            raise StepFailed(
                f"The key of the model “{row.name}” is missing.",
                code="missing_key",
                hint=f"Set {row.key_env} in the environment of the server and start it again.",
            )
        bound = Binding(
            alias=row.name, model=row.model, base_url=base_url, key=key or "", price_in=row.price_in,
            price_out=row.price_out, max_tokens=row.max_tokens, hosting=hosting, clearance=row.clearance,
            timeout_s=row.timeout_s, fast=row.fast,
        )  # fmt: skip
        return self._on_this_machine(bound, name) if (name := named(row.model)) else bound

    def _on_this_machine(self, bound: Binding, name: str) -> Binding:
        """A binding to a local model: where it answers is known only now. Raises `StepFailed`."""
        if self.local is None:
            raise StepFailed("Local models are not run here.", code="model_not_here", hint="Choose another model.")
        try:
            note = self.local.reach(name)
        except GreenlaneError as error:
            raise StepFailed(error.sentence, code="model_not_here", hint=error.hint) from error
        return replace(bound, model=f"openai/{name}", base_url=note.url, key=note.key, hosting="here", small=True)
