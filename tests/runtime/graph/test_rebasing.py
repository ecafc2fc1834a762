import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.graph.applying import EditRefused, apply, apply_all, spelled_out
from runtime.graph.document import Box, Document, Edge, Label, OnFailure, Place, Step
from runtime.graph.edits import (
    Add,
    Configure,
    Connect,
    Declare,
    Disconnect,
    Enclose,
    Handle,
    Lay,
    Limit,
    Move,
    Note,
    Relabel,
    Remove,
    Rename,
    Resize,
    RunSettings,
    Variable,
)
from runtime.graph.rebasing import Conflict, Touch, needs, rebase, touches
from tests.runtime.graph.drawing import documents, edits

EDGE = Edge.between("a", "b")
STEP = Step(type="t")


def set_text(value, step="a"):
    return Configure(id=step, field="text", value=value)


def test_different_fields_of_one_step_go_together():
    assert rebase([set_text("theirs")], [Configure(id="a", field="other", value=1)]) == []


def test_the_same_field_is_told_with_both_values():
    assert rebase([set_text("first"), set_text("theirs")], [set_text("mine")]) == [
        Conflict("setting", "a", "text", "mine", "theirs")
    ]


def test_the_same_value_is_no_conflict():
    assert rebase([set_text("same")], [set_text("same")]) == []


@pytest.mark.parametrize(
    "mine",
    [
        set_text("mine"),
        Rename(id="a", title="A"),
        Move(places={"a": Place(0, 0)}),
        Connect(edge=EDGE),
        Relabel(id="a", part="p", label=Label(label="L")),
        Add(id="c", step=STEP, edges=(Edge.between("c", "a"),)),
    ],
)
def test_work_on_a_step_that_is_gone_is_refused(mine):
    (conflict,) = rebase([Remove(id="a")], [mine])
    assert (conflict.what, conflict.step, conflict.theirs) == ("step", "a", None)


def test_a_step_that_came_back_can_be_worked_on():
    assert rebase([Remove(id="a"), Add(id="a", step=STEP)], [set_text("mine")]) == []


def test_removing_a_step_somebody_worked_on_is_refused():
    assert rebase([set_text("theirs")], [Remove(id="a")]) == [Conflict("setting", "a", "text", None, "theirs")]


def test_removing_a_step_somebody_moved_is_fine():
    assert rebase([Move(places={"a": Place(1, 1)})], [Remove(id="a")]) == []


def test_two_people_may_remove_the_same_step_or_move_it():
    assert rebase([Remove(id="a")], [Remove(id="a")]) == []
    assert rebase([Move(places={"a": Place(1, 1)})], [Move(places={"a": Place(2, 2)})]) == []


def test_one_connects_and_the_other_disconnects():
    assert rebase([Disconnect(edge=EDGE)], [Connect(edge=EDGE)]) == [Conflict("edge", "a", "a → b", True, False)]
    assert rebase([Connect(edge=EDGE)], [Connect(edge=EDGE)]) == []


def test_two_new_steps_with_one_id():
    (conflict,) = rebase([Add(id="c", step=STEP)], [Add(id="c", step=Step(type="u"))])
    assert (conflict.step, conflict.yours["type"], conflict.theirs["type"]) == ("c", "u", "t")


def test_two_containers_cannot_have_one_step():
    mine, theirs = Enclose(inside="c", places={"a": None}), Enclose(inside="d", places={"a": Place(1, 1)})
    assert rebase([theirs], [mine]) == [Conflict("inside", "a", None, "c", "d")]
    assert rebase([Enclose(inside="c", places={"a": Place(1, 1)})], [mine]) == []


def test_a_connection_and_a_border_that_would_cut_it():
    into, joins = Enclose(inside="c", places={"a": None}), Connect(edge=EDGE)
    assert [(each.what, each.step) for each in rebase([into], [joins])] == [("inside", "a")]
    assert [(each.what, each.step) for each in rebase([joins], [into])] == [("joined", "a")]
    new = Add(id="n", step=STEP, edges=(Edge.between("a", "n"),))
    assert [(each.what, each.step) for each in rebase([into], [new])] == [("inside", "a")]


def test_a_container_that_somebody_put_a_step_into_is_not_removed_unseen():
    into = Enclose(inside="c", places={"a": None})
    assert [(each.what, each.theirs) for each in rebase([into], [Remove(id="c")])] == [("inside", "c")]
    new = Add(id="n", step=Step(type="t", inside="c"))
    assert [each.step for each in rebase([new], [Remove(id="c")])] == ["n"]
    assert [each.what for each in rebase([Remove(id="c")], [into])] == ["step"]
    assert [each.what for each in rebase([Remove(id="c")], [new])] == ["step"]


