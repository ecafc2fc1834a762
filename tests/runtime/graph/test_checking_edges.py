import pytest

from runtime.graph.network import Forks, circles
from tests.runtime.graph.drawn import FINISH, START, branch, compiled, join, told

ABC = {"start": START, "a": join("a"), "b": join("b"), "c": join("c"), "done": FINISH}
FORK = {"start": START, "fork": branch("x", "y"), "a": join("a"), "b": join("b"), "done": FINISH}


def codes(steps, edges):
    return sorted((code, step) for code, step, _ in told(steps, edges))


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        (["start > a", "a > b", "b > c", "c > done"], []),
        (["start > a", "start > b", "start > c", "a > done", "b > done", "c > done"], []),
        (["start > a", "a > b", "b > c", "c > done", "c > a"], [("cycle", "a")]),
        (["start > a", "a > a", "a > b", "b > c", "c > done"], [("cycle", "a")]),
        (["start > a", "a > b", "b > c", "c > done", "c > start"], [("edge_into_start", "c")]),
        (["start > a", "a > b", "b > done"], [("unreachable", "c")]),
        (["start > a", "a > done", "b > c", "c > b"], [("cycle", "b"), ("unreachable", "b"), ("unreachable", "c")]),
        (["start > a", "a > b", "b > c", "c > done", "a.else > c"], [("unknown_exit", "a")]),
        (["start > a", "a > b", "b > c", "c > done", "done > c"], [("unknown_exit", "done")]),
        (["start > a", "a > b", "b > c", "c > done", "a > b"], [("duplicate_edge", "a")]),
        (["start > a", "a > b", "b > c", "c > done", "c > ghost"], [("unknown_target", "c")]),
        (["start > a", "a > b", "b > c", "c > done", "ghost > c"], [("unknown_source", "c")]),
        (["start > a", "a > b", "b > c", "c > done", "ghost > ghosts"], [("unknown_source", None)]),
        (["start > a", "a > b", "b > c", "start > done"], [("dead_end", "c")]),
    ],
)
def test_every_connection_joins_what_is_there(edges, found):
    assert codes(ABC, edges) == found


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        (["start > fork", "fork.x > a", "fork.y > b", "fork.else > done", "a > done", "b > done"], []),
        (["start > fork", "fork.x > a", "fork.y > b", "a > done", "b > done"], [("exit_not_connected", "fork")]),
        (["start > fork", "fork.x > a", "a > b", "b > done"], [("exit_not_connected", "fork")]),
        (
            ["start > fork", "fork > a", "fork.x > b", "fork.y > b", "fork.else > b", "a > done", "b > done"],
            [("unknown_exit", "fork"), ("unreachable", "a")],
        ),
        (
            ["start > fork", "start > a", "fork.x > b", "fork.y > b", "fork.else > done", "a > b", "b > done"],
            [("ambiguous_join", "b"), ("ambiguous_join", "b")],
        ),
        (["start > fork", "start > a", "fork.x > b", "fork.y > b", "fork.else > b", "a > b", "b > done"], []),
        (["start > fork", "fork.x > a", "fork.y > b", "fork.else > b", "a > b", "b > done"], []),
    ],
)
def test_every_way_out_of_a_branch_leads_somewhere_and_decides_something(edges, found):
    assert codes(FORK, edges) == found


def test_what_is_missing_or_twice_at_the_ends_is_told():
    assert codes({}, []) == [("no_finish", None), ("no_start", None)]
    assert ("several_starts", "start") in codes(
        {"begin": START, "start": START, "done": FINISH}, ["begin > done", "start > done"]
    )


def test_a_circle_is_told_with_its_titles_and_what_to_do():
    words = {"steps": {"a": {"title": "Ask"}, "b": {"title": "Answer"}}}
    problems = compiled(ABC, ["start > a", "a > b", "b > a", "b > c", "c > done"], words=words).problems
    (cycle,) = [each for each in problems if each.code == "cycle"]
    assert cycle.sentence == "These steps lead back to themselves: “Ask” → “Answer” → “Ask”."
    assert cycle.hint == "Remove the connection that leads back."


def test_a_misspelt_exit_or_step_is_recognised():
    problems = compiled(FORK, ["start > frok", "fork.z > a", "start > fork", "fork.esle > b"]).problems
    hints = {each.code: each.hint for each in problems if each.edge}
    assert hints["unknown_target"] == "Did you mean “fork”?"
    assert "Did you mean “else”?" in [each.hint for each in problems]
    assert "Its ways out: “x”, “y” and “else”." in [each.hint for each in problems]


def test_what_a_guard_stops_needs_no_way_on_but_what_it_lets_pass_does():
    steps = {"start": START, "guard": ("data.guard", {"text": "{{ start.text }}"}), "done": FINISH}
    assert codes(steps, ["start > guard", "guard > done"]) == []
    assert ("exit_not_connected", "guard") in codes(steps, ["start > guard", "guard.blocked > done"])
    loose = compiled(steps, ["start > guard", "start > done"]).problems
    assert [each.sentence for each in loose] == ["“done” of “guard” leads nowhere, so a run ends there."]


def test_exits_of_a_step_that_is_not_understood_are_not_judged():
    steps = FORK | {"fork": ("flow.branch", {"cases": "none"})}
    assert codes(steps, ["start > fork", "fork.x > a", "fork.z > b", "a > done", "b > done"]) == [
        ("invalid_setting", "fork")
    ]


def test_every_circle_is_found_once():
    assert circles({"a": ["b"], "b": ["a", "c"], "c": ["d"], "d": ["c"], "e": ["e"], "f": ["a"]}) == [
        ["a", "b"],
        ["c", "d"],
        ["e"],
    ]
    assert circles({"a": ["b"], "b": []}) == []


def test_two_steps_part_only_where_every_way_passes_a_fork():
    exits = {
        "s": {"done": ["f", "p"]},
        "f": {"x": ["a"], "else": ["b"]},
        "p": {"done": ["q"]},
        "a": {"done": ["m"]},
        "b": {"done": ["m"]},
        "q": {},
        "m": {},
    }
    forks = Forks(
        "s", {step: [each for those in ways.values() for each in those] for step, ways in exits.items()}, exits
    )
    assert forks.part("a", "b")
    assert not forks.part("a", "q")
    assert not forks.part("a", "m")


def test_a_workflow_whose_finishes_hand_nothing_back_is_warned_of():
    silent = {"start": START, "a": join("a"), "b": ("flow.finish", {})}
    found = compiled(silent, ["start > a", "a > b"]).problems
    assert [(each.code, each.severity, each.step) for each in found] == [("no_result", "warning", "b")]
    loud = {**silent, "c": FINISH}
    assert compiled(loud, ["start > a", "a > b", "a > c"]).problems == ()
