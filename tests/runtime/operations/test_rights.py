import pytest

from runtime.errors import Conflict, NotAllowed, NotFound
from runtime.operations import groups, invitations, people, rights, sessions, workflows
from runtime.operations.actors import Actor
from runtime.operations.runtime import Runtime
from runtime.store.audit import list_audit
from runtime.store.people import set_roles

PASSWORD = "four small grey stones"


async def analyst(runtime: Runtime, owner: Actor, name: str) -> Actor:
    link = await invitations.invite_person(
        runtime, owner, name=name, email=f"{name}@example.com", roles=["analyst"], groups=[]
    )
    session = await invitations.accept(runtime, link.code, name=name, password=PASSWORD)
    found = await sessions.session_of(runtime, session.token)
    assert found is not None
    return found.actor


@pytest.fixture
async def ada(runtime, owner) -> Actor:
    return await analyst(runtime, owner, "ada")


@pytest.fixture
async def ben(runtime, owner) -> Actor:
    return await analyst(runtime, owner, "ben")


@pytest.fixture
async def workflow(runtime, ada) -> str:
    return (await workflows.create_workflow(runtime, ada, title="Triage")).name


def share(runtime, by: Actor, name: str, holder: str, level):
    return rights.give(runtime, by, kind="workflow", name=name, holder=holder, level=level)


async def test_what_is_not_shared_is_as_if_it_were_not_there(runtime, ben, workflow):
    told = []
    for name in (workflow, "made-up"):
        with pytest.raises(NotFound) as answer:
            await rights.list_rights(runtime, ben, kind="workflow", name=name)
        told.append(answer.value.sentence.replace(name, "NAME"))
    assert told[0] == told[1]


async def test_a_right_given_works_at_once_and_one_taken_ends_at_once(runtime, ada, ben, workflow):
    await share(runtime, ada, workflow, ben.id, "see")
    await workflows.open_draft(runtime, ben, name=workflow)
    await rights.take(runtime, ada, kind="workflow", name=workflow, holder=ben.id)
    with pytest.raises(NotFound):
        await workflows.open_draft(runtime, ben, name=workflow)


async def test_a_right_is_worth_nothing_to_who_lost_the_role_since_they_opened_the_page(runtime, ada, workflow):
    await runtime.writer.write(lambda tx: set_roles(tx, ada.id, ["member"]))
    for late in (
        workflows.open_draft(runtime, ada, name=workflow),
        workflows.remove_workflow(runtime, ada, name=workflow),
    ):
        with pytest.raises(NotAllowed, match="one has to be"):
            await late
    assert [row.outcome for row in runtime.reader.now(list_audit)[:2]] == ["refused", "refused"]


async def test_a_group_gives_its_members_what_it_holds_until_they_leave(runtime, owner, ada, ben, workflow):
    group = await groups.create_group(runtime, owner, name="Finance")
    await groups.set_members(runtime, owner, group=group, people=[ben.id])
    await share(runtime, ada, workflow, group, "edit")
    assert [card.name for card in await workflows.list_workflows(runtime, ben)] == [workflow]
    await groups.set_members(runtime, owner, group=group, people=[])
    assert await workflows.list_workflows(runtime, ben) == []


async def test_removing_a_group_removes_the_rights_it_held(runtime, owner, ada, ben, workflow):
    group = await groups.create_group(runtime, owner, name="Finance")
    await groups.set_members(runtime, owner, group=group, people=[ben.id])
    await share(runtime, ada, workflow, group, "edit")
    await groups.remove_group(runtime, owner, group=group)
    assert [card.holder for card in await rights.list_rights(runtime, ada, kind="workflow", name=workflow)] == [ada.id]


async def test_a_group_that_alone_owns_something_is_not_removed(runtime, owner, ada, ben, workflow):
    group = await groups.create_group(runtime, owner, name="Finance")
    await share(runtime, ada, workflow, group, "own")
    await rights.take(runtime, ada, kind="workflow", name=workflow, holder=ada.id)
    with pytest.raises(Conflict, match="Only this group owns"):
        await groups.remove_group(runtime, owner, group=group)
    await groups.set_members(runtime, owner, group=group, people=[ben.id])
    await share(runtime, ben, workflow, ben.id, "own")
    await groups.remove_group(runtime, owner, group=group)


async def test_nobody_gives_or_takes_more_than_they_hold(runtime, owner, ada, ben, workflow):
    cid = await analyst(runtime, owner, "cid")
    await share(runtime, ada, workflow, ben.id, "share")
    await share(runtime, ben, workflow, cid.id, "edit")
    with pytest.raises(NotAllowed, match="holds more"):
        await share(runtime, ben, workflow, ben.id, "own")
    with pytest.raises(NotAllowed, match="holds more"):
        await share(runtime, ben, workflow, ada.id, "see")
    with pytest.raises(NotAllowed, match="holds more"):
        await rights.take(runtime, ben, kind="workflow", name=workflow, holder=ada.id)


async def test_who_may_only_edit_cannot_share(runtime, ada, ben, workflow):
    await share(runtime, ada, workflow, ben.id, "edit")
    with pytest.raises(NotAllowed, match="right to share"):
        await share(runtime, ben, workflow, ben.id, "share")
    row = runtime.reader.now(list_audit)[0]
    assert (row.outcome, row.action, row.person) == ("refused", "workflow.share", ben.id)


async def test_a_thing_keeps_an_owner(runtime, ada, ben, workflow):
    for change in (
        rights.take(runtime, ada, kind="workflow", name=workflow, holder=ada.id),
        share(runtime, ada, workflow, ada.id, "see"),
    ):
        with pytest.raises(Conflict, match="has to own"):
            await change
    await share(runtime, ada, workflow, ben.id, "own")
    await rights.take(runtime, ada, kind="workflow", name=workflow, holder=ada.id)


async def test_only_who_is_there_gets_a_right(runtime, owner, ada, ben, workflow):
    await people.disable_person(runtime, owner, person=ben.id)
    for holder in ("person_0", "role:king", ben.id):
        with pytest.raises(NotFound):
            await share(runtime, ada, workflow, holder, "see")


async def test_the_record_says_what_was_and_what_is(runtime, ada, ben, workflow):
    await share(runtime, ada, workflow, ben.id, "see")
    await share(runtime, ada, workflow, ben.id, "edit")
    assert runtime.reader.now(list_audit)[0].reason == f"{ben.id}: see → edit"


async def test_why_i_cannot_is_answered_only_for_what_i_may_see(runtime, ada, ben, workflow):
    with pytest.raises(NotFound):
        await rights.why(runtime, ben, action="workflow.edit", name=workflow)
    await share(runtime, ada, workflow, ben.id, "see")
    verdict = await rights.why(runtime, ben, action="workflow.edit", name=workflow)
    assert not verdict.allowed
    assert "right to edit" in verdict.reason
    assert "ada" in verdict.reason
    assert (await rights.why(runtime, ada, action="workflow.edit", name=workflow)).allowed
