"""Every event handler × every role, over a raw socket: denied ones leave one row in the audit log and nothing else;
allowed ones, handed somebody else's things, answer as they answer for things that are not there."""

from __future__ import annotations

import json
from secrets import token_hex
from typing import Any

from builder.session.builtins import OPEN
from builder.session.reflex_private import registered_handlers
from builder.session.surface import policy_for
from runtime.operations.actors import permit
from runtime.operations.sessions import session_of
from runtime.store.people import revoke_session
from tests.attack.house import CANARY, Attacker, House, fresh_cookie
from tests.attack.payloads import choices, payload, takes_text
from tests.attack.tally import Tally, changed, harmed, head, plain, refusals, snapshot
from tests.support.raw_socket import RawSocket, Refused

SENTINEL = "reflex___state____state.builder___screens___workflows____workflows.search"
"""a handler that echoes what it is sent, so that all before it are known to be done"""

MEANT = {
    ("auditor", "run"): "an auditor reads every run",
    ("owner", "run"): "a platform owner stops any run",
}
"""(role, kind) of what may be reached though it is somebody else's, and why"""


BY_ITSELF = {"reflex___state____state.builder___components___bell____news"}
"""states that change by themselves, whatever was asked"""


class Line:
    """One open socket and what came in since the last question."""

    def __init__(self, socket: RawSocket) -> None:
        self._socket = socket

    @classmethod
    async def open(cls, origin: str, cookie: str) -> Line:
        return cls(await RawSocket.open(origin, cookie=cookie, token=f"tab-{token_hex(6)}"))

    async def ask(self, name: str, arguments: dict[str, Any]) -> str:
        """Send an event, wait until it is done, and give everything that came."""
        mark = token_hex(8)
        seen = len(self._socket.frames)
        await self._socket.send(name, arguments)
        await self._socket.send(SENTINEL, {"text": mark})
        while not any(mark in frame for frame in self._socket.frames[seen:]):
            await self._socket._one()
        return "\n".join(frame for frame in self._socket.frames[seen:] if mark not in frame)

    async def listen(self, seconds: float) -> str:
        """What comes without a question."""
        seen = len(self._socket.frames)
        await self._socket.listen(seconds)
        return "\n".join(self._socket.frames[seen:])

    async def close(self) -> None:
        await self._socket.close()


async def attack_handlers(runtime: Any, origin: str, house: House, tally: Tally, names: list[str]) -> None:
    """All of it; the counts go into the tally."""
    tally.handlers = len(names)
    await _as_nobody(runtime, origin, house, tally, names)
    for attacker in house.attackers:
        line = await Line.open(origin, attacker.cookie)
        for name in names:
            policy = None if name in OPEN else policy_for(name)
            tally.cells += 1
            if name in OPEN:
                await _open_to_all(line, name, attacker, tally)
            elif policy is None or policy.is_internal or not permit(attacker.actor, policy.action or "").allowed:
                await _denied(runtime, line, name, policy, attacker, tally)
            else:
                await _allowed(runtime, line, name, policy, attacker, house, tally)
        if CANARY in (said := await line.listen(1.0)):
            tally.escapes.append(f"{attacker.role} was told of what is Vera's: {said[:200]}")
        await line.close()


async def _as_nobody(runtime: Any, origin: str, house: House, tally: Tally, names: list[str]) -> None:
    """Without a session no socket opens; one whose session has ended is heard once, and recorded."""
    for cookie in (None, token_hex(32)):
        try:
            await (await RawSocket.open(origin, cookie=cookie)).close()
            tally.escapes.append("a socket opened without a session")
        except Refused:
            pass
    for name in names:
        tally.cells += 1
        cookie = await fresh_cookie(runtime, house.attackers[0])
        socket = await RawSocket.open(origin, cookie=cookie)
        session = await session_of(runtime, cookie)
        assert session is not None, "just signed in"
        await runtime.writer.write(lambda tx, s=session.id: revoke_session(tx, s, runtime.clock.now()))
        before, row = snapshot(runtime), head(runtime)
        policy = None if name in OPEN else policy_for(name)
        await socket.send(name, payload(policy, "nothing") if policy and not policy.is_internal else {})
        await socket.listen(5.0)  # until it is closed from the other side
        said = "\n".join(socket.frames)
        await socket.close()
        _judge_denial(runtime, f"nobody {name}", "", said, before, row, tally)


