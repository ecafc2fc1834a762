import json
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.graph.compiling import compile_document
from runtime.graph.explaining import explain
from runtime.graph.hashing import content_hash
from runtime.graph.plan import Plan
from runtime.graph.problems import errors
from runtime.graph.reading import read
from tests.runtime.graph.drawing import documents
from tests.runtime.graph.drawn import FINISH, START, Known, branch, compiled, drawn, join, planned, set_value

NAME = "index"
TEN_WAYS = b"""\
greenlane: 1
name: broken
words:
  steps:
    ask: {title: Ask the model}
    sort: {title: Sort}
    tell: {title: Tell}
meaning:
  steps:
    start:
      type: flow.start
      settings:
        inputs: [{name: ticket}, {name: ticket}]
    ask:
      type: ai.ask_modle
    sort:
      type: flow.branch
      settings:
        cases:
          - id: urgent
            conditions: [{left: "{{ strat.ticket }}", operator: resembles, right: urgent}]
    tell:
      type: data.join_text
      settings:
        texts: ["{{ start.tikcet }}", "{{ later.text }}", "{{ start.ticket | shout }}", "{{ variables.count }}"]
        colour: red
    later:
      type: data.join_text
      settings: {texts: ["a"]}
    lonely:
      type: data.join_text
    end:
      type: flow.finish
      settings:
        outputs: [{value: 1}]
  edges:
    - {from: start, to: ask}
    - {from: ask, to: sort}
    - {from: sort.urgent, to: tell}
    - {from: sort.else, to: end}
    - {from: tell, to: later}
    - {from: later, to: tell}
    - {from: later, to: nowhere}
    - {from: end, to: start}
    - {from: tell, to: end}
"""


def test_a_file_broken_in_many_ways_gives_all_problems_at_once():
    document, problems = read(TEN_WAYS)
    assert document, problems
    found = compile_document(document, Known())
    assert found.plan is None
    assert {(each.code, each.step, each.field) for each in found.problems} == {
        ("name_taken", "start", "inputs.1.name"),
        ("unknown_type", "ask", None),
        ("invalid_setting", "sort", "cases.0.conditions.0.operator"),
        ("unknown_reference", "sort", "cases.0.conditions.0.left"),
        ("unknown_output", "tell", "texts.0"),
        ("not_before", "tell", "texts.1"),
        ("malformed_reference", "tell", "texts.2"),
        ("unknown_variable", "tell", "texts.3"),
        ("unknown_setting", "tell", "colour"),
        ("cycle", "later", None),
        ("unknown_target", "later", None),
        ("unreachable", "lonely", None),
        ("missing", "lonely", "texts"),
        ("missing_setting", "end", "outputs.0.name"),
        ("edge_into_start", "end", None),
    }
    assert all(each.sentence.endswith(".") and not each.sentence.startswith(" ") for each in found.problems)
    assert json.dumps([each.as_dict() for each in found.problems])
    assert "It cannot run yet" in explain(document, Known())


def test_problems_come_in_the_order_one_reads_the_workflow():
    steps = {"start": START, "b": join("{{ x.y }}"), "a": join("{{ x.y }}"), "z": set_value("no")}
    found = compiled(steps, ["start > b", "b > a", "a > z"]).problems
    assert [each.step for each in found] == [None, "b", "a", "z", "z"]
    assert [each.severity for each in found][-2:] == ["error", "warning"]


