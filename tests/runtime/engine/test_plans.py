from pathlib import Path

import pytest

from nodes.catalogue import load
from runtime.engine.plans import Plans
from runtime.graph.document import Document, Edge, ErrorWorkflow, Meaning, RunSettings, Step, StepWords, Words
from runtime.graph.hashing import canonical, content_hash, words_digest
from runtime.graph.plan import Plan
from runtime.store.database import Reader
from runtime.store.runs import keep_content
from tests.support.database import empty_database


def drawn(title: str = "Begin", *, connected: bool = True) -> Document:
    steps = {"start": Step(type="flow.start"), "finish": Step(type="flow.finish")}
    edges = (Edge.between("start", "finish"),) if connected else ()
    words = Words(steps={"start": StepWords(title=title)})
    return Document(name="drawn", meaning=Meaning(steps=steps, edges=edges), words=words)


@pytest.fixture
def kept(tmp_path: Path) -> Reader:
    database = empty_database(tmp_path / "greenlane.db")
    document = drawn()
    with database.connect() as connection:
        keep_content(connection, content_hash(document), canonical(document.meaning))
        keep_content(connection, words_digest(document), canonical(document.words))
    return Reader(database)


def test_a_document_is_compiled_once(kept: Reader):
    plans = Plans(load(), kept)
    assert plans.compile(drawn()) is plans.compile(drawn())


def test_a_draft_that_cannot_run_is_compiled_once_too(kept: Reader):
    plans, broken = Plans(load(), kept), drawn(connected=False)
    assert plans.compile(broken).plan is None
    assert plans.compile(broken) is plans.compile(broken)


def test_a_called_workflow_may_come_later(kept: Reader):
    settings = {"workflow": {"name": "later", "content": content_hash(drawn("x"))}}
    steps = drawn().meaning.steps | {"call": Step(type="flow.call", settings=settings)}
    edges = (Edge.between("start", "call"), Edge.between("call", "finish"))
    calls = Document(name="calls", meaning=Meaning(steps=steps, edges=edges))
    missing = Document(name="calls", meaning=calls.meaning.model_copy(update={"steps": steps | {
        "call": Step(type="flow.call", settings={"workflow": {"name": "later", "content": "0" * 64}})}}))  # fmt: skip
    plans = Plans(load(), kept)
    assert plans.compile(calls).plan is not None
    assert plans.compile(missing) is not plans.compile(missing)


def test_problems_speak_in_the_words_of_the_draft_they_are_about(kept: Reader):
    plans = Plans(load(), kept)
    told = [plans.compile(drawn(title, connected=False)).problems for title in ("Begin", "Where it begins")]
    assert any("“Begin”" in each.sentence for each in told[0])
    assert any("“Where it begins”" in each.sentence for each in told[1])


def test_the_plan_of_an_interrupted_run_is_made_again_from_what_was_kept(kept: Reader):
    document = drawn()
    plan = Plans(load(), kept).plan_of(content_hash(document), words_digest(document))
    assert plan is not None
    assert [step.title for step in plan.steps] == ["Begin", "finish"]


def test_a_plan_whose_meaning_is_gone_is_none(kept: Reader):
    assert Plans(load(), kept).plan_of("unknown", "unknown") is None


def test_a_run_goes_on_without_an_error_workflow_that_is_lost_and_one_that_is_lost_is_still_followed(tmp_path: Path):
    after = drawn()
    chosen = RunSettings(error_workflow=ErrorWorkflow(name="after", content=content_hash(after)))
    gone = RunSettings(error_workflow=ErrorWorkflow(name="after", content="0" * 64))
    broken = drawn(connected=False)
    known = [each.model_copy(update={"meaning": each.meaning.model_copy(update={"run": run})})
             for each, run in ((drawn(), gone), (broken, chosen), (broken, gone), (after, RunSettings()))]  # fmt: skip
    database = empty_database(tmp_path / "greenlane.db")
    with database.connect() as connection:
        for each in known:
            keep_content(connection, content_hash(each), canonical(each.meaning))
    plans = Plans(load(), Reader(database))
    goes_on, followed, lost = (plans.plan_to_go_on(content_hash(each), "") for each in known[:3])
    assert goes_on
    assert goes_on.steps
    assert (goes_on.hash, goes_on.on_error) == (content_hash(known[0]), None)
    assert followed
    assert followed.steps == ()
    assert followed.on_error
    assert followed.on_error.plan.hash == content_hash(after)
    assert lost == Plan.empty()
    assert plans.plan_of(content_hash(known[1]), "") is None
    assert plans.plan_to_go_on("f" * 64, "") is None
