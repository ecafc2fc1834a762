import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.graph.applying import EditRefused, apply, apply_all
from runtime.graph.document import Box, Document, Edge, Label, Place, Step
from runtime.graph.edits import EDITS, Add, Configure, Connect, Disconnect, Lay, Move, Note, Relabel, Remove, Rename
from runtime.graph.hashing import content_hash
from tests.runtime.graph.conformance import FILE, as_file, cases
from tests.runtime.graph.drawing import documents, edits, note_edits

DRAWN = Document.model_validate(
    {"name": "x", "meaning": {"steps": {"a": {"type": "t"}, "b": {"type": "t"}}, "edges": [{"from": "a", "to": "b"}]}}
)


def as_json(document):
    return json.dumps(document.model_dump(mode="json", by_alias=True), sort_keys=True)


@given(documents(), edits())
def test_an_edit_and_its_inverse_give_the_same_document(document, edit):
    try:
        after, inverse = apply(document, edit)
    except EditRefused:
        return
    assert as_json(apply_all(after, inverse)[0]) == as_json(document)


@given(documents(), st.lists(edits(), max_size=12))
def test_a_whole_sequence_can_be_taken_back(document, several):
    possible, now = [], document
    for edit in several:
        try:
            now, _ = apply(now, edit)
            possible.append(edit)
        except EditRefused:
            pass
    after, inverse = apply_all(document, possible)
    assert as_json(after) == as_json(now)
    assert as_json(apply_all(after, inverse)[0]) == as_json(document)


@given(documents(), edits())
def test_what_apply_makes_is_what_reading_it_back_would_make(document, edit):
    try:
        after, _ = apply(document, edit)
    except EditRefused:
        return
    assert Document.model_validate(after.model_dump(by_alias=True)) == after


@given(documents(), edits())
def test_the_document_before_is_left_as_it_was(document, edit):
    before = as_json(document)
    with suppress(EditRefused):
        apply(document, edit)
    assert as_json(document) == before


@given(edits())
def test_an_edit_survives_the_wire(edit):
    assert EDITS.validate_json(EDITS.dump_json([edit], by_alias=True)) == [edit]


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Add(id="a", step=Step(type="t")), "There is already a step “a”."),
        (Add(id="run", step=Step(type="t")), "No step may be called “run”"),
        (Add(id="c", step=Step(type="t"), edges=(Edge.between("a", "b"),)), "does not join “c” to another step"),
        (Add(id="c", step=Step(type="t"), edges=(Edge.between("c", "z"),)), "There is no step “z”."),
        (Connect(edge=Edge.between("a", "z")), "There is no step “z”."),
        (Connect(edge=Edge.between("a", "a")), "A step cannot lead to itself."),
        (Configure(id="z", field="text"), "There is no step “z”."),
        (Rename(id="z", title="New"), "There is no step “z”."),
        (Relabel(id="z", part="p", label=Label(label="L")), "There is no step “z”."),
        (Move(places={"z": Place(0, 0)}), "There is no step “z”."),
    ],
)
def test_an_impossible_edit_is_refused_with_a_sentence(edit, sentence):
    with pytest.raises(EditRefused) as refused:
        apply(DRAWN, edit)
    assert sentence in refused.value.sentence


@pytest.mark.parametrize(
    "edit", [Remove(id="z"), Connect(edge=Edge.between("a.done", "b")), Disconnect(edge=Edge.between("b", "a"))]
)
def test_what_is_already_so_changes_nothing_and_needs_no_inverse(edit):
    assert apply(DRAWN, edit) == (DRAWN, ())


def test_a_list_of_edits_applies_whole_or_not_at_all():
    with pytest.raises(EditRefused):
        apply_all(DRAWN, [Remove(id="a"), Rename(id="a", title="Too late")])


def test_a_removed_step_comes_back_with_words_place_and_edges():
    full, _ = apply_all(
        DRAWN,
        [
            Rename(id="a", title="First"),
            Move(places={"a": Place(1, 2)}),
            Relabel(id="a", part="p", label=Label(label="L")),
        ],
    )
    without, inverse = apply(full, Remove(id="a"))
    assert (without.words.steps, without.layout.steps, without.meaning.edges) == ({}, {}, ())
    assert apply_all(without, inverse)[0] == full


def test_a_note_without_text_is_gone():
    noted, _ = apply(DRAWN, Note(id="n", text="look"))
    assert noted.words.notes == {"n": "look"}
    assert apply(noted, Note(id="n"))[0] == DRAWN


def test_the_cases_for_the_canvas_are_in_sync():
    assert FILE.read_text(encoding="utf-8") == as_file(), "python -m tests.runtime.graph.conformance"


def test_the_cases_for_the_canvas_cover_every_edit_applied_and_refused():
    shown = {case["edit"]["edit"] for case in cases() if "after" in case}
    assert len(shown) == 16
    assert {case["edit"]["edit"] for case in cases() if "refused" in case} >= {"add", "connect", "configure", "move"}


def test_writing_a_note_leaves_it_where_it_lies_and_laying_it_elsewhere_leaves_its_words():
    noted, _ = apply(DRAWN, Note(id="n", text="look", box=Box(x=1, y=2)))
    wrote, _ = apply(noted, Note(id="n", text="look here"))
    assert wrote.layout == noted.layout
    moved, back = apply(wrote, Lay(boxes={"n": Box(x=9, y=9, color="blue"), "gone": Box(x=0, y=0)}))
    assert (moved.words, moved.layout.notes) == (wrote.words, {"n": Box(x=9, y=9, color="blue")})
    assert apply_all(moved, back)[0] == wrote


@given(documents(), st.lists(edits(), max_size=12))
def test_no_box_lies_where_there_is_no_note(document, several):
    for edit in several:
        with suppress(EditRefused):
            document, _ = apply(document, edit)
    assert document.layout.notes.keys() <= document.words.notes.keys()


@given(documents(), note_edits())
def test_a_note_never_changes_what_runs(document, edit):
    after, _ = apply(document, edit)
    assert content_hash(after) == content_hash(document)
