import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from builder.editor import state
from builder.editor.state import REMEMBERED, Editor
from builder.session.policy import policy_of
from runtime.errors import GreenlaneError, NotFound
from runtime.operations.drafts import Change


def change(revision: int) -> Change:
    return Change(revision, f"c1-{revision}", "c1", "Ada", 1.0, [])


def editor() -> Any:
    return Editor(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]


def test_news_are_told_with_a_few_of_the_last_so_that_none_is_lost_between_two_updates():
    open_one = editor()
    for revision in range(1, 12):
        open_one._tell([change(revision)], [])
    told = [each["revision"] for each in open_one.sync["changes"]]
    assert told == list(range(12 - REMEMBERED, 12))
    assert (open_one.sync["revision"], open_one._revision) == (11, 11)


def test_the_same_change_is_told_once():
    open_one = editor()
    open_one._tell([change(1), change(2)], [])
    open_one._tell([change(2)], [])
    assert [each["revision"] for each in open_one.sync["changes"]] == [1, 2]


def test_many_changes_at_once_are_all_told():
    open_one = editor()
    open_one._tell([change(revision) for revision in range(1, 40)], [])
    assert len(open_one.sync["changes"]) == 39


def test_a_refusal_is_told_with_both_values():
    open_one = editor()
    conflict = {"what": "setting", "step": "ask", "field": "text", "yours": "a", "theirs": "b"}
    open_one._tell([], [state._refusal("c1-1", "Ada changed the same place meanwhile.", [conflict])])
    assert open_one.sync["refused"][0]["conflicts"] == [conflict]


def test_edits_are_read_strictly_and_an_unknown_one_is_refused_with_its_place():
    assert state._read([{"edit": "remove", "id": "ask"}])[0].id == "ask"
    with pytest.raises(GreenlaneError, match="cannot be kept"):
        state._read([{"edit": "explode", "id": "ask"}])
    with pytest.raises(GreenlaneError, match="cannot be kept"):
        state._read([{"edit": "remove", "id": "ask", "more": 1}])


def test_a_batch_tells_its_browser():
    assert state._client("c1abc-17") == "c1abc"


@pytest.mark.parametrize(
    ("handler", "action"),
    [
        ("edit", "workflow.edit"),
        ("resync", "workflow.see"),
        ("stay", "workflow.see"),
        ("leave", "page.see"),
        ("watch", "workflow.see"),
        ("start", "run.start"),
        ("fill_in", "run.start"),
        ("cancel", "run.cancel"),
        ("inspect", "run.see"),
        ("follow", "run.see"),
        ("load", None),
        ("reattach", None),
    ],
)
def test_each_handler_has_its_policy(handler: str, action: str | None):
    policy = policy_of(Editor.event_handlers[handler].fn)
    assert policy is not None
    assert policy.action == action
    _ = policy.is_internal or policy.arguments


@pytest.mark.parametrize(
    ("changed", "offered"),
    [({}, True), ({"level": "see"}, False), ({"kind": "model"}, False), ({"stopped": 1.0}, False)],
)
def test_only_systems_that_this_persons_steps_may_call_are_offered(changed: dict[str, Any], offered: bool):
    row = {"kind": "http", "name": "Orders", "host": "orders.example.com:8443", "plain": False, "stopped": None}
    facts = {"level": "run", **changed}
    card: Any = SimpleNamespace(level=facts.pop("level"), connection=SimpleNamespace(**{**row, **facts}))
    assert state._callable(card) is offered
    told = {"value": "https://orders.example.com:8443/", "label": "Orders · orders.example.com:8443"}
    assert state._host(card.connection) == told


async def test_a_draft_that_is_gone_is_looked_for_once(monkeypatch: pytest.MonkeyPatch):
    class Page(SimpleNamespace):
        async def __aenter__(self):
            return self

        async def __aexit__(self, *_: object):
            return None

    async def changes_of(*_: object, **asked: object):
        looks.append(asked)
        raise NotFound("There is no such workflow.")

    looks: list[object] = []
    monkeypatch.setattr(state, "LOOK_S", 0)
    monkeypatch.setattr(state, "current_actor", lambda: None)
    monkeypatch.setattr(state, "runtime", lambda: None)
    monkeypatch.setattr(state.drafts, "changes_of", changes_of)
    page = Page(_opening=1, _name="gone", _revision=1, _watching=0, _seen=0.0)
    await asyncio.wait_for(Editor.event_handlers["watch"].fn(page), 5)
    assert len(looks) == 1  # each would be a refusal in the audit log
    assert page._watching == 1, "no sign of life starts it again"
