"""Wires everything once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from nodes.catalogue import Catalogue, load
from runtime.clock import Clock
from runtime.engine.dispatch import Answer, Bell, DbosBell, Silent, address_of
from runtime.engine.engine import Engine
from runtime.engine.files import KeptFiles
from runtime.engine.indexing import plan_or_own
from runtime.engine.keys import Keys
from runtime.engine.knowledge import BaseKnowledge
from runtime.engine.models import AliasModels
from runtime.engine.outside import ConnectedHosts
from runtime.engine.plans import Plans
from runtime.engine.ports import Reach, Tools, unharmed
from runtime.engine.process import LeasedProcess, LockedProcess
from runtime.engine.sandbox import CagedCode
from runtime.engine.sweeping import Hands
from runtime.files.bodies import BodyFolder
from runtime.gateway import Gateway
from runtime.governance.policies import ISOLATION
from runtime.local_model import LocalModels
from runtime.operations.chores import chores_of
from runtime.operations.runtime import Runtime
from runtime.settings import Settings
from runtime.store.database import Reader, create_tables, open_engine
from runtime.store.due import attempt_waiting
from runtime.store.models import AliasRow, bind_alias, list_aliases
from runtime.store.policies import read_policy
from runtime.store.secrets import vault_key
from runtime.store.sole import Sole
from runtime.store.writer import Writer
from runtime.vault import Vault

SWITCH_S = 0.001
"""how often Python's threads take turns: the writer must not wait 5 ms for a loop that computes"""

DEMO_ALIASES = {
    "fast": "Quick answers for everyday steps.",
    "careful": "Slower and more thorough.",
    "private": "For data that must stay in the company.",
}


def assemble(
    settings: Settings,
    *,
    clock: Clock | None = None,
    reach: Reach = unharmed,
    secret: Callable[[str], str | None] = os.environ.get,
    sweeps: bool = True,
    aliases: Sequence[AliasRow] = (),
    catalogue: Catalogue | None = None,
) -> Runtime:
    """A running product over the data folder of `settings`. Without `sweeps` it takes over no run: for commands that
    share the folder with a server for a moment."""
    sys.setswitchinterval(SWITCH_S)
    clock = clock or Clock()
    database = open_engine(settings.store)
    create_tables(database)
    vault = Vault(settings.data, settings.vault_key, settings.vault_key_next)
    reader, writer = Reader(database), Writer(database, reach)
    if used := reader.now(vault_key):
        vault.settle(used)
    elif not vault.by_environment:
        vault.make()
    writer.start()
    catalogue = catalogue or load()
    plans = Plans(catalogue, reader)
    keys = Keys(reader, secret, vault)

    def reduced() -> bool:
        return reader.now(lambda tx: read_policy(tx, ISOLATION)).reduced

    models = AliasModels(Gateway(), reader, keys, clock.now, LocalModels.of(settings, reduced))
    hosts = ConnectedHosts(reader, keys, clock.now)
    knowledge = BaseKnowledge(settings.data / "chroma", reader, writer, Sole(database))
    sandbox = CagedCode(reduced)
    most = settings.largest_file_mb * 1_000_000, settings.person_files_mb * 1_000_000
    files = KeptFiles(BodyFolder(settings.files), reader, writer, clock.now, *most)
    tools = Tools(writer, clock, models, hosts, knowledge, sandbox, files, reader, reach)
    process = (
        LeasedProcess(reader, visits=not sweeps)
        if settings.database_url
        else LockedProcess(settings.data / "processes")
    )
    hands = Hands(settings.slots if settings.executes else 0)

    def bell(answer: Answer) -> Bell:
        if not sweeps:
            return Silent()
        url = address_of(settings.data, settings.database_url)
        return DbosBell(url, process.id, settings.slots, answer, attempt_of, process.is_gone, reach)

    def attempt_of(run: str) -> int | None:
        return reader.now(lambda tx: attempt_waiting(tx, run))

    engine = Engine(tools, reader, process, plan_or_own(plans.plan_to_go_on), hands, bell)
    wanted = aliases or (_demo_aliases(settings, clock) if settings.demo_model else [])
    bound = {each.name: each for each in reader.now(list_aliases)}
    # where nobody bound anything yet; and the demo's own, whose port may have changed since
    stale = [each for each in wanted if not bound or (each.name in bound and bound[each.name].demo)]
    if stale:
        writer.offer(lambda tx: [bind_alias(tx, each) for each in stale]).result(30)
    runtime = Runtime(
        settings, clock, catalogue, reader, writer, plans, models, hosts, knowledge, sandbox, files, engine, vault, keys
    )
    engine.start(sweeps, chores_of(runtime))
    return runtime


def copy_aliases(settings: Settings) -> list[AliasRow]:
    """The model aliases of a data folder; none where there is no database yet."""
    if not settings.database_url and not settings.database.exists():
        return []
    database = open_engine(settings.store)
    create_tables(database)
    return Reader(database).now(list_aliases)


def keys_of(settings: Settings, secret: Callable[[str], str | None] = os.environ.get) -> Keys:
    """The credentials of a data folder, for what runs beside it in a folder of its own."""
    vault = Vault(settings.data, settings.vault_key, settings.vault_key_next)
    return Keys(Reader(open_engine(settings.store)), secret, vault)


def _demo_aliases(settings: Settings, clock: Clock) -> list[AliasRow]:
    """The usual aliases, bound to the scripted demo model."""
    return [
        AliasRow(
            name=name, description=words, model="openai/demo-scripted", key_env="", fast=True, fallback=None,
            base_url=f"http://127.0.0.1:{settings.demo_port}/v1", price_in=0.0, price_out=0.0, max_tokens=2048,
            timeout_s=60.0, month_limit=None, hosting="here", clearance="restricted", demo=True,
            updated=clock.now(),
        )
        for name, words in DEMO_ALIASES.items()
    ]  # fmt: skip