async def _open_to_all(line: Line, name: str, attacker: Attacker, tally: Tally) -> None:
    said = await line.ask(name, {})
    if CANARY in said:
        tally.escapes.append(f"{attacker.role} {name}: {said[:200]}")


async def _denied(runtime: Any, line: Line, name: str, policy: Any, attacker: Attacker, tally: Tally) -> None:
    arguments = payload(policy, "nothing") if policy and not policy.is_internal else {"value": "nothing"}
    before, row = snapshot(runtime), head(runtime)
    said = await line.ask(name, arguments)
    _judge_denial(runtime, f"{attacker.role} {name}", attacker.actor.id, said, before, row, tally)


def _judge_denial(runtime: Any, what: str, who: str, said: str, before: Any, row: int, tally: Tally) -> None:
    """One refusal by that person, nothing else written, nothing told."""
    tally.denials += 1
    rows = refusals(runtime, row)
    if [(each.outcome, each.person) for each in rows] != [("refused", who)]:
        found = [(each.outcome, each.action, each.person) for each in rows]
        tally.escapes.append(f"{what}: denied, but the audit log says {found}")
    if wrong := changed(before, snapshot(runtime)):
        tally.escapes.append(f"{what}: denied, but it changed {', '.join(wrong)}")
    if CANARY in said:
        tally.escapes.append(f"{what}: denied, but it told of what is Vera's")


async def _allowed(
    runtime: Any, line: Line, name: str, policy: Any, attacker: Attacker, house: House, tally: Tally
) -> None:
    """With each of Vera's things by each literal, and through what the page's other handlers chose before."""
    if not takes_text(policy):
        await _through_choices(runtime, line, name, policy, attacker, house, tally)
        return
    for choice in range(choices(policy)):
        for kind, word in house.foreign.items():
            await _same_answer(runtime, line, [(name, policy)], attacker, kind, word, choice, tally)


async def _through_choices(
    runtime: Any, line: Line, name: str, policy: Any, attacker: Attacker, house: House, tally: Tally
) -> None:
    """A handler without a name acts on what was chosen before: choose what is Vera's, then call it."""
    state = name.rpartition(".")[0]
    for chooser in registered_handlers():
        first = None if chooser in OPEN else policy_for(chooser)
        if chooser.rpartition(".")[0] != state or first is None or first.action != "page.see" or not takes_text(first):
            continue
        for choice in range(choices(first)):
            for kind, word in house.foreign.items():
                steps = [(chooser, first), (name, policy)]
                await _same_answer(runtime, line, steps, attacker, kind, word, choice, tally)


async def _same_answer(
    runtime: Any, line: Line, steps: list[tuple[str, Any]], attacker: Attacker, kind: str, word: str, choice: int,
    tally: Tally,
) -> None:  # fmt: skip
    """Ask for nothing twice (the first time shows what was shown before), then for Vera's."""
    if (attacker.role, kind) in MEANT:
        return
    what = f"{attacker.role} {steps[-1][0].rpartition('.')[2]} of {steps[-1][0].split('.')[-2]} with {kind}"
    answers: list[str] = []
    quiet = True
    nothing = [f"{word[:4]}{token_hex(8)}" for _ in range(2)]
    for asked in (*nothing, word):
        before = snapshot(runtime)
        said = "\n".join([await line.ask(name, payload(policy, asked, choice)) for name, policy in steps])
        after = snapshot(runtime)
        answers.append(_told(said, *nothing, word))
        quiet = quiet and not changed(before, after)
        if wrong := harmed(before, after, attacker.actor.id):
            tally.escapes.append(f"{what}: it changed {', '.join(wrong[:3])}")
        if CANARY in said.replace(word, ""):
            tally.escapes.append(f"{what}: it told of what is Vera's")
    if quiet and answers[1] != answers[2]:
        tally.escapes.append(f"{what}: nothing → {answers[1][:300]} | Vera's → {answers[2][:300]}")


def _told(said: str, *names: str) -> str:
    """What a browser would show: the toasts by their words (each comes with the last few), the rest as it is."""
    shown: list[str] = []
    for frame in said.splitlines():
        if not frame.startswith("42/_event,"):
            continue
        _, data = [*json.loads(frame.removeprefix("42/_event,")), None][:2]
        for state, values in ((data or {}).get("delta") or {}).items():
            for var, value in values.items() if state not in BY_ITSELF else ():
                last = value[-1] if var.startswith("told") and value else value
                shown.append(f"{state}.{var}={json.dumps(last, sort_keys=True)}")
    return plain("\n".join(sorted(shown)), *names)
