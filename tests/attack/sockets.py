"""Every event handler × every role, over a raw socket: denied ones leave one row in the audit log and nothing else;
allowed ones, handed somebody else's things, answer as they answer for things that are not there."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import randbelow, token_hex
from typing import Any

from builder.session.builtins import OPEN
from builder.session.policy import Policy
from builder.session.reflex_private import registered_handlers
from builder.session.surface import policy_for
from runtime.operations.actors import permit
from runtime.operations.sessions import session_of
from runtime.store.people import revoke_session
from tests.attack.house import CANARY, Attacker, House, cookie_of
from tests.attack.line import STATE, Line
from tests.attack.pages import Page, all_pages, pages_of
from tests.attack.payloads import choices, misfits, payload, takes_text
from tests.attack.tally import Tally, changed, difference, harmed, head, refusals, snapshot, take_back
from tests.support.raw_socket import RawSocket, Refused

_EVERY_APP = "IT looks after every app"
_EVERY_SUBMISSION = "who reviews or audits reads every submission"
_PEOPLE = "who looks after people knows them"
MEANT = {
    ("auditor", "run"): "an auditor reads every run",
    ("auditor", "file"): "and its files",
    ("owner", "run"): "a platform owner stops any run",
    **{(role, "app"): _EVERY_APP for role in ("owner", "reviewer")},
    **{(role, "person"): _PEOPLE for role in ("owner", "reviewer")},
    **{(role, kind): _EVERY_SUBMISSION for role in ("reviewer", "auditor") for kind in ("number", "submission")},
}
"""(role, kind) of what may be reached though it is somebody else's, and why"""


@dataclass(frozen=True)
class Attack:
    """What all attempts share."""

    runtime: Any
    origin: str
    house: House
    tally: Tally


async def attack_handlers(attack: Attack, names: list[str]) -> None:
    """All of it; the counts go into the tally."""
    attack.tally.handlers = len(names)
    await _as_nobody(attack, names)
    for attacker in attack.house.attackers:
        line = await Line.open(attack.origin, attacker.cookie)
        for name in names:
            policy = None if name in OPEN else policy_for(name)
            attack.tally.cells += 1
            if name in OPEN:
                await _open_to_all(line, name, attacker, attack.tally)
            elif policy is None or policy.is_internal or not permit(attacker.actor, policy.action or "").allowed:
                arguments = payload(policy, "nothing") if policy and not policy.is_internal else {"value": "nothing"}
                await denied(attack, line, name, arguments, attacker)
            else:
                await _allowed(attack, line, name, policy, attacker)
        if CANARY in (said := await line.listen(1.0)):
            attack.tally.escapes.append(f"{attacker.role} was told of what is Vera's: {said[:200]}")
        await line.close()


async def attack_pages(attack: Attack) -> None:
    """Every page whose address names a thing, as everybody: what is Vera's looks as what is not there."""
    for attacker in attack.house.attackers:
        line = await Line.open(attack.origin, attacker.cookie)
        for page in all_pages():
            attack.tally.cells += 1
            there = {kind: attack.house.foreign[kind] for kind in page.kinds}
            await _same_answers(attack, line, attacker, [], there, page)
        await line.close()


async def _as_nobody(attack: Attack, names: list[str]) -> None:
    """Without a session no socket opens; one whose session has ended is heard once, and recorded."""
    runtime, tally = attack.runtime, attack.tally
    for cookie in (None, token_hex(32)):
        try:
            await (await RawSocket.open(attack.origin, cookie=cookie)).close()
            tally.escapes.append("a socket opened without a session")
        except Refused:
            pass
    for name in names:
        tally.cells += 1
        cookie = await cookie_of(runtime, attack.house.attackers[0].actor)
        socket = await RawSocket.open(attack.origin, cookie=cookie)
        session = await session_of(runtime, cookie)
        assert session is not None, "just signed in"
        await runtime.writer.write(lambda tx, s=session.id: revoke_session(tx, s, runtime.clock.now()))
        before, row = snapshot(runtime), head(runtime)
        policy = None if name in OPEN else policy_for(name)
        await socket.send(name, payload(policy, "nothing") if policy and not policy.is_internal else {})
        await socket.until_closed(5.0)
        said = "\n".join(socket.frames)
        await socket.close()
        judge_denial(attack, f"nobody {name}", name, "", said, before, row)


async def _open_to_all(line: Line, name: str, attacker: Attacker, tally: Tally) -> None:
    said = await line.ask(name, {})
    if CANARY in said:
        tally.escapes.append(f"{attacker.role} {name}: {said[:200]}")


async def denied(attack: Attack, line: Line, name: str, arguments: dict[str, Any], attacker: Attacker) -> None:
    """Ask for what is refused."""
    before, row = snapshot(attack.runtime), head(attack.runtime)
    said = await line.ask(name, arguments)
    judge_denial(attack, f"{attacker.role} {_short(name)} {arguments}", name, attacker.actor.id, said, before, row)


