"""Groups: people who get rights together, such as a department."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from runtime.errors import BadInput, Conflict, NotFound
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do
from runtime.operations.people import roles_in
from runtime.operations.runtime import Runtime
from runtime.store import groups as rows
from runtime.store.ids import new_id
from runtime.store.people import known_people
from runtime.store.rights import alone_owned
from runtime.store.transaction import Tx

LONGEST_NAME = 80
LONGEST_DESCRIPTION = 300


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group in a list."""

    id: str
    name: str
    description: str
    members: tuple[str, ...]
    """ids of people"""


async def list_groups(runtime: Runtime, actor: Actor | None) -> list[GroupCard]:
    """All groups, by name."""
    await allowed(runtime, actor, "person.list")
    found = await runtime.reader.ask(rows.list_groups)
    return [GroupCard(row.id, row.name, row.description, tuple(sorted(roles_in(row.members)))) for row in found]


async def create_group(runtime: Runtime, actor: Actor | None, *, name: str, description: str = "") -> str:
    """A new, empty group; its id. Raises `Conflict` when the name is taken."""
    await allowed(runtime, actor, "group.create")
    named, group, now = _named(name), new_id("group"), runtime.clock.now()

    def work(tx: Tx) -> None:
        _free(tx, named, "")
        rows.insert_group(tx, group, named, description.strip()[:LONGEST_DESCRIPTION], now)

    await do(runtime, actor, "group.create", group, work)
    return group


async def rename_group(runtime: Runtime, actor: Actor | None, *, group: str, name: str, description: str = "") -> None:
    """Another name and description; the rights stay. Raises `NotFound`, `Conflict`."""
    await allowed(runtime, actor, "group.change", group)
    named = _named(name)

    def work(tx: Tx) -> None:
        _there(tx, group)
        _free(tx, named, group)
        rows.rename_group(tx, group, named, description.strip()[:LONGEST_DESCRIPTION])

    await do(runtime, actor, "group.change", group, work)


async def set_members(runtime: Runtime, actor: Actor | None, *, group: str, people: Sequence[str]) -> None:
    """Exactly these people from now on; who leaves loses what the group gave them at once."""
    await allowed(runtime, actor, "group.change", group)

    def work(tx: Tx) -> str:
        _there(tx, group)
        before = next(roles_in(row.members) for row in rows.list_groups(tx) if row.id == group)
        new = set(people) - before
        if len(known_people(tx, new)) < len(new):
            raise NotFound("Somebody of these is not here any more.", hint="Open the list again.")
        rows.set_members(tx, group, people)
        return f"added: {_listed(new)}; removed: {_listed(before - set(people))}"

    await do(runtime, actor, "group.change", group, work, said=str)


async def remove_group(runtime: Runtime, actor: Actor | None, *, group: str) -> None:
    """The group goes, and every right it held; the people stay. Raises `Conflict` where nobody else owns something."""

    def work(tx: Tx) -> None:
        _there(tx, group)
        if alone := alone_owned(tx, group):
            more = f" and {len(alone) - 1} more" if len(alone) > 1 else ""
            raise Conflict(
                f"Only this group owns “{alone[0]}”{more}.", hint="Somebody of the group makes another owner first."
            )
        rows.remove_group(tx, group)

    await do(runtime, actor, "group.remove", group, work)


def _listed(people: Set[str]) -> str:
    return ", ".join(sorted(people)) or "nobody"


def _named(name: str) -> str:
    named = " ".join(name.split())
    if not named or len(named) > LONGEST_NAME:
        raise BadInput(f"A group needs a name of 1 to {LONGEST_NAME} characters.", hint="Such as a department.")
    return named


def _there(tx: Tx, group: str) -> None:
    if rows.find_group(tx, group) is None:
        raise NotFound("There is no such group.", hint="Open the list of groups again.")


def _free(tx: Tx, name: str, but: str) -> None:
    if rows.group_named(tx, name) not in (None, but):
        raise Conflict(f"There is a group “{name}” already.", hint="Choose another name.")
