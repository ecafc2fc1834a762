from pathlib import Path

import pytest

from runtime.assembly import assemble
from runtime.errors import NotFound, NotSignedIn
from runtime.operations.examples import FOLDER, list_examples, open_example
from runtime.operations.people import sign_in_code
from runtime.operations.sessions import session_of, sign_in
from runtime.operations.workflows import list_workflows
from runtime.settings import Settings


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
        errors = [problem for problem in draft.check.problems if problem.severity == "error"]
        if one.name == "weekly-report":  # it fetches from a host, and that is IT's to connect
            errors = [each for each in errors if not each.hint.startswith("There is no connection for 127.0.0.1:3010")]
        assert errors == []
    begun = {card.title: card.icon for card in await list_workflows(runtime, owner)}
    assert begun == {one.title: one.icon for one in await list_examples(runtime, owner)}


async def test_an_example_that_is_not_there_is_not_found(runtime, owner):
    with pytest.raises(NotFound):
        await open_example(runtime, owner, name="../secrets")


async def test_nobody_gets_nothing(runtime, owner):
    with pytest.raises(NotSignedIn):
        await list_examples(runtime, None)
    with pytest.raises(NotSignedIn):
        await open_example(runtime, None, name="ticket-triage")
    assert await list_workflows(runtime, owner) == []
