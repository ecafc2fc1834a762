"""Data is followed into containers and called workflows, and out of them again."""

from dataclasses import replace

from nodes.sdk import DataClass
from runtime.graph.compiling import compile_document
from runtime.graph.document import Document
from runtime.graph.flowing import Care, FlowFacts, Place, flow_of
from runtime.graph.hashing import content_hash
from tests.runtime.graph.test_flowing import Types

FACTS = FlowFacts(
    bases={"secret": Place(DataClass.CONFIDENTIAL, "Secret base")},
    hosts={"out.example": Place(DataClass.PUBLIC, "Out", outside=True)},
)
START = {"type": "flow.start", "settings": {"inputs": [
    {"name": "names", "kind": "list", "data_class": "confidential"},
    {"name": "open", "data_class": "public", "required": False}]}}  # fmt: skip


def document(steps: dict, *edges: str, **meaning) -> Document:
    arrows = [each.split(" > ") for each in edges]
    made = {"steps": steps, "edges": [{"from": here, "to": there} for here, there in arrows], **meaning}
    return Document.model_validate({"name": "d", "meaning": made})


def sends(text: str, **more) -> dict:
    return {"type": "test.through", "settings": {"text": text, "host": "out.example"}, **more}


def draws(**more) -> dict:
    return {"type": "test.through", "settings": {"base": "secret"}, **more}


def leaks(made: Document, library=lambda _: None, facts: FlowFacts = FACTS) -> set[tuple[str, str]]:
    """Step and source of everything that goes where it may not."""
    compiled = compile_document(made, Types(), library)
    flow = flow_of(made, compiled.steps, compiled.ways, facts)
    assert len(flow.problems) == len({(each.step, each.sentence) for each in flow.problems})
    return {(each.step, each.source.name) for each in flow.crossings if not each.allowed}


def test_an_entry_is_as_confidential_as_its_list():
    made = document(
        {"start": START, "each": {"type": "flow.each", "settings": {"items": "{{ start.names }}"}},
         "say": sends("{{ each.item }}", inside="each"), "number": sends("{{ start.open }}", inside="each")},
        "start > each",
    )  # fmt: skip
    assert leaks(made) == {("say", "names")}


def test_results_of_items_carry_what_was_found_inside():
    made = document(
        {"start": START, "each": {"type": "flow.each", "settings": {
            "items": ["a"], "result": "{{ deep.output }}"}},
         "deep": {"type": "flow.each", "inside": "each", "settings": {"items": ["b"], "result": "{{ find.text }}"}},
         "find": draws(inside="deep"), "say": sends("{{ each.output }}")},
        "start > each", "each > say",
    )  # fmt: skip
    assert leaks(made) == {("say", "secret")}


def test_a_variable_of_a_loop_carries_what_was_put_in_it_inside():
    change = {"changes": [{"variable": "loop.found", "operation": "set", "value": "{{ find.text }}"}]}
    made = document(
        {"start": START, "loop": {"type": "flow.repeat", "settings": {"variables": [{"name": "found"}]}},
         "find": draws(inside="loop"), "keep": {"type": "flow.set_value", "version": 2, "inside": "loop",
                                                "settings": change},
         "first": sends("{{ loop.found }}", inside="loop"), "say": sends("{{ loop.found }}")},
        "start > loop", "loop > say", "find > keep",
    )  # fmt: skip
    assert leaks(made) == {("say", "secret"), ("first", "secret")}


def test_a_variable_of_a_conversation_carries_it_to_the_next_message():
    change = {"changes": [{"variable": "conversation.found", "operation": "set", "value": "{{ find.text }}"}]}
    made = document(
        {"start": START, "say": sends("{{ conversation.found }}"), "find": draws(),
         "keep": {"type": "flow.set_value", "version": 2, "settings": change}},
        "start > say", "say > find", "find > keep", conversation={"found": {"kind": "text"}},
    )  # fmt: skip
    assert leaks(made) == {("say", "secret")}


