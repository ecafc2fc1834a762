from hypothesis import given

from runtime.graph.applying import apply_all
from runtime.graph.diffing import diff
from runtime.graph.document import Document, Meaning, Variable
from runtime.graph.edits import EDITS
from runtime.graph.hashing import content_hash, layout_digest, words_digest
from runtime.graph.restoring import edits_to
from tests.runtime.graph.drawing import documents


@given(documents(), documents())
def test_the_edits_from_one_document_to_another_lead_there(before: Document, after: Document):
    edits = EDITS.validate_json(EDITS.dump_json(edits_to(before, after), by_alias=True))
    reached, inverse = apply_all(before, edits)
    assert content_hash(reached) == content_hash(after)
    assert words_digest(reached) == words_digest(after.model_copy(update={"words": _icon_of(before, after)}))
    back, _ = apply_all(reached, inverse)
    assert content_hash(back) == content_hash(before)


def _icon_of(before: Document, after: Document):
    return after.words.model_copy(update={"icon": before.words.icon})


@given(documents())
def test_from_a_document_to_itself_there_is_nothing_to_do(document: Document):
    assert edits_to(document, document) == []


def starting(value: object) -> Document:
    return Document(name="flow", meaning=Meaning(variables={"c": Variable(start=[value])}))


def test_no_and_nought_are_not_the_same_start_of_a_variable():
    before, after = starting(False), starting(0)
    assert [each.field for each in diff(before, after)] == ["c"]
    assert content_hash(apply_all(before, edits_to(before, after))[0]) == content_hash(after)
    assert diff(starting(1), starting(1.0)) == []


@given(documents(), documents())
def test_a_difference_is_told_exactly_where_there_is_one(before: Document, after: Document):
    after = after.model_copy(update={"name": before.name})
    changes = diff(before, after)
    assert any(each.material for each in changes) == (content_hash(before) != content_hash(after))
    if words_digest(before) != words_digest(after) and before.meaning.steps.keys() == after.meaning.steps.keys():
        assert any(each.part == "words" for each in changes)
    if not changes:
        assert (words_digest(before), content_hash(before)) == (words_digest(after), content_hash(after))
    assert all(each.sentence.strip() for each in changes)


@given(documents())
def test_nothing_differs_from_itself(document: Document):
    assert diff(document, document) == []
    assert layout_digest(document) == layout_digest(document.model_copy())
