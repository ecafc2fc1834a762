"""From a step on: what lies before it, what has changed, what runs anew, where a run did not come."""

from typing import Any

import pytest

from runtime.graph.document import Meaning
from runtime.graph.rerunning import anew, before, changed, not_reached

STEPS = {name: {"type": "data.join_text", "inside": "all" if name in ("one", "two") else ""} for name in
         ("start", "left", "right", "join", "all", "one", "two", "beside", "end")}  # fmt: skip
EDGES = ("start > left", "start.no > right", "left > join", "right > join", "join > all", "one > two", "all > end",
         "start > beside")  # fmt: skip


def meaning(edges: tuple[str, ...] = EDGES, **settings: Any) -> Meaning:
    steps = {name: each | ({"settings": settings[name]} if name in settings else {}) for name, each in STEPS.items()}
    arrows = [each.split(" > ") for each in edges]
    return Meaning.model_validate({"steps": steps, "edges": [{"from": a, "to": b} for a, b in arrows]})


def test_before_a_step_lies_all_that_leads_to_it_and_to_what_it_lies_in():
    assert before(meaning(), "two") == ["start", "left", "right", "join", "all", "one"]
    assert set(before(meaning(), "end")) == {"start", "left", "right", "join", "all", "one", "two"}
    assert before(meaning(), "start") == []


def test_behind_a_step_everything_runs_anew_and_a_container_around_it_partly():
    found = anew(meaning(), ["two"])
    assert (found.whole, found.partly) == ({"two", "end"}, {"all"})
    gives = {each for each in STEPS if found.gives(meaning(), each)}
    assert gives == {"start", "left", "right", "join", "beside", "one"}


def test_inside_a_container_that_is_given_nothing_is_given_again():
    found = anew(meaning(), ["end"])
    assert (found.gives(meaning(), "all"), found.gives(meaning(), "one")) == (True, False)


def test_a_container_runs_anew_with_all_in_it():
    assert anew(meaning(), ["join"]).whole == {"join", "all", "one", "two", "end"}


@pytest.mark.parametrize(
    ("new", "differ"),
    [
        (meaning(), set()),
        (meaning(left={"x": 1}), {"left"}),
        (meaning(EDGES[:-1]), {"beside"}),
        (meaning((*EDGES, "beside > end")), {"end"}),
    ],
)
def test_a_step_has_changed_with_its_settings_and_with_what_leads_to_it(new, differ):
    assert changed(meaning(), new, {}) == differ


def test_who_reads_a_variable_changes_with_its_start():
    old = meaning().model_copy(
        update={"variables": Meaning.model_validate({"variables": {"n": {"start": 1}}}).variables}
    )
    assert changed(old, meaning(), {"right": ["n"], "left": ["m"]}) == {"right"}


@pytest.mark.parametrize(
    ("step", "exits", "why"),
    [
        ("left", {"start": "done"}, None),
        ("right", {"start": "done"}, ("skipped", "right")),
        ("join", {"start": "done", "left": "done"}, None),
        ("join", {"start": "done"}, ("open", "left")),
        ("end", {"start": "no", "right": "done", "join": "done"}, ("open", "all")),
        ("start", {}, None),
    ],
)
def test_where_a_run_did_not_come_is_told(step, exits, why):
    assert not_reached(meaning(), step, exits) == why