def test_what_goes_with_a_container_is_spelled_out_so_that_work_on_it_is_not_lost():
    document = Document.model_validate({"name": "x", "meaning": {"steps": {
        "c": {"type": "t"}, "a": {"type": "t", "inside": "c"}, "in": {"type": "t", "inside": "a"}}}})  # fmt: skip
    told = spelled_out(document, [Remove(id="c"), Remove(id="c")])
    assert told == [Remove(id=each) for each in ("in", "a", "c", "c")]
    assert [(each.what, each.step) for each in rebase([set_text("theirs", "in")], told)] == [("setting", "in")]
    assert [each.what for each in rebase(told, [set_text("mine", "in")])] == ["step"]


def test_two_ways_to_handle_one_failure():
    theirs, mine = (Handle(id="a", on_failure=OnFailure(retries=each)) for each in (1, 2))
    (conflict,) = rebase([theirs], [mine])
    assert (conflict.what, conflict.step, conflict.yours["retries"], conflict.theirs["retries"]) == (
        "failure",
        "a",
        2,
        1,
    )
    assert [each.what for each in rebase([theirs], [Remove(id="a")])] == ["failure"]


def test_a_variable_of_the_run_and_one_of_the_conversation_are_two():
    theirs, mine = Declare(name="n", variable=Variable()), Declare(of="conversation", name="n", variable=None)
    assert rebase([theirs], [mine]) == []
    assert [each.what for each in rebase([mine], [Declare(of="conversation", name="n", variable=Variable())])] == [
        "conversation"
    ]


def test_what_belongs_to_no_step_is_told_too():
    later = [Rename(title="Theirs"), Declare(name="n", variable=None), Limit(run=RunSettings(step_limit=1))]
    mine = [Rename(title="Mine"), Declare(name="n", variable=Variable()), Limit(run=RunSettings())]
    assert [(each.what, each.step, each.field) for each in rebase(later, mine)] == [
        ("title", None, None),
        ("variable", None, "n"),
        ("limits", None, None),
    ]


def test_a_step_of_ones_own_batch_is_there():
    assert rebase([Remove(id="a")], [Add(id="a", step=STEP), set_text("mine")]) == []


def test_an_edit_says_what_it_touches_and_needs():
    assert touches(set_text(1)) == {Touch("setting", "a", "text")}
    assert touches(Move(places={"a": Place(0, 0), "b": None})) == {Touch("place", "a"), Touch("place", "b")}
    assert needs(Connect(edge=EDGE)) == {"a", "b"}
    assert needs(Remove(id="a")) == frozenset()


@given(documents(), st.lists(edits(), max_size=4), st.lists(edits(), max_size=4))
def test_what_fits_alone_and_does_not_conflict_also_applies_on_top(document, theirs, mine):
    theirs, mine = possible(document, theirs), possible(document, mine)
    after, _ = apply_all(document, theirs)
    if not rebase(theirs, mine):
        apply_all(after, mine)


@given(documents(), st.lists(edits(), max_size=4), st.lists(edits(), max_size=4))
def test_without_a_conflict_the_order_of_two_people_does_not_matter(document, theirs, mine):
    theirs, mine = possible(document, theirs), possible(document, mine)
    if not rebase(theirs, mine) and not any(
        isinstance(each, Move | Enclose | Resize | Add | Remove) for each in (*theirs, *mine)
    ):
        one, _ = apply_all(document, [*theirs, *mine])
        other, _ = apply_all(document, [*mine, *theirs])
        # a note both had in hand lies where the order says: that contradicts nothing. All else is the same
        shared = noted(theirs) & noted(mine)
        assert unlaid(one, shared) == unlaid(other, shared)


def noted(several):
    """The notes that are written or laid."""
    written = {each.id for each in several if isinstance(each, Note)}
    return written.union(*(each.boxes for each in several if isinstance(each, Lay)))


def unlaid(document: Document, notes):
    """The document without where these notes lie."""
    left = {note: box for note, box in document.layout.notes.items() if note not in notes}
    return document.model_copy(update={"layout": document.layout.model_copy(update={"notes": left})})


def possible(document: Document, several):
    """Those that can be applied one after the other, with everything they take away."""
    kept, now = [], document
    for edit in several:
        try:
            now, _ = apply(now, edit)
            kept.append(edit)
        except EditRefused:
            pass
    return spelled_out(document, kept)


def test_one_writes_in_a_note_while_another_moves_it_and_both_stay():
    assert rebase([Lay(boxes={"n": Box(x=1, y=1)})], [Lay(boxes={"n": Box(x=2, y=2)}), Note(id="n", text="mine")]) == []
    assert rebase([Note(id="n", text="theirs")], [Lay(boxes={"n": Box(x=2, y=2)})]) == []
    assert rebase([Note(id="n")], [Lay(boxes={"n": Box(x=2, y=2)})]) == []


def test_two_who_write_in_one_note_are_told_with_both_texts():
    assert rebase([Note(id="n", text="theirs")], [Note(id="n", text="mine")]) == [
        Conflict("text", None, "n", "mine", "theirs")
    ]
