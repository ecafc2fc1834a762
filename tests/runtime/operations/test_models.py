import pytest

from runtime.errors import BadInput, Conflict, NotFound
from runtime.operations import models
from runtime.operations.models import Binding
from runtime.store.audit import list_audit
from runtime.store.models import list_aliases
from tests.support.counting import counted


async def bound(runtime, owner, name: str, **changed) -> None:
    given = {"name": name, "model": "openai/gpt-5-mini", "base_url": "https://api.example.com/v1"} | changed
    await models.bind_alias(runtime, owner, binding=Binding.model_validate(given))


async def test_what_an_alias_was_bound_to_and_what_it_may_see_now_is_recorded(runtime, owner):
    await bound(runtime, owner, "careful", clearance="internal")
    await bound(runtime, owner, "careful", clearance="restricted")
    await models.remove_alias(runtime, owner, name="careful")
    told = [each.reason for each in runtime.reader.now(list_audit) if each.action == "model.bind"]
    was, now = (f"openai/gpt-5-mini, cleared for {each}" for each in ("internal", "restricted"))
    assert told == ["removed", f"{was} → {now}", f"nothing → {was}"]


async def test_an_alias_that_another_falls_back_to_stays(runtime, owner):
    await bound(runtime, owner, "spare")
    await bound(runtime, owner, "careful", fallback="spare")
    with pytest.raises(Conflict, match="“careful” falls back to “spare”"):
        await models.remove_alias(runtime, owner, name="spare")
    await bound(runtime, owner, "careful")
    await models.remove_alias(runtime, owner, name="spare")
    assert "spare" not in {each.name for each in runtime.reader.now(list_aliases)}
    with pytest.raises(NotFound):
        await models.remove_alias(runtime, owner, name="spare")


@pytest.mark.parametrize("fallback", ["careful", "nowhere"])
async def test_a_fallback_is_another_alias(runtime, owner, fallback):
    with pytest.raises(BadInput, match="not another alias"):
        await bound(runtime, owner, "careful", fallback=fallback)


async def test_a_longer_list_asks_the_database_no_more(runtime, owner):
    lengths = []
    for names in (["a1"], [f"b{number}" for number in range(8)]):
        for name in names:
            await bound(runtime, owner, name)
        with counted(runtime) as (watched, asked):
            cards = await models.list_aliases(watched, owner)
        lengths.append((len(cards), len(asked)))
    (few, asked_first), (many, asked_then) = lengths
    assert many == few + 8
    assert 0 < asked_first == asked_then
