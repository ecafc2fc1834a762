import pytest

from runtime.graph.checking_references import KINDS
from tests.runtime.graph.drawn import FINISH, START, branch, compiled, join, set_value, told

ASK = (
    "ai.ask_model",
    {"messages": [{"text": "hi"}], "answer_schema": {"type": "object", "properties": {"topic": {"type": "string"}}}},
)
FORK = ["start > fork", "fork.x > a", "fork.else > b", "a > end", "b > end", "end > done"]


def seen(text, **more):
    """The problems of a step that refers to what `text` says, behind a start and a model."""
    steps = {"start": START, "ask": ASK, "a": join(text), "done": FINISH}
    return compiled(steps, ["start > ask", "ask > a", "a > done"], **more).problems


@pytest.mark.parametrize(
    ("text", "code", "sentence", "hint"),
    [
        (
            "{{ strat.text }}",
            "unknown_reference",
            "{{ strat.text }} names a step that does not",
            "Did you mean “start”?",
        ),
        ("{{ Question.text }}", "unknown_reference", "names a step", "Did you mean “ask”?"),
        ("{{ zzz.text }}", "unknown_reference", "names a step that does not exist", "Pick a value from the list"),
        ("{{ zzz }}", "unknown_reference", "names a step that does not exist", ""),
        ("{{ start }}", "incomplete_reference", "names none of the values", "“text”, “number” or “list”"),
        (
            "{{ run }}",
            "incomplete_reference",
            "names none of the values",
            "“id”, “started”, “user”, “conversation” or “turn”",
        ),
        ("{{ start.txet }}", "unknown_output", "“start” hands on no “txet”", "Did you mean “text”?"),
        ("{{ start.customer }}", "unknown_output", "“start” hands on no “customer”", "Add it to the inputs"),
        ("{{ ask.data.tpoic }}", "unknown_output", "“data” of “Question” has no “tpoic”", "Did you mean “topic”?"),
        ("{{ ask.data.topic.deep }}", "unknown_output", "“data” of “Question” at “topic” has no “deep”", ""),
        (
            "{{ run.name }}",
            "unknown_output",
            "a run has no “name”",
            "“run.id”, “run.started”, “run.user”, “run.conversation” and “run.turn”",
        ),
        ("{{ variables.conut }}", "unknown_variable", "there is no run variable “conut”", "Did you mean “count”?"),
        ("{{ a.text }}", "not_before", "{{ a.text }} is the result of this very step", "earlier step"),
        ("{{ done.x }}", "not_before", "“done” comes only after this step", "earlier step"),
        ("{{ start.number | join }}", "type_mismatch", "takes a list, but {{ start.number | join }} is a number", ""),
        ('{{ start.list | date("%Y") }}', "type_mismatch", "takes a date or text", ""),
        ("{{ start.list | length | join }}", "type_mismatch", "is a number", ""),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_with_what_was_meant(text, code, sentence, hint):
    (problem,) = seen(text, variables={"count": {}}, words={"steps": {"ask": {"title": "Question"}}})
    assert (problem.code, problem.step, problem.field) == (code, "a", "texts.0")
    assert problem.sentence.startswith("“Texts” (text 1) of “a”: ")
    assert sentence in problem.sentence
    assert hint in problem.hint


@pytest.mark.parametrize(
    "text",
    [
        "{{ start.text }}",
        "{{ ask.data.topic }}",
        "{{ start.list.0.deep }}",
        "{{ run.id }}",
        '{{ run.started | date("%Y") }}',
        "{{ variables.count }}",
        "{{ variables.count.deep }}",
        "{{ start.list | first | join }}",
        r"\{{ nobody.x }}",
    ],
)
def test_a_reference_to_what_is_there_is_no_problem(text):
    assert seen(text, variables={"count": {}}) == ()


def test_a_value_of_another_kind_is_refused_where_the_kind_matters():
    step = ("test.repeat", {"text": "a", "times": "{{ start.text }}", "among": "{{ start.list }}"}, 3)
    (problem,) = compiled({"start": START, "a": step, "done": FINISH}, ["start > a", "a > done"]).problems
    assert (problem.code, problem.field) == ("type_mismatch", "times")
    assert problem.sentence == "“Times” of “a”: it takes a number, but {{ start.text }} is text."


def test_a_step_on_another_way_is_not_before():
    steps = {
        "start": START,
        "fork": branch("x"),
        "a": join("a"),
        "b": join("{{ a.text }}"),
        "end": join("e"),
        "done": FINISH,
    }
    (problem,) = compiled(steps, FORK).problems
    assert problem.code == "not_before"
    assert problem.sentence.endswith("“a” is on another way, which does not lead here.")


def missing(end, edges=FORK, **more):
    steps = {"start": START, "fork": branch("x"), "a": join("a"), "b": join("b"), "end": end, "done": FINISH, **more}
    return told(steps, edges)


def test_what_may_have_been_skipped_is_a_warning_unless_something_covers_it():
    assert missing(join("{{ a.text }}")) == [("may_be_missing", "end", "texts.0")]
    assert missing(join('{{ a.text | default("-") }}')) == []
    assert missing(("flow.first_available", {"values": ["{{ a.text }}", "{{ b.text }}"]})) == []
    assert missing(join("{{ start.text }} {{ fork.result }}")) == []


@pytest.mark.parametrize(
    ("edges", "warned"),
    [
        # both branches run side by side, and the end waits for both
        (
            [
                "start > a",
                "start > b",
                "a > end",
                "b > end",
                "end > done",
                "start > fork",
                "fork.x > done",
                "fork.else > done",
            ],
            False,
        ),
        # whichever way is taken, `a` comes
        (["start > fork", "fork.x > a", "fork.else > b", "b > a", "a > end", "end > done"], False),
        (["start > fork", "fork.x > a", "fork.else > a", "a > end", "start > b", "b > done", "end > done"], False),
        # the end can be reached around `a`
        (["start > fork", "fork.x > a", "fork.else > end", "a > end", "start > b", "b > done", "end > done"], True),
        # `a` was chosen together with the end
        (["start > fork", "fork.x > a", "fork.x > b", "b > end", "a > end", "fork.else > done", "end > done"], False),
        # one way only
        (["start > fork", "fork.x > a", "a > b", "b > end", "end > done", "fork.else > done"], False),
    ],
)
def test_sure_is_what_runs_in_every_run_that_comes_by(edges, warned):
    assert (("may_be_missing", "end", "texts.0") in missing(join("{{ a.text }}"), edges)) == warned


def test_a_variable_that_is_not_declared_cannot_be_set():
    steps = {"start": START, "a": set_value("conut"), "done": FINISH}
    line = ["start > a", "a > done"]
    assert told(steps, line, variables={"count": {}}) == [("unknown_variable", "a", "changes.0.variable")]
    assert told(steps, line, variables={"conut": {"kind": "nmber"}}) == [("unknown_kind", None, None)]
    assert all(told(steps, line, variables={"conut": {"kind": kind}}) == [] for kind in KINDS)


@pytest.mark.parametrize(
    ("edges", "races"),
    [
        (["start > a", "start > b", "a > end", "b > end", "end > done"], True),
        (["start > a", "a > b", "b > end", "end > done"], False),
        (["start > fork", "fork.x > a", "fork.else > b", "a > end", "b > end", "end > done"], False),
    ],
)
def test_branches_side_by_side_that_set_one_variable_are_warned_of(edges, races):
    steps = {
        "start": START,
        "a": set_value("n"),
        "b": set_value("n", "{{ variables.n }}"),
        "end": join("e"),
        "done": FINISH,
    }
    steps |= {"fork": branch("x")} if "start > fork" in edges else {}
    assert (("variable_race", "b", None) in told(steps, edges, variables={"n": {}})) == races
    steps["b"] = join("{{ variables.n }}")
    assert (("variable_race", "b", None) in told(steps, edges, variables={"n": {}})) == races
    steps["a"] = join("{{ variables.n }}")
    assert told(steps, edges, variables={"n": {}}) == []
