from pathlib import Path

import pytest

from nodes.flow.start import Start
from nodes.sdk import is_file
from runtime.assembly import assemble
from runtime.errors import NotFound, NotSignedIn
from runtime.graph.document import Document, Meaning, Step
from runtime.operations.connections import list_connections
from runtime.operations.examples import FOLDER, bring_sample, example_like, list_examples, open_example
from runtime.operations.files import open_file
from runtime.operations.people import sign_in_code
from runtime.operations.sessions import session_of, sign_in
from runtime.operations.workflows import create_workflow, list_workflows
from runtime.settings import Settings
from tests.support.reviewing import somebody


@pytest.fixture
def runtime(tmp_path: Path):
    parts = assemble(Settings(data=tmp_path))  # the demo binds the usual aliases
    yield parts
    parts.close()


@pytest.fixture
async def owner(runtime):
    session = await session_of(runtime, (await sign_in(runtime, await sign_in_code(runtime))).token)
    assert session is not None
    return session.actor


async def test_every_shipped_file_is_offered_with_a_title_and_what_it_is_for(runtime, owner):
    offered = await list_examples(runtime, owner)
    assert [one.name for one in offered] == sorted(path.stem for path in FOLDER.glob("*.yaml"))
    assert offered
    assert not [one.name for one in offered if not (one.title and one.description)]


async def test_an_example_becomes_a_workflow_of_ones_own_without_an_error_in_it(runtime, owner):
    for one in await list_examples(runtime, owner):
        draft = await open_example(runtime, owner, name=one.name)
        assert [problem for problem in draft.check.problems if problem.severity == "error"] == []
    begun = {card.title: card.icon for card in await list_workflows(runtime, owner)}
    assert begun == {one.title: one.icon for one in await list_examples(runtime, owner)}


async def test_what_an_example_is_tried_on_fits_it_and_its_file_is_brought(runtime, owner):
    for one in await list_examples(runtime, owner):
        draft = await open_example(runtime, owner, name=one.name)
        assert example_like(draft.document) == one.name
        sample = await bring_sample(runtime, owner, workflow=draft.name)
        start = Start.model_validate(draft.document.meaning.steps["start"].settings)
        assert start.check_inputs(sample)[1] == []
        for value in sample.values():
            if is_file(value):
                found = await open_file(runtime, owner, file=value["id"])
                assert b"".join(found.pieces) == (FOLDER / found.card.name).read_bytes()


async def test_who_asks_for_something_else_is_offered_no_sample(runtime, owner):
    table = Step(type="flow.start", settings={"inputs": [{"name": "table", "kind": "file"}]})
    document = Document(name="mine", meaning=Meaning(steps={"start": table}))
    draft = await create_workflow(runtime, owner, title="My own", document=document)
    assert example_like(draft.document) == ""
    with pytest.raises(NotFound):
        await bring_sample(runtime, owner, workflow=draft.name)
    with pytest.raises(NotSignedIn):
        await bring_sample(runtime, None, workflow=draft.name)


async def test_the_weekly_report_leads_to_the_demo_of_this_installation_and_connects_it_once(tmp_path):
    parts = assemble(Settings(data=tmp_path, demo_port=3999))
    try:
        session = await session_of(parts, (await sign_in(parts, await sign_in_code(parts))).token)
        assert session is not None
        for _ in range(2):
            draft = await open_example(parts, session.actor, name="weekly-report")
            assert draft.document.meaning.steps["fetch"].settings["url"] == "http://127.0.0.1:3999/demo/tickets"
            assert draft.check.runnable
        (card,) = await list_connections(parts, session.actor)
        assert (card.connection.host, card.connection.clearance) == ("127.0.0.1:3999", "internal")
    finally:
        parts.close()


async def test_who_may_not_connect_anything_is_told_that_the_weekly_report_needs_it(runtime, owner):
    analyst = await somebody(runtime, "Ada", "analyst")
    draft = await open_example(runtime, analyst, name="weekly-report")
    assert not draft.check.runnable
    assert any("There is no connection for 127.0.0.1:3010" in each.hint for each in draft.check.problems)
    assert await list_connections(runtime, owner) == []


async def test_an_example_that_is_not_there_is_not_found(runtime, owner):
    with pytest.raises(NotFound):
        await open_example(runtime, owner, name="../secrets")


async def test_nobody_gets_nothing(runtime, owner):
    with pytest.raises(NotSignedIn):
        await list_examples(runtime, None)
    with pytest.raises(NotSignedIn):
        await open_example(runtime, None, name="ticket-triage")
    assert await list_workflows(runtime, owner) == []
