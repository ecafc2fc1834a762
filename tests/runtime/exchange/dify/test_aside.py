"""Steps that nothing leads to are kept, never run, and keep no file from running."""

from runtime.graph.problems import errors
from tests.support.dify import codes, drawn, edge, flow, node, step, ways


def test_a_step_that_nothing_leads_to_is_behind_a_case_that_never_holds():
    answers = [node(each, "answer", answer=each) for each in ("say", "lost", "too")]
    found = flow(*answers, edges=[edge("start", "say"), edge("lost", "too")])
    assert ways(found) == {"start → say", "start → aside", "aside.never → lost", "lost → too"}
    assert drawn(found).meaning.steps["aside"].settings["cases"] == [{"id": "never", "match": "any"}]
    assert "not_connected" in codes(found)
    assert not errors(found.report.problems)


def test_inside_a_container_only_what_its_beginning_leads_to_begins():
    found = flow(
        node("each", "iteration", iterator_selector=["start", "items"], output_selector=["in", "output"]),
        node("begin", "iteration-start", "each"), node("in", "template-transform", "each", template="x"),
        node("lost", "template-transform", "each", template="y"), node("end", "end"),
        edges=[edge("start", "each"), edge("each", "end"), edge("begin", "in")],
    )  # fmt: skip
    assert "aside.never → lost" in ways(found)
    assert drawn(found).meaning.steps["aside"].inside == step(found, "lost").inside == "each"
    assert not errors(found.report.problems)


def test_where_nothing_says_where_a_container_begins_all_first_steps_do():
    found = flow(
        node("each", "iteration", iterator_selector=["start", "items"], output_selector=["in", "output"]),
        node("in", "template-transform", "each", template="x"), node("end", "end"),
    )  # fmt: skip
    assert "aside" not in drawn(found).meaning.steps
