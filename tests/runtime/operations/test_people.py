import pytest

from runtime.errors import Conflict, NotAllowed, NotFound
from runtime.graph.reading import read
from runtime.operations import groups, invitations, people, sessions, workflows
from runtime.operations.actors import Actor
from runtime.operations.runs import start_run
from runtime.operations.runtime import Runtime
from runtime.operations.traces import read_run
from runtime.store.audit import list_audit
from tests.kill.workflow import SOURCE, inputs_of
from tests.support.model_server import Turn

PASSWORD = "four small grey stones"


async def invited(runtime: Runtime, by: Actor, name: str, *roles: str) -> tuple[Actor, str]:
    """Somebody who has come in, as they act in a browser; and the token of their session."""
    link = await invitations.invite_person(runtime, by, name=name, email=f"{name}@example.com", roles=roles, groups=[])
    session = await invitations.accept(runtime, link.code, name=name, password=PASSWORD)
    found = await sessions.session_of(runtime, session.token)
    assert found is not None
    return found.actor, session.token


async def test_there_is_one_owner_however_often_a_link_is_made(runtime):
    await people.sign_in_code(runtime)
    await people.sign_in_code(runtime)
    assert runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM person").scalar_one()) == 1


async def test_a_role_works_at_the_next_click_and_its_loss_ends_the_sessions(runtime, owner):
    ada, token = await invited(runtime, owner, "ada")
    with pytest.raises(NotAllowed):
        await workflows.create_workflow(runtime, ada, title="A")
    await people.set_roles(runtime, owner, person=ada.id, roles=["analyst"])
    found = await sessions.session_of(runtime, token)
    assert found is not None
    await workflows.create_workflow(runtime, found.actor, title="A")
    await people.set_roles(runtime, owner, person=ada.id, roles=[])
    assert await sessions.session_of(runtime, token) is None
    with pytest.raises(NotAllowed):
        await workflows.create_workflow(runtime, found.actor, title="B")


async def test_a_change_of_roles_is_recorded_with_before_and_after(runtime, owner):
    ada, _ = await invited(runtime, owner, "ada", "analyst")
    await people.set_roles(runtime, owner, person=ada.id, roles=["owner"])
    row = runtime.reader.now(list_audit)[0]
    assert (row.action, row.thing, row.reason) == ("person.roles", ada.id, "analyst, member → member, owner")


async def test_a_password_set_by_a_link_is_recorded(runtime, owner):
    ada, _ = await invited(runtime, owner, "ada")
    link = await invitations.reset_link(runtime, owner, person=ada.id)
    await invitations.accept(runtime, link.code, name="", password="three large red bricks")
    set_ = [each for each in runtime.reader.now(list_audit) if each.action == "password.change"]
    assert [(each.person, each.thing, each.reason) for each in set_] == [
        (ada.id, ada.id, "by a link to set a new one"),
        (ada.id, ada.id, "by a link to come in"),
    ]


async def test_the_last_owner_stays_owner(runtime, owner):
    with pytest.raises(Conflict, match="last platform owner"):
        await people.set_roles(runtime, owner, person=owner.id, roles=["analyst"])
    other, _ = await invited(runtime, owner, "ada", "owner")
    await people.set_roles(runtime, owner, person=owner.id, roles=["analyst"])
    with pytest.raises(Conflict, match="last platform owner"):
        await people.set_roles(runtime, other, person=other.id, roles=[])


async def test_an_owner_who_never_came_does_not_count(runtime, owner):
    await invitations.invite_person(runtime, owner, name="Ada", email="ada@example.com", roles=["owner"], groups=[])
    with pytest.raises(Conflict, match="last platform owner"):
        await people.set_roles(runtime, owner, person=owner.id, roles=[])


async def test_nobody_disables_themselves(runtime, owner):
    await invited(runtime, owner, "ada", "owner")
    with pytest.raises(Conflict, match="yourself"):
        await people.disable_person(runtime, owner, person=owner.id)


async def test_a_reviewer_disables_an_analyst_but_no_owner(runtime, owner):
    reviewer, _ = await invited(runtime, owner, "rita", "reviewer")
    ada, token = await invited(runtime, owner, "ada", "analyst")
    await people.disable_person(runtime, reviewer, person=ada.id)
    assert await sessions.session_of(runtime, token) is None
    with pytest.raises(NotAllowed, match="Only a platform owner"):
        await people.disable_person(runtime, reviewer, person=owner.id)


async def test_disabling_a_person_stops_what_they_run(runtime, owner, model):
    model.say(Turn("slow", delay_s=60))
    ada, _ = await invited(runtime, owner, "ada", "analyst")
    document, _ = read(SOURCE)
    draft = await workflows.create_workflow(runtime, ada, title="Long", document=document)
    started = await start_run(runtime, ada, workflow=draft.name, inputs=inputs_of(1))
    model.wait_until(lambda server: server.calls)
    assert await people.disable_person(runtime, owner, person=ada.id) == 1
    assert (await read_run(runtime, owner, run=started.run)).card.status == "cancelled"
    model.wait_until(lambda server: server.calls[0].ended == "left", 2)


async def test_a_disabled_person_may_nothing_though_a_page_is_still_open(runtime, owner):
    ada, _ = await invited(runtime, owner, "ada", "analyst")
    await people.disable_person(runtime, owner, person=ada.id)
    with pytest.raises(NotAllowed):
        await workflows.create_workflow(runtime, ada, title="A")


async def test_people_and_roles_are_found_by_the_beginning_of_a_word(runtime, owner):
    ada, _ = await invited(runtime, owner, "ada", "analyst")
    found = await people.find_holders(runtime, owner, text="Ad")
    assert [(each.id, each.kind) for each in found] == [(ada.id, "person")]
    assert [each.id for each in await people.find_holders(runtime, owner, text="analy")] == ["role:analyst"]
    all_of_us = await people.find_holders(runtime, owner, text="everybody")
    assert (all_of_us[0].id, all_of_us[0].name) == ("role:member", "Everybody")
    assert found[0].about == "ada@example.com"
    assert await people.find_holders(runtime, owner, text="%") == []
    assert await people.find_holders(runtime, owner, text=" ") == []


async def test_an_analyst_finds_people_by_name_and_sees_no_address(runtime, owner):
    ada, _ = await invited(runtime, owner, "ada", "analyst")
    group = await groups.create_group(runtime, owner, name="Sales")
    await groups.set_members(runtime, owner, group=group, people=[ada.id])
    [found] = await people.find_holders(runtime, ada, text="ada")
    assert (found.id, found.about) == (ada.id, "Sales")
    assert await people.find_holders(runtime, ada, text="ada@ex") == []
    assert [each.id for each in await people.find_holders(runtime, ada, text="Ada@example.com")] == [ada.id]


async def test_somebody_who_is_not_there_is_not_found(runtime, owner):
    with pytest.raises(NotFound):
        await people.disable_person(runtime, owner, person="person_0")
