import json
from hashlib import sha256

import jsonschema
from hypothesis import assume, given
from hypothesis import strategies as st

from runtime.graph.applying import EditRefused, apply
from runtime.graph.document import Document
from runtime.graph.edits import Describe, Move, Note, Relabel, Rename
from runtime.graph.hashing import content_hash, words_digest
from runtime.graph.schema import document_schema
from runtime.graph.writing import write_json
from tests.runtime.graph.drawing import documents, edits


def said(part):
    """A part as exact JSON: 1 and true differ here, 1 and 1.0 do not."""

    def exact(value):
        if isinstance(value, dict):
            return {name: exact(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [exact(each) for each in value]
        whole = isinstance(value, float) and value.is_integer()
        return int(value) if whole and abs(value) < 2**53 else value

    return json.dumps(exact(part.model_dump(mode="json", by_alias=True)), sort_keys=True)


@given(documents(), edits())
def test_words_and_layout_never_change_the_hash_and_meaning_always_does(document, edit):
    try:
        after, _ = apply(document, edit)
    except EditRefused:
        assume(False)
    if isinstance(edit, Move | Rename | Describe | Relabel | Note):
        assert content_hash(after) == content_hash(document)
    same = said(after.meaning) == said(document.meaning)
    assert (content_hash(after) == content_hash(document)) == same
    assert (words_digest(after) == words_digest(document)) == (said(after.words) == said(document.words))


@given(documents(), st.randoms(use_true_random=False))
def test_order_plays_no_part(document, random):
    data = document.model_dump(mode="json", by_alias=True)
    edges, steps = data["meaning"]["edges"], list(data["meaning"]["steps"].items())
    random.shuffle(edges)
    random.shuffle(steps)
    data["meaning"]["steps"] = dict(steps)
    assert content_hash(Document.model_validate(data)) == content_hash(document)


def test_the_hash_of_a_known_document_never_changes():
    document = Document.model_validate(
        {"name": "x", "meaning": {"steps": {"a": {"type": "t", "settings": {"n": 1.0, "ä": "–"}}}, "edges": []}}
    )
    said = '{"steps":{"a":{"settings":{"n":1,"ä":"–"},"type":"t"}}}'
    assert content_hash(document) == sha256(said.encode()).hexdigest()
    assert content_hash(document) == "c0512727882a2d1a24f2369c04fa600a8a93e2926ecaf66e9c6604ca6ae90271"


@given(documents())
def test_every_document_fits_its_schema(document):
    jsonschema.Draft202012Validator(document_schema()).validate(json.loads(write_json(document)))


def test_the_schema_refuses_what_reading_refuses():
    validator = jsonschema.Draft202012Validator(document_schema())
    jsonschema.Draft202012Validator.check_schema(document_schema())
    for bad in ({"name": "x"}, {"greenlane": 1, "name": "X y"}, {"greenlane": 1, "name": "x", "wrods": {}}):
        assert not validator.is_valid(bad)
