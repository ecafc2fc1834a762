"""The whole attack: a house full of people and things, then everything tried as everybody."""

from __future__ import annotations

from typing import Any

from builder.session.reflex_private import registered_handlers
from tests.attack.house import build
from tests.attack.routes import all_routes, attack_routes
from tests.attack.sockets import attack_handlers
from tests.attack.tally import Tally


async def play(runtime: Any, origin: str, every: int = 1, only: str = "") -> Tally:
    """Attack; `every` and `only` take fewer handlers and routes."""
    tally, house = Tally(), await build(runtime)
    names = sorted(name for name in registered_handlers() if only in name)[::every]
    routes = [each for each in all_routes() if only in " ".join(each)][::every]
    await attack_handlers(runtime, origin, house, tally, names)
    await attack_routes(runtime, origin, house, tally, routes)
    return tally