def judge_denial(attack: Attack, what: str, name: str, who: str, said: str, before: Any, row: int) -> None:
    """One refusal of this very handler by that person, nothing else written, nothing told."""
    attack.tally.denials += 1
    rows = refusals(attack.runtime, row)
    if [(each.outcome, each.person) for each in rows if each.thing == name] != [("refused", who)]:
        found = [(each.outcome, each.action, each.person) for each in rows]
        attack.tally.escapes.append(f"{what}: denied, but the audit log says {found}")
    if wrong := changed(before, snapshot(attack.runtime)):
        attack.tally.escapes.append(f"{what}: denied, but it changed {', '.join(wrong)}")
    if CANARY in said:
        attack.tally.escapes.append(f"{what}: denied, but it told of what is Vera's")


async def _allowed(attack: Attack, line: Line, name: str, policy: Policy, attacker: Attacker) -> None:
    """With arguments that do not fit, with each of Vera's things by each literal, and on what was chosen before: by
    the page's other handlers, or by the page's address."""
    line.leave()
    for arguments in misfits(policy):
        await denied(attack, line, name, arguments, attacker)
    if takes_text(policy):
        await _same_answers(attack, line, attacker, [(name, policy)], dict(attack.house.foreign))
    else:
        for chooser, first in _choosers(name):
            await _same_answers(attack, line, attacker, [(chooser, first), (name, policy)], dict(attack.house.foreign))
    for page in pages_of(name):
        there = {kind: attack.house.foreign[kind] for kind in page.kinds}
        await _same_answers(attack, line, attacker, [(name, policy)], there, page)


def _choosers(name: str) -> list[tuple[str, Policy]]:
    """Handlers of the same page that only note which thing is meant."""
    state, found = name.rpartition(".")[0], list[tuple[str, Policy]]()
    for other in registered_handlers():
        first = None if other in OPEN or other.rpartition(".")[0] != state else policy_for(other)
        if first is not None and first.action == "page.see" and takes_text(first):
            found.append((other, first))
    return found


async def _same_answers(
    attack: Attack, line: Line, attacker: Attacker, steps: list[tuple[str, Policy]], words: dict[str, str],
    page: Page | None = None,
) -> None:  # fmt: skip
    """Ask for nothing (twice: the first time shows what was shown before), then for each of Vera's things."""
    for choice in range(max([1, *(choices(policy) for _, policy in steps)])):
        first, usual = True, ""
        for kind, word in words.items():
            if (attacker.role, kind) in MEANT:
                continue
            question = _Question(attack, line, attacker, steps, choice, page)
            if first:
                await question.ask(kind, _nothing_like(word))
                _, usual = await question.ask(kind, _nothing_like(word))
            first = False
            quiet, said = await question.ask(kind, word)
            if not quiet or said == usual:
                continue
            # what is shown may change with what went before, or each time
            _, once = await question.ask(kind, _nothing_like(word))
            quiet, said = await question.ask(kind, word)
            _, again = await question.ask(kind, _nothing_like(word))
            if quiet and (found := difference(once, said, again)):
                attack.tally.escapes.append(f"{question.what} with {kind}: {found}")


@dataclass(frozen=True)
class _Question:
    """One attempt, for any word."""

    attack: Attack
    line: Line
    attacker: Attacker
    steps: list[tuple[str, Policy]]
    choice: int
    page: Page | None

    @property
    def what(self) -> str:
        on = f" on {self.page.route}" if self.page else ""
        return f"{self.attacker.role} {_short(self.steps[-1][0]) if self.steps else 'looks'}{on}"

    async def ask(self, kind: str, word: str) -> tuple[bool, str]:
        """Whether nothing was written, and what was told."""
        runtime, tally = self.attack.runtime, self.attack.tally
        before = snapshot(runtime)
        said = list[str]()
        if self.page:
            named = self.page.named(word, self.attack.house.foreign)
            said.append(await self.line.arrive(self.page.route, named))
        given = "nothing" if self.page else word  # on a page its address names the thing
        said += [await self.line.ask(name, payload(policy, given, self.choice)) for name, policy in self.steps]
        after, heard = snapshot(runtime), "\n".join(said)
        if wrong := harmed(before, after, self.attacker.actor.id):
            tally.escapes.append(f"{self.what} with {kind}: it changed {', '.join(wrong[:3])}")
        if CANARY in heard.replace(word, ""):
            tally.escapes.append(f"{self.what} with {kind}: it told of what is Vera's")
        quiet = not changed(before, after)
        if not quiet:
            await take_back(runtime, before)
        return quiet, self.line.told(heard, word)


def _nothing_like(word: str) -> str:
    """A name of the same make and length that nothing has."""
    if word.isdigit():
        return str(8_000_000 + randbelow(1_000_000))
    return word[:4] + token_hex(len(word))[: max(4, len(word) - 4)]


def _short(name: str) -> str:
    state, _, handler = name.removeprefix(f"{STATE}.").rpartition(".")
    return f"{state.rpartition('____')[2]}.{handler}"
