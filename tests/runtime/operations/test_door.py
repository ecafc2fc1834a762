"""Every operation, found by introspection: who may not is refused, recorded once, and nothing else is written."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from sqlmodel import SQLModel

import runtime.operations
from runtime.errors import NotAllowed, NotFound, NotSignedIn
from runtime.operations import workflows
from runtime.operations.actors import ACTIONS, ROLES, Actor, permit
from runtime.operations.calendar import Rule
from runtime.operations.connecting import Connecting, Credential
from runtime.operations.deciding import Verdict
from runtime.operations.exploring import Wanted
from runtime.operations.models import Binding
from runtime.operations.runtime import Runtime
from runtime.operations.sessions import Session
from runtime.operations.submissions import Answers
from runtime.store.audit import list_audit
from tests.support.model_server import ModelServer
from tests.support.product import product as running_product
from tests.support.reviewing import somebody

STRANGER = Actor("p_1", "Mallory")
GIVEN: dict[str, Any] = {
    "decision": "none", "holders": [], "app": "none", "release": 1, "reason": "", "template": "none", "alias": "none",
    "wanted": Wanted(),
    "workflow": "none", "inputs": {}, "name": "none", "title": "", "saw": 1, "batch": "b", "client": "c", "edits": [],
    "after": 0, "run": "none", "step": "none", "label": "", "key": "none", "code": "none",
    "binding": Binding(name="fast", model="a/b", base_url="ftp://nowhere"),
    "session": Session("none", STRANGER), "session_id": "none", "person": "none", "roles": [], "groups": [],
    "group": "none", "people": [], "kind": "workflow", "holder": "none", "level": "see",
    "action": "workflow.edit", "email": "", "password": "", "text": "",
    "version": "none", "before": None, "case": "none", "expected": [], "until": 0.0, "entry": "none", "choice": "yes",
    "answers": Answers("", "", False, False), "number": 0, "verdict": Verdict("approved", "", "", ""),
    "connection": "none", "connecting": Connecting(name="x", host="x y"), "credential": Credential(),
    "policy": "none", "value": {},
    "condition": "none", "note": "", "comment": "none",
    "base": "none", "purpose": "", "data_class": "none", "file": "", "body": b"", "document": "none", "passage": "none",
    "query": "", "model": "none", "days": 0, "at_once": 0, "per_minute": -1, "schedule": "none",
    "rule": Rule(every="cron"), "zone": "Nowhere/Atall",
    "content": b"", "conversation": "none", "left": "none", "right": "none", "path": "none",
}  # fmt: skip
"""arguments that are all wrong: permission is asked before anything else is looked at"""

MODULES = [import_module(f"runtime.operations.{each.name}") for each in iter_modules(runtime.operations.__path__)]


def operations() -> list[Callable[..., Any]]:
    """The public functions that take the runtime and an actor."""
    return [
        function
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        if list(inspect.signature(function).parameters)[:2] == ["runtime", "actor"]
        and module.__name__ not in ("runtime.operations.door", "runtime.operations.starting")
    ]


async def call(operation: Callable[..., Any], product: Any, actor: Actor | None) -> None:
    wanted = inspect.signature(operation).parameters.values()
    given = {each.name: GIVEN[each.name] for each in wanted
             if each.kind is each.KEYWORD_ONLY and each.default is each.empty}  # fmt: skip
    result = operation(product, actor, **given)
    if inspect.isasyncgen(result):
        await anext(result)
    else:
        await result


def contents(product: Any) -> dict[str, int]:
    """How many rows each table has."""

    def count(tx) -> dict[str, int]:
        names = SQLModel.metadata.tables
        return {name: tx.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one() for name in names}  # noqa: S608

    return product.reader.now(count)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """One for all of them: a refusal leaves nothing behind but its row in the audit log."""
    with ModelServer() as model, running_product(tmp_path_factory.mktemp("door"), model) as running:
        yield running


def test_there_are_operations():
    assert len(operations()) > 15


@pytest.mark.parametrize("operation", operations(), ids=lambda each: each.__name__)
@pytest.mark.parametrize(("actor", "error"), [(None, NotSignedIn), (STRANGER, NotAllowed)])
async def test_who_may_not_is_refused_recorded_once_and_writes_nothing(product, operation, actor, error):
    before = contents(product)
    with pytest.raises(error):
        await call(operation, product, actor)
    after = contents(product)
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {"audit": 1}
    row = product.reader.now(list_audit)[0]
    assert (row.outcome, row.person) == ("refused", actor.id if actor else "")
    assert row.action in ACTIONS
    assert row.reason


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("via", ["browser", "key", "command"])
def test_the_table_of_actions_decides_and_gives_its_reason(action, via):
    for role in ROLES:
        verdict = permit(Actor("p", "Ada", frozenset({role}), via=via), action)
        assert verdict.allowed == (role in ACTIONS[action].roles and (via != "key" or ACTIONS[action].by_key))
        assert ACTIONS[action].words in verdict.reason
    nobody = permit(Actor("p", "Ada", via=via), action)
    assert not nobody.allowed
    assert ACTIONS[action].words in nobody.reason


@pytest.mark.parametrize("action", ACTIONS)
def test_the_key_of_an_app_reaches_what_says_so_and_nothing_else(action):
    program = Actor("app_1", "App", frozenset(ROLES), via="key", app="app_1")
    assert permit(program, action).allowed == ACTIONS[action].by_app


async def test_what_is_hidden_and_what_is_not_there_do_the_same_work(runtime, owner):
    """Who measures the time of the answer learns nothing: both wait for one row of the audit log."""
    made = await workflows.create_workflow(runtime, owner, title="Secret plans")
    eve = await somebody(runtime, "Eve", "analyst")
    for ask in (
        lambda name: workflows.open_draft(runtime, eve, name=name),
        lambda name: workflows.remove_workflow(runtime, eve, name=name),
    ):
        for name, why in ((made.name, "hidden"), ("no-such-thing", "not there")):
            before = len(runtime.reader.now(list_audit))
            with pytest.raises(NotFound):
                await ask(name)
            row, *older = runtime.reader.now(list_audit)
            assert (len(older), row.outcome, row.person, row.thing) == (before, "refused", eve.id, name)
            assert row.reason.startswith(f"{why}: There is no workflow")
