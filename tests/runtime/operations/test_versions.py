from dataclasses import replace

import pytest

from runtime.errors import NotFound
from runtime.graph.document import Document, Place
from runtime.graph.edits import Configure, Move, Rename
from runtime.graph.hashing import content_hash
from runtime.operations import drafts, versions, workflows
from runtime.store import models
from tests.runtime.operations.flows import summary


async def edit(runtime, owner, name, *edits):
    draft = await workflows.open_draft(runtime, owner, name=name)
    done = await drafts.edit_draft(
        runtime, owner, name=name, saw=draft.revision, batch=f"t-{draft.revision}", client="t", edits=list(edits)
    )
    assert not done.refused
    return done


def rebind(runtime, **changes):
    """The model behind `fast` becomes another one, as if IT had done it."""

    def work(tx):
        alias = next(each for each in models.list_aliases(tx) if each.name == "fast")
        models.bind_alias(tx, replace(alias, **changes))

    return runtime.writer.write(work)


@pytest.fixture
async def flow(runtime, owner):
    return (await workflows.create_workflow(runtime, owner, title="Summary", document=summary())).name


async def test_a_version_keeps_the_draft_as_it_was(runtime, owner, flow):
    first = await versions.save_version(runtime, owner, name=flow, title="First try", note="For the team")
    before = (await workflows.open_draft(runtime, owner, name=flow)).document
    await edit(runtime, owner, flow, Rename(title="Other"), Configure(id="ask", field="temperature", value=1))
    kept = runtime.reader.now(lambda tx: versions.version_document(tx, first.id))
    assert kept == before
    assert (first.number, first.title, first.note, first.person) == (1, "First try", "For the team", owner.name)


async def test_saving_what_did_not_change_answers_the_last_version(runtime, owner, flow):
    first = await versions.save_version(runtime, owner, name=flow)
    again = await versions.save_version(runtime, owner, name=flow, title="Named later")
    assert (again.id, again.title) == (first.id, "Named later")
    assert len(await versions.list_versions(runtime, owner, name=flow)) == 1


async def test_another_model_behind_an_alias_makes_another_version_of_the_same_meaning(runtime, owner, flow):
    first = await versions.save_version(runtime, owner, name=flow)
    await rebind(runtime, model="openai/other")
    second = await versions.save_version(runtime, owner, name=flow)
    assert (second.number, second.hash) == (2, first.hash)
    assert second.manifest != first.manifest
    found = await versions.compare_versions(runtime, owner, name=flow, before=first.id, after=second.id)
    assert [(each.code, each.material) for each in found.changes] == [("model", True)]
    assert "openai/scripted → openai/other" in found.changes[0].sentence


async def test_a_price_or_a_description_of_an_alias_makes_no_new_version(runtime, owner, flow):
    first = await versions.save_version(runtime, owner, name=flow)
    await rebind(runtime, price_in=9.0, description="now dearer")
    assert (await versions.save_version(runtime, owner, name=flow)).id == first.id


async def test_restoring_is_an_edit_like_any_other_and_keeps_what_was_there_before(runtime, owner, flow):
    first = await versions.save_version(runtime, owner, name=flow)
    was = (await workflows.open_draft(runtime, owner, name=flow)).document
    await edit(
        runtime, owner, flow, Configure(id="ask", field="temperature", value=1), Rename(title="Other"),
        Move(places={"ask": Place(9, 9)}),
    )  # fmt: skip
    revision = await versions.restore_version(runtime, owner, name=flow, version=first.id)
    restored = await workflows.open_draft(runtime, owner, name=flow)
    assert restored.document == was
    [change] = await drafts.changes_of(runtime, owner, name=flow, after=revision - 1)
    assert (change.client, change.revision) == ("restore", revision)
    assert {each["edit"] for each in change.edits} == {"configure", "rename", "move"}
    kept = (await versions.list_versions(runtime, owner, name=flow))[0]
    assert kept.title == "Before restoring version 1"
    await versions.restore_version(runtime, owner, name=flow, version=kept.id)
    assert (await workflows.open_draft(runtime, owner, name=flow)).document.words.title == "Other"


async def test_restoring_what_the_draft_is_already_changes_nothing(runtime, owner, flow):
    first = await versions.save_version(runtime, owner, name=flow)
    before = await workflows.open_draft(runtime, owner, name=flow)
    assert await versions.restore_version(runtime, owner, name=flow, version=first.id) == before.revision


async def test_a_version_of_another_workflow_is_not_there(runtime, owner, flow):
    first = await versions.save_version(runtime, owner, name=flow)
    other = await workflows.create_workflow(runtime, owner, title="Other", document=summary())
    for attempt in (
        versions.restore_version(runtime, owner, name=other.name, version=first.id),
        versions.compare_versions(runtime, owner, name=other.name, before=first.id, after=None),
        versions.name_version(runtime, owner, name=other.name, version=first.id, title="Mine"),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_what_a_reviewer_has_to_see_comes_first(runtime, owner, flow):
    first = await versions.save_version(runtime, owner, name=flow)
    told = [{"role": "user", "text": "Say it in German: {{ start.text }}"}]
    await edit(
        runtime, owner, flow, Rename(title="New name"), Configure(id="ask", field="temperature", value=1),
        Configure(id="ask", field="messages", value=told), Move(places={"ask": Place(1, 1)}),
    )  # fmt: skip
    found = await versions.compare_versions(runtime, owner, name=flow, before=first.id, after=None)
    assert [each.code for each in found.changes] == ["prompt", "other", "words", "layout"]
    assert [each.material for each in found.changes] == [True, True, False, False]


async def test_a_version_can_be_named_and_stays_what_it_is(runtime, owner, flow):
    first = await versions.save_version(runtime, owner, name=flow)
    named = await versions.name_version(runtime, owner, name=flow, version=first.id, title="Good one", note="Why")
    assert (named.title, named.note, named.hash) == ("Good one", "Why", first.hash)
    kept: Document = runtime.reader.now(lambda tx: versions.version_document(tx, first.id))
    assert content_hash(kept) == first.hash
