import pytest

from nodes.sdk import StepFailed
from runtime.errors import BadInput, NotAllowed, NotFound
from runtime.operations import local_models, models
from runtime.operations.models import Binding
from runtime.store.audit import list_audit
from runtime.store.models import list_aliases
from tests.support.tiny_model import write_tiny_model


@pytest.fixture
def shelf(runtime, tmp_path):
    """What lies in the data folder: a model, and no engine."""
    shelf = runtime.models.local.shelf
    if not shelf.model("tiny"):
        shelf.add(write_tiny_model(tmp_path / "tiny.gguf"), "tiny", copy=False)
    return shelf


def row(runtime, name):
    return next(each for each in runtime.reader.now(list_aliases) if each.name == name)


async def test_what_there_is_is_told_with_how_to_install_it_and_who_uses_it(runtime, owner, shelf):
    await models.bind_local(runtime, owner, alias="mine", model="tiny")
    card = await local_models.local_models(runtime, owner)
    assert (card.engine, card.command) == (False, "greenlane local-model install")
    assert [(each.model.name, each.state) for each in card.models] == [("tiny", "resting")]
    assert card.aliases == {"tiny": ["mine"]}


async def test_an_alias_that_is_bound_to_it_keeps_what_it_is_for_and_may_see(runtime, owner, shelf):
    given = {"name": "kept", "model": "openai/x", "base_url": "https://api.example.com/v1", "clearance": "restricted",
             "description": "For letters"}  # fmt: skip
    await models.bind_alias(runtime, owner, binding=Binding.model_validate(given))
    await models.bind_local(runtime, owner, alias="kept", model="tiny")
    found = row(runtime, "kept")
    assert (found.model, found.hosting, found.base_url, found.key_env) == ("local/tiny", "here", "", "")
    assert (found.description, found.clearance, found.price_in) == ("For letters", "restricted", 0.0)
    told = next(each for each in runtime.reader.now(list_audit) if each.action == "model.bind")
    assert told.reason == "openai/x, cleared for restricted → local/tiny, cleared for restricted"


async def test_where_it_answers_is_nothing_a_person_can_say(runtime, owner, shelf):
    given = {"name": "odd", "model": "local/tiny", "base_url": "http://169.254.169.254/", "hosting": "external",
             "key_env": "GREENLANE_KEY_OPENAI"}  # fmt: skip
    await models.bind_alias(runtime, owner, binding=Binding.model_validate(given))
    found = row(runtime, "odd")
    assert (found.base_url, found.key_env, found.hosting) == ("", "", "here")


async def test_a_model_that_is_not_there_is_not_bound(runtime, owner, shelf):
    with pytest.raises(NotFound, match="no local model “none”"):
        await models.bind_local(runtime, owner, alias="mine", model="none")


async def test_a_name_that_no_alias_can_have_is_refused(runtime, owner, shelf):
    with pytest.raises(BadInput, match="cannot be the name"):
        await models.bind_local(runtime, owner, alias="Not A Name", model="tiny")


async def test_who_may_not_bind_models_binds_no_local_one_either(runtime, ada, shelf):
    before = runtime.reader.now(list_aliases)
    with pytest.raises(NotAllowed):
        await models.bind_local(runtime, ada, alias="mine2", model="tiny")
    assert runtime.reader.now(list_aliases) == before


async def test_a_run_whose_local_model_was_taken_away_says_what_to_do(runtime, owner, shelf):
    await models.bind_local(runtime, owner, alias="gone", model="tiny")
    shelf.remove("tiny")
    with pytest.raises(StepFailed) as failed:
        runtime.models.quote("gone", [], None)
    assert failed.value.code == "model_not_here"
    assert "greenlane local-model install" in failed.value.hint
