"""The system's own plan runs like any other, and nobody can draw it."""

import orjson

from nodes.catalogue import load
from runtime.engine.indexing import CONTENT, HASH, PLAN, STEP, TYPE, WORDS, plan_or_own
from runtime.graph.document import Document, Meaning, Words
from runtime.graph.hashing import content_hash, words_digest


def test_no_catalogue_lists_its_step():
    assert TYPE not in load().types


def test_its_plan_is_found_by_its_digest_and_every_other_by_whoever_keeps_them():
    asked = []
    find = plan_or_own(lambda digest, words: asked.append((digest, words)))
    assert find(HASH, "any words") is PLAN
    assert asked == []
    assert find("another", "words") is None
    assert asked == [("another", "words")]


def test_what_is_kept_of_it_reads_back_as_the_document_its_runs_name():
    kept = dict(CONTENT)
    document = Document(
        name="x",
        meaning=Meaning.model_validate(orjson.loads(kept[HASH])),
        words=Words.model_validate(orjson.loads(kept[WORDS])),
    )
    assert (content_hash(document), words_digest(document)) == (HASH, WORDS)
    assert document.meaning.steps[STEP].type == TYPE
