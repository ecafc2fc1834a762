"""The whole attack: a house full of people and things, then everything tried as everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from builder.session.reflex_private import registered_handlers
from tests.attack.canaries import attack_canaries
from tests.attack.forging import attack_apps, attack_decisions
from tests.attack.frames import attack_frames
from tests.attack.house import build
from tests.attack.routes import all_routes, attack_routes
from tests.attack.sockets import Attack, attack_handlers, attack_pages
from tests.attack.tally import Tally

T = TypeVar("T")

ONCE = {
    "once:pages": attack_pages,
    "once:frames": attack_frames, "once:decisions": attack_decisions, "once:apps": attack_apps,
    "once:canaries": attack_canaries,
}  # fmt: skip
"""what is neither of one handler nor of one route; it is shared out as they are"""


@dataclass(frozen=True)
class Share:
    """What of the attack one process does."""

    part: int = 0
    parts: int = 1
    every: int = 1
    only: str = ""

    def of(self, names: list[T]) -> list[T]:
        chosen = [name for name in names if self.only in str(name)][:: self.every]
        return chosen[self.part :: self.parts]


async def play(runtime: Any, origin: str, share: Share) -> Tally:
    """Attack, as far as the share goes."""
    attack = Attack(runtime, origin, await build(runtime), Tally())
    await attack_handlers(attack, share.of(sorted(registered_handlers())))
    await attack_routes(attack, share.of(all_routes()))
    for name in [each for each in ONCE if share.only in ("", each)][share.part :: share.parts]:
        await ONCE[name](attack)
    return attack.tally
