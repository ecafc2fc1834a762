"""Who attacks, and what belongs to somebody else: every kind of thing, with words nobody else may read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import SQLModel

from runtime.graph.reading import read
from runtime.operations import files, invitations, keys, people, runs, sessions, workflows
from runtime.operations.actors import ROLES, Actor
from runtime.operations.runtime import Runtime
from runtime.store import tables
from runtime.store.files import use_file
from runtime.store.rights import give_right
from tests.attack.tally import count_writes
from tests.support.publishing import person

CANARY = "Canary of Vera!"
"""stands in everything that is hers to read, and in no name or id"""
NUMBER = "4718293"
"""of each of her things that has one"""
PASSWORD = "four small grey stones"

SOURCE = f"""greenlane: 1
name: vera
meaning:
  steps:
    start: {{type: flow.start}}
    finish: {{type: flow.finish, settings: {{outputs: [{{name: answer, value: "{CANARY}"}}]}}}}
  edges:
    - {{from: start, to: finish}}
""".encode()

PLANTED = (
    tables.Group, tables.KnowledgeBase, tables.Document, tables.Passage, tables.Version, tables.TestCase,
    tables.Submission, tables.Comment, tables.Decision, tables.Condition, tables.App, tables.Release, tables.Template,
    tables.Wait, tables.Notification, tables.Conversation,
)  # fmt: skip
"""rows put in as they are, in the order their references need"""
KINDS: dict[str, type] = {
    "VARCHAR": str, "TEXT": str, "INTEGER": int, "FLOAT": float, "BOOLEAN": bool, "BLOB": bytes,
}  # fmt: skip
SHARED = {"knowledge_base", "app", "template"}
"""those on which rights are held; all of them are Vera's"""


@dataclass(frozen=True)
class Attacker:
    """Somebody with one role and nothing of their own."""

    role: str
    actor: Actor
    cookie: str
    key: str


@dataclass
class House:
    """The attackers, and the names of what is not theirs."""

    attackers: list[Attacker] = field(default_factory=list)
    foreign: dict[str, str] = field(default_factory=dict)
    """by kind, such as `run`; an id or a name"""
    vera: str = ""
    """the cookie of her session"""
    app_key: str = ""
    """a key of another app than hers"""
    revoked_key: str = ""
    it: Actor | None = None
    """the reviewer in whose name what is run here was decided"""


async def build(runtime: Runtime) -> House:
    """Vera, an analyst, with one of everything; then one attacker for each role, and programs with keys."""
    await runtime.writer.write(count_writes)
    owner = await people.local_owner(runtime)
    vera, cookie = await _come_in(runtime, owner, "vera", "analyst")
    house = House(vera=cookie, it=await person(runtime, "p_it", "reviewer"))
    document, _ = read(SOURCE)
    draft = await workflows.create_workflow(runtime, vera, title=CANARY, document=document)
    ended = await runs.run_to_end(runtime, vera, workflow=draft.name, inputs={})
    key = await keys.create_key(runtime, vera, label=CANARY)
    workflow = await runtime.reader.ask(lambda tx: workflows.workflow_id(tx, draft.name))
    house.foreign = {"workflow": draft.name, "workflow id": workflow, "run": ended.run, "key": key.id}
    brought = await files.bring_file(runtime, vera, name=f"{CANARY}.txt", body=_bytes_of(CANARY))
    await runtime.writer.write(lambda tx: use_file(tx, ended.run, brought.id, runtime.clock.now()))
    house.foreign["file"] = brought.id
    house.foreign["session"] = (await sessions.list_sessions(runtime, vera))[0].id
    house.foreign |= await runtime.writer.write(lambda tx: _plant_all(tx, workflow, ended.run, vera.id, owner.id))
    for role in ROLES:
        actor, cookie = await _come_in(runtime, owner, role, role)
        made = await keys.create_key(runtime, actor, label="mine")
        house.attackers.append(Attacker(role, actor, cookie, made.text))
    proved = replace(owner, proved=runtime.clock.now())
    house.app_key = (await keys.create_key(runtime, proved, label="of another app", app="another")).text
    gone = await keys.create_key(runtime, proved, label="revoked")
    await keys.revoke_key(runtime, proved, key=gone.id)
    house.revoked_key = gone.text
    return house


async def _bytes_of(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


async def cookie_of(runtime: Runtime, person: Actor) -> str:
    """Another session of a person, who has just shown who they are."""
    now = runtime.clock.now()
    new = await runtime.writer.write(lambda tx: sessions.begin_session(tx, person.id, sessions.NOWHERE, now))
    return new.token


async def _come_in(runtime: Runtime, owner: Actor, name: str, role: str) -> tuple[Actor, str]:
    link = await invitations.invite_person(
        runtime, owner, name=name, email=f"{name}@example.com", roles=[role], groups=[]
    )
    session = await invitations.accept(runtime, link.code, name=name, password=PASSWORD)
    found = await sessions.session_of(runtime, session.token)
    assert found is not None, "just signed in"
    return found.actor, session.token


def _plant_all(tx: Any, workflow: str, run: str, vera: str, owner: str) -> dict[str, str]:
    known = {"workflow": workflow, "run": run, "person": vera}
    names: dict[str, str] = {"person": vera, "number": NUMBER}
    for model in PLANTED:
        row = _plant(tx, model, known, "A group" if model is tables.Group else CANARY)
        table = str(model.__tablename__)
        known[table] = str(row.get("id", ""))
        name = str(row["name"] if table in SHARED else row.get("id", ""))
        if name not in ("", CANARY):  # reached by what it belongs to
            names[table] = name
        if table in SHARED:
            give_right(tx, known[table], vera, "own")
    _plant(tx, tables.App, known, "Another", name="another", id="another")
    give_right(tx, "another", owner, "own")
    return names


def _plant(tx: Any, model: type[SQLModel], known: dict[str, str], text: str = CANARY, **given: Any) -> dict[str, Any]:
    """One row whose texts are canaries and whose references lead to what is there."""
    row: dict[str, Any] = {}
    for column in model.__table__.columns:  # pyright: ignore[reportAttributeAccessIssue] - SQLModel sets it
        refers = next(iter(column.foreign_keys), None)
        kind = KINDS[str(column.type).partition("(")[0]]
        if column.name == "number":
            row["number"] = int(NUMBER)
        elif column.name in given:
            row[column.name] = given[column.name]
        elif refers is not None:
            row[column.name] = known.get(refers.column.table.name)
        elif kind is str and (column.primary_key or column.name == "id"):
            row[column.name] = f"{model.__tablename__}_of_vera"
        elif column.name in known:
            row[column.name] = known[column.name]
        elif column.nullable:
            row[column.name] = None
        elif kind is str:
            row[column.name] = f"veras-{model.__tablename__}" if column.name == "name" else text
        else:
            row[column.name] = {int: 1, float: 1.0, bool: False, bytes: text.encode()}[kind]
    marks = ", ".join("?" * len(row))
    columns = ", ".join(f'"{name}"' for name in row)
    tx.exec_driver_sql(f'INSERT INTO "{model.__tablename__}" ({columns}) VALUES ({marks})', tuple(row.values()))  # noqa: S608
    return row
