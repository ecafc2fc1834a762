import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.graph.document import Meaning
from runtime.graph.ordering import order_of, reading_order


@pytest.mark.parametrize(
    ("after", "order"),
    [
        ({"s": ["a"], "a": ["b"]}, "sab"),
        ({"s": ["b", "a"], "b": ["c"], "a": ["c"]}, "sbac"),
        ({"s": ["a", "b"], "a": ["x"], "x": ["y"], "b": ["y"]}, "saxby"),
        ({"s": ["a"], "a": ["b"], "b": ["c", "a"], "c": []}, "sabc"),
        ({"s": ["b"], "b": ["a"], "a": ["b"]}, "sba"),
        ({"s": [], "b": ["a"], "a": ["b"]}, "sab"),
        ({"s": ["a", "a"], "a": ["nobody"]}, "sa"),
    ],
)
def test_one_way_is_told_to_its_end_before_the_next_begins(after, order):
    steps = ["s", *sorted(set(order) - {"s"})]
    assert reading_order(steps, after) == list(order)


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6))))
def test_every_step_comes_once_and_after_what_leads_to_it(pairs):
    pairs = {(low, high) for low, high in pairs if low < high}
    after = {str(each): [str(high) for low, high in sorted(pairs) if low == each] for each in range(7)}
    order = reading_order(after, after)
    assert sorted(order) == sorted(after)
    assert all(order.index(str(low)) < order.index(str(high)) for low, high in pairs)


def test_a_document_is_read_from_its_start():
    steps = {"a": {"type": "t"}, "z": {"type": "flow.start"}, "b": {"type": "t"}}
    meaning = Meaning.model_validate({"steps": steps, "edges": [{"from": "z", "to": "b"}]})
    assert order_of(meaning) == ["z", "b", "a"]


def test_what_lies_in_a_container_is_read_right_after_it():
    steps = {
        "z": {"type": "flow.start"},
        "c": {"type": "t"},
        "end": {"type": "t"},
        "inner": {"type": "t", "inside": "c"},
    }
    steps |= {
        "b": {"type": "t", "inside": "c"},
        "a": {"type": "t", "inside": "inner"},
        "lost": {"type": "t", "inside": "x"},
    }
    edges = [("z", "c"), ("c", "end"), ("inner", "b")]
    meaning = Meaning.model_validate({"steps": steps, "edges": [{"from": one, "to": two} for one, two in edges]})
    assert order_of(meaning) == ["z", "c", "inner", "a", "b", "end", "lost"]


def test_containers_in_a_circle_are_still_read():
    steps = {"a": {"type": "t", "inside": "b"}, "b": {"type": "t", "inside": "a"}}
    assert sorted(order_of(Meaning.model_validate({"steps": steps}))) == ["a", "b"]