def test_the_plan_is_flat_and_in_order():
    steps = {
        "start": START,
        "fork": branch("x"),
        "a": join("{{ start.text }} {{ fork.result }} {{ variables.n }}"),
        "b": set_value("n"),
        "done": ("flow.finish", {"outputs": [{"name": "answer", "value": r"\{{ kept }}"}]}),
    }
    edges = ["start > fork", "fork.x > a", "fork.x > b", "fork.else > done", "a > done", "b > done"]
    variables = {"n": {"kind": "number", "start": 0}}
    plan = planned(steps, edges, variables=variables, run={"step_limit": 9})
    assert [each.id for each in plan.steps] == ["start", "fork", "a", "b", "done"]
    assert plan.index == {"start": 0, "fork": 1, "a": 2, "b": 3, "done": 4}
    assert [dict(each.exits) for each in plan.steps] == [
        {"done": (1,)},
        {"x": (2, 3), "else": (4,)},
        {"done": (4,)},
        {"done": (4,)},
        {},
    ]
    assert [each.incoming for each in plan.steps] == [0, 1, 1, 1, 3]
    assert [each.reads for each in plan.steps] == [(), (), ("start", "fork"), (), ()]
    assert [each.reads_variables for each in plan.steps] == [(), (), ("n",), ("n",), ()]
    assert [each.bind is None for each in plan.steps] == [True, True, False, True, True]
    assert all((each.ready is None) != (each.bind is None) for each in plan.steps)
    assert (plan.start, plan.finishes, plan.run.step_limit) == (0, (4,), 9)
    assert "'value': '{{ kept }}'" in str(plan.steps[4].ready and plan.steps[4].ready.model_dump())
    assert plan.hash == content_hash(drawn(steps, edges, variables=variables, run={"step_limit": 9}))
    assert plan.catalogue_digest == "known"
    assert plan.steps[0].pure
    assert (
        not planned({"start": START, "a": ("test.repeat", {"text": "a"}, 3), "done": FINISH}, ["start > a", "a > done"])
        .steps[1]
        .pure
    )


def test_a_plan_cannot_be_changed():
    plan = planned({"start": START, "done": FINISH}, ["start > done"])
    for part in (plan, plan.steps[0]):
        with pytest.raises(FrozenInstanceError):
            setattr(part, NAME, {})
    assert Plan.empty().steps == ()


def test_warnings_do_not_keep_a_workflow_from_running():
    found = compiled({"start": START}, [])
    assert {each.code for each in found.problems} == {"no_finish", "dead_end"}
    assert found.plan


@given(documents())
def test_no_document_makes_a_traceback(document):
    found = compile_document(document, Known())
    assert (found.plan is None) == bool(errors(found.problems))
    assert explain(document, Known())


@st.composite
def drawings(draw):
    """A sound document with forks and joins, every step behind the start."""
    count = draw(st.integers(2, 7))
    steps: dict[str, Any] = {"start": START}
    edges = set()
    for number in range(count):
        steps[f"s{number}"] = branch("x") if draw(st.booleans()) else join("a")
        earlier = list(steps)[:-1]
        for source in draw(st.lists(st.sampled_from(earlier), min_size=1, max_size=3)):
            exits = ["x", "else"] if steps[source][0] == "flow.branch" else ["done"]
            edges.add(f"{source}.{draw(st.sampled_from(exits))} > s{number}")
    return steps, sorted(edges), draw(st.randoms(use_true_random=False))


@given(drawings())
def test_what_is_said_to_be_sure_is_so_in_every_run(drawing):
    steps, edges, random = drawing
    last = list(steps)[-1]
    for other in list(steps)[1:-1]:
        steps[last] = join(
            f"{{{{ {other}.text }}}}" if steps[other][0] != "flow.branch" else f"{{{{ {other}.result }}}}"
        )
        found = compiled(steps, edges)
        mine = {each.code for each in found.problems if each.step == last}
        if found.plan is None:
            assert "not_before" in mine
            continue
        runs = [walk(found.plan, random) for _ in range(30)]
        skipped = any(last in done and other not in done for done in runs)
        assert not skipped or "may_be_missing" in mine


def walk(plan, random):
    """The steps that are done in one run: each takes one exit; a step runs when all ways to it are done or skipped
    and one of them is done."""
    waiting = [each.incoming for each in plan.steps]
    alive = [each.index == plan.start for each in plan.steps]
    for step in plan.steps:
        assert waiting[step.index] == 0 or step.index == plan.start
        taken = random.choice(list(step.exits)) if step.exits else ""
        for name, targets in step.exits.items():
            for target in targets:
                waiting[target] -= 1
                alive[target] |= alive[step.index] and name == taken
    return {step.id for step in plan.steps if alive[step.index]}


@pytest.mark.slow
def test_a_thousand_steps_and_references_are_compiled():
    steps: dict[str, Any] = {"start": START}
    for number in range(1000):
        before = f"s{number - 1}" if number else "start"
        steps[f"s{number}"] = join(f"{{{{ {before}.text }}}}")
    edges = [f"{'start' if not number else f's{number - 1}'} > s{number}" for number in range(1000)]
    assert len(planned(steps, edges).steps) == 1001
