import pytest

from runtime.errors import NotFound
from runtime.operations.door import Hidden
from runtime.operations.seeing import link_of, thing_of, visible_submission
from runtime.store.rights import give_right
from tests.support.reviewing import somebody, submitted


@pytest.fixture
async def card(runtime):
    return await submitted(runtime, await somebody(runtime, "Ada", "analyst"))


def seen(runtime, actor, number: int):
    return runtime.reader.now(lambda tx: visible_submission(tx, actor, number).number)


@pytest.mark.parametrize("role", ["reviewer", "auditor"])
async def test_who_reviews_or_audits_sees_every_submission(runtime, card, role):
    assert seen(runtime, await somebody(runtime, "Grace", role), card.number) == card.number


@pytest.mark.parametrize("role", ["analyst", "owner", "member"])
async def test_another_sees_it_from_the_right_to_see_the_workflow_on(runtime, card, role):
    eve = await somebody(runtime, "Eve", role)
    with pytest.raises(Hidden) as hidden:
        seen(runtime, eve, card.number)
    with pytest.raises(NotFound) as absent:
        seen(runtime, eve, 99)
    assert str(hidden.value).replace("#1", "#N") == str(absent.value).replace("#99", "#N")
    workflow = runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT workflow FROM submission").scalar_one())
    await runtime.writer.write(lambda tx: give_right(tx, workflow, eve.id, "see"))
    assert seen(runtime, eve, card.number) == card.number


async def test_nobody_sees_none(runtime, card):
    with pytest.raises(NotFound):
        seen(runtime, None, card.number)


def test_a_submission_has_one_name_in_the_log_and_one_address():
    assert (thing_of(7), link_of(7)) == ("submission:7", "/reviews/7")
