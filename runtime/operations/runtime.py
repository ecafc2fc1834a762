"""What every operation is given: the parts of a running product, wired once by `assembly`."""

from __future__ import annotations

from dataclasses import dataclass

from nodes.catalogue import Catalogue
from runtime.clock import Clock
from runtime.engine.engine import GRACE_S, Engine
from runtime.engine.files import KeptFiles
from runtime.engine.keys import Keys
from runtime.engine.knowledge import BaseKnowledge
from runtime.engine.models import AliasModels
from runtime.engine.outside import ConnectedHosts
from runtime.engine.plans import Plans
from runtime.engine.sandbox import CagedCode
from runtime.settings import Settings
from runtime.store.database import Reader
from runtime.store.writer import Writer
from runtime.vault import Vault


@dataclass(frozen=True, slots=True)
class Runtime:
    """The parts. Operations take it first, the actor second."""

    settings: Settings
    clock: Clock
    catalogue: Catalogue
    reader: Reader
    writer: Writer
    plans: Plans
    models: AliasModels
    hosts: ConnectedHosts
    knowledge: BaseKnowledge
    sandbox: CagedCode
    files: KeptFiles
    engine: Engine
    vault: Vault
    keys: Keys

    def close(self, grace_s: float = GRACE_S) -> None:
        """Let runs finish for a while, then stop everything."""
        self.engine.close(grace_s)
        self.sandbox.close()
        self.knowledge.close()
        self.writer.close()
        self.engine.process.leave()