def test_why_a_step_failed_may_hold_what_it_was_given():
    made = document(
        {"start": START, "work": {"type": "data.join_text", "settings": {"texts": ["{{ start.names }}"]},
                                  "on_failure": {"then": "exit"}},
         "say": sends("{{ work.error_message }}")},
        "start > work", "work.error > say",
    )  # fmt: skip
    assert leaks(made) == {("say", "names")}


def test_what_a_called_workflow_is_given_is_followed_through_it():
    inner = document(
        {"begin": {"type": "flow.start", "settings": {"inputs": [{"name": "text"}]}},
         "say": sends("{{ begin.text }}"), "end": {"type": "flow.finish"}},
        "begin > say", "say > end",
    )  # fmt: skip
    made = document(
        {"start": START, "call": {"type": "flow.call", "settings": {
            "workflow": {"name": "inner", "content": content_hash(inner)},
            "inputs": [{"name": "text", "value": "{{ start.names }}"}]}}},
        "start > call",
    )  # fmt: skip
    assert leaks(made, lambda _: inner) == {("call", "names")}
    compiled = compile_document(made, Types(), lambda _: inner)
    (problem,) = flow_of(made, compiled.steps, compiled.ways, FACTS).problems
    assert problem.sentence.startswith("In “call”: Confidential data from “names” would reach Out")


def test_what_a_called_workflow_draws_comes_back_with_what_it_hands_back():
    inner = document(
        {"begin": {"type": "flow.start"}, "find": draws(),
         "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "{{ find.text }}"}]}}},
        "begin > find", "find > end",
    )  # fmt: skip
    made = document(
        {"start": START, "say": sends("{{ call.said }}"), "call": {"type": "flow.call", "settings": {
            "workflow": {"name": "inner", "content": content_hash(inner)}}}},
        "start > call", "call > say",
    )  # fmt: skip
    assert leaks(made, lambda _: inner) == {("say", "secret")}


def test_why_a_container_failed_may_hold_whatever_steps_inside_were_given():
    """An item says in its own words what it stumbled over, and its container says it again."""
    for container in ({"type": "flow.each", "settings": {"items": ["a"]}}, {"type": "flow.repeat"}):
        made = document(
            {"start": START, "all": container | {"on_failure": {"then": "exit"}},
             "find": draws(inside="all"),
             "deep": {"type": "flow.each", "inside": "all", "settings": {"items": ["b"]}},
             "work": {"type": "data.join_text", "inside": "deep", "settings": {"texts": ["{{ find.text }}"]}},
             "say": sends("{{ all.error_message }}"), "code": sends("{{ all.error_code }}")},
            "start > all", "find > deep", "all.error > say", "say > code",
        )  # fmt: skip
        assert leaks(made) == {("say", "secret"), ("code", "secret")}


def test_why_a_called_workflow_failed_may_hold_whatever_it_read():
    inner = document(
        {"begin": {"type": "flow.start"}, "find": draws(),
         "work": {"type": "data.join_text", "settings": {"texts": ["{{ find.text }}"]}},
         "end": {"type": "flow.finish", "settings": {"outputs": [{"name": "said", "value": "fixed"}]}}},
        "begin > find", "find > work", "work > end",
    )  # fmt: skip
    call = {"type": "flow.call", "settings": {"workflow": {"name": "inner", "content": content_hash(inner)}}}
    made = document(
        {"start": START, "call": call | {"on_failure": {"then": "exit"}},
         "say": sends("{{ call.error_message }}"), "fine": sends("{{ call.said }}")},
        "start > call", "call.error > say", "call > fine",
    )  # fmt: skip
    assert leaks(made, lambda _: inner) == {("say", "secret")}


def test_a_guard_takes_nothing_away_from_what_its_own_failure_says():
    guard = {"type": "test.through", "settings": {"text": "{{ start.names }}", "guards": True}}
    made = document(
        {"start": START, "guard": guard | {"on_failure": {"then": "exit"}},
         "say": sends("{{ guard.error_message }}"), "fine": sends("{{ guard.text }}")},
        "start > guard", "guard.error > say", "guard > fine",
    )  # fmt: skip
    lowers = replace(FACTS, care={"guard": Care(dict.fromkeys(DataClass, DataClass.PUBLIC))})
    assert leaks(made, facts=lowers) == {("say", "names")}
