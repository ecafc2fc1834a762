"""What no browser sends: names that are no handlers, frames that are no events, tokens of somebody else's tab."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from reflex_base.constants import CompileVars
from reflex_base.registry import RegistrationContext

from builder.session.reflex_private import BaseState, registered_handlers
from tests.attack.house import CANARY, Attacker
from tests.attack.line import SENTINEL, STATE, Line
from tests.attack.sockets import Attack, judge_denial
from tests.attack.tally import changed, head, refusals, snapshot
from tests.support.raw_socket import RawSocket

HYDRATE = f"{STATE}.hydrate_and_load"
RUN_PAGE = "/runs/[run_id]"
MALFORMED: tuple[Any, ...] = (
    ["event", 7], ["event", None], ["event", "x"], ["event"], ["event", {}, {}], ["event", {"name": 7}],
    ["event", {"name": SENTINEL, "payload": []}], ["event", {"name": SENTINEL, "payload": {}, "router_data": 1}],
    ["nothing", {}], ["connect", {}], ["disconnect", {}], ["emit_update", {}], [7], [None], [], {}, "x",
)  # fmt: skip


async def attack_frames(attack: Attack) -> None:
    """All of it, as a member; the counts go into the tally."""
    cookie = attack.house.attackers[-1].cookie
    line = await Line.open(attack.origin, cookie)
    for name in _no_handlers():
        await _dropped(attack, line, f"the name {name}", ["event", {"name": name, "payload": {"value": "nothing"}}])
    for frame in MALFORMED:
        await _dropped(attack, line, f"the frame {frame}", frame)
    await line.close()
    for attacker in attack.house.attackers:
        attack.tally.cells += 1
        await _with_the_token_of_vera(attack, attacker.cookie, attacker.role)
        await _with_the_connection(attack, attacker)


def _no_handlers() -> list[str]:
    """Everything of our states and theirs that could be called by its name, and is no handler."""
    names = [f"{STATE}.nothing", "nothing", "", f"{STATE}.{'a.' * 100}"]
    for path, state in RegistrationContext.get().base_states.items():
        theirs = vars(BaseState) if state.__name__ == "State" else ()
        names += [f"{path}.{name}" for name in {*vars(state), *theirs} if callable(getattr(state, name, None))]
        names += [f"{path}.set_{name}" for name in state.base_vars]
    return sorted(set(names) - set(registered_handlers()))


async def _dropped(attack: Attack, line: Line, what: str, frame: Any) -> None:
    """Nothing said, nothing written, not even into the audit log: a stranger chooses how often."""
    attack.tally.cells += 1
    attack.tally.denials += 1
    before, row, seen = snapshot(attack.runtime), head(attack.runtime), len(line.socket.frames)
    await line.socket.send_raw(frame)
    await line.ask(SENTINEL, {"text": "still there"})
    heard = "".join(line.socket.frames[seen:])
    if changed(before, snapshot(attack.runtime)) or refusals(attack.runtime, row) or CANARY in heard:
        attack.tally.escapes.append(f"{what}: it was not dropped")


async def _with_the_connection(attack: Attack, attacker: Attacker) -> None:
    """A browser may send its first event along with the connection: it is judged as any other."""
    name = f"{STATE}.setvar"
    event = {"name": name, "payload": {"var_name": "is_hydrated", "value": True}, "router_data": {"pathname": "/"}}
    before, row = snapshot(attack.runtime), head(attack.runtime)
    socket = await RawSocket.open(attack.origin, cookie=attacker.cookie, auth={CompileVars.CONNECT_AUTH_EVENT: event})
    await socket.settle()
    await socket.close()
    said = "".join(socket.frames)
    judge_denial(attack, f"{attacker.role} with the connection", name, attacker.actor.id, said, before, row)


async def _with_the_token_of_vera(attack: Attack, cookie: str, who: str) -> None:
    """Her tab shows her run. Whoever sends her client token, as she sends it or as the server keeps it, while she is
    there or after, gets a state of their own; and an event that names it changes nothing of hers."""
    token = f"tab-{token_hex(6)}"
    hers = await Line.open(attack.origin, attack.house.vera, token)
    shown = await hers.arrive(RUN_PAGE, {"run_id": attack.house.foreign["run"]})
    assert CANARY in shown, f"Vera does not see her own run, so this would prove nothing: {shown[:500]}"
    kept = await _rewritten(hers)
    for stolen in (token, kept):
        await _hears_nothing(attack, cookie, who, stolen)
        mark = token_hex(8)
        theirs = await RawSocket.open(attack.origin, cookie=cookie)
        event = {"name": SENTINEL, "payload": {"text": mark}, "router_data": {"token": stolen}, "token": stolen}
        await theirs.send_raw(["event", event])
        await theirs.settle()
        await theirs.close()
        if mark in await hers.ask(HYDRATE, {}):
            attack.tally.escapes.append(f"{who}: an event of theirs reached the state of Vera's tab")
    await hers.close()
    for stolen in (token, kept):
        await _hears_nothing(attack, cookie, who, stolen)


async def _rewritten(line: Line) -> str:
    said = await line.ask(HYDRATE, {})
    return said.partition('"client_token":"')[2].partition('"')[0]


async def _hears_nothing(attack: Attack, cookie: str, who: str, token: str) -> None:
    assert token, "the server tells a browser its token"
    theirs = await Line.open(attack.origin, cookie, token)
    if CANARY in await theirs.ask(HYDRATE, {}, steps=2) + await theirs.ask(SENTINEL, {"text": "x"}):
        attack.tally.escapes.append(f"{who}: with the client token of Vera's tab came what it shows")
    await theirs.close()
