"""What people call things stands where a workflow is judged, and only before those who may know it."""

from runtime.operations import connections, knowledge, rights
from runtime.operations.connecting import Connecting
from runtime.operations.reviews import open_review
from runtime.operations.runtime import Runtime
from runtime.operations.submissions import check_submission
from runtime.operations.titles import known_titles, titles_of, unreadable
from runtime.operations.versions import compare_versions, save_version
from runtime.operations.workflows import create_workflow
from tests.support.library import SEARCHING, base
from tests.support.reviewing import drawn, somebody, submitted

CALLS = """
greenlane: 1
name: calls
meaning:
  steps:
    start: {type: flow.start}
    call: {type: connect.call_http, settings: {method: POST, url: "https://desk.example.com/tickets"}}
    finish: {type: flow.finish}
  edges: [{from: start, to: call}, {from: call, to: finish}]
"""


def touched(runtime: Runtime, source: str):
    return runtime.plans.compile(drawn(source.encode())).touched


async def test_bases_and_connections_are_called_what_people_call_them(runtime, ada, grace):
    await base(runtime, ada, "Staff handbook")
    desk = Connecting(name="Ticket desk", host="desk.example.com")
    await connections.add_connection(runtime, grace, connecting=desk)
    names = [touched(runtime, SEARCHING.format(bases="[staff-handbook]")), touched(runtime, CALLS)]
    found = runtime.reader.now(lambda tx: titles_of(tx, names))
    assert found["base:staff-handbook"] == "Staff handbook"
    assert found["connection:desk.example.com"] == "Ticket desk (desk.example.com)", "the host is what counts"
    assert found["node_type:knowledge.search"] == "Search knowledge"


async def test_of_two_bases_with_one_title_each_is_told_with_its_name(runtime, ada):
    await base(runtime, ada, "Handbook")
    await base(runtime, ada, "Handbook")
    names = touched(runtime, SEARCHING.format(bases="[handbook, handbook-2]"))
    found = runtime.reader.now(lambda tx: titles_of(tx, [names]))
    assert (found["base:handbook"], found["base:handbook-2"]) == ("Handbook (handbook)", "Handbook (handbook-2)")


async def test_a_title_is_known_to_readers_and_to_those_who_judge(runtime, ada, grace):
    await base(runtime, ada, "Layoffs 2027")
    names = touched(runtime, SEARCHING.format(bases="[layoffs-2027]"))
    stranger, auditor = await somebody(runtime, "Ben", "analyst"), await somebody(runtime, "Otto", "auditor")

    def knows(actor) -> bool:
        known = runtime.reader.now(lambda tx: known_titles(tx, actor, names))
        hidden = runtime.reader.now(lambda tx: unreadable(tx, actor, names.bases))
        assert bool(hidden) != ("base:layoffs-2027" in known)
        return not hidden

    assert [knows(each) for each in (ada, grace, auditor, stranger, None)] == [True, True, True, False, False]
    await rights.give(runtime, ada, kind="base", name="layoffs-2027", holder=stranger.id, level="see")
    assert knows(stranger)


async def test_a_connection_is_called_by_its_host_before_those_who_may_not_see_connections(runtime, grace):
    await connections.add_connection(runtime, grace, connecting=Connecting(name="Ticket desk", host="desk.example.com"))
    names, title = touched(runtime, CALLS), "connection:desk.example.com"
    ana = await somebody(runtime, "Ana", "analyst")
    for each in (await somebody(runtime, "Max"), ana, None):
        assert title not in runtime.reader.now(lambda tx, each=each: known_titles(tx, each, names))
    (card,) = await connections.list_connections(runtime, grace)
    await rights.give(runtime, grace, kind="connection", name=card.connection.id, holder=ana.id, level="see")
    assert title in runtime.reader.now(lambda tx: known_titles(tx, ana, names))


async def test_a_review_tells_titles_and_keeps_them_from_who_may_not_read_the_base(runtime, ada, grace):
    await base(runtime, ada, "Layoffs 2027")
    card = await submitted(runtime, ada, drawn(SEARCHING.format(bases="[layoffs-2027]").encode()))
    seen = await open_review(runtime, grace, number=card.number)
    assert "Searches “Layoffs 2027” for" in seen.walkthrough
    assert "layoffs-2027" not in seen.walkthrough
    places = next(each for each in seen.facts["checks"] if each["code"] == "places")
    assert places["sentence"] == "All are set up: Layoffs 2027."
    assert {each["source"] for each in seen.facts["flow"]} >= {"Layoffs 2027"}
    assert ("base", "Layoffs 2027") in {(each["kind"], each["title"]) for each in seen.facts["inventory"]}
    assert any("“Layoffs 2027” (internal)" in each["sentence"] for each in seen.facts["reasons"])

    ben = await somebody(runtime, "Ben", "analyst")
    await rights.give(runtime, ada, kind="workflow", name=card.workflow, holder=ben.id, level="edit")
    hidden = await open_review(runtime, ben, number=card.number)
    assert "Layoffs 2027" not in repr(hidden)
    assert (hidden.facts["flow"], hidden.facts["withheld"] != "") == ([], True)
    preview = await check_submission(runtime, ben, workflow=card.workflow)
    assert "Layoffs 2027" not in repr(preview)
    assert [each["ok"] for each in preview.sheet.checks] == [each["ok"] for each in hidden.facts["checks"]]


async def test_of_a_base_one_may_not_read_one_hears_that_it_changed_and_not_what(runtime, ada):
    await base(runtime, ada, "Layoffs 2027")
    draft = await create_workflow(
        runtime, ada, title="Answer", document=drawn(SEARCHING.format(bases="[layoffs-2027]").encode())
    )
    before = await save_version(runtime, ada, name=draft.name)
    await knowledge.change_base(
        runtime, ada, base="layoffs-2027", title="Layoffs 2028", purpose="Tests.", data_class="confidential"
    )
    ben = await somebody(runtime, "Ben", "analyst")
    await rights.give(runtime, ada, kind="workflow", name=draft.name, holder=ben.id, level="edit")

    async def told(actor) -> list[str]:
        found = await compare_versions(runtime, actor, name=draft.name, before=before.id, after=None)
        return [each.sentence for each in found.changes]

    [sentence] = await told(ada)
    assert sentence.startswith("The knowledge base “Layoffs 2028” changed: data class: internal → confidential")
    assert await told(ben) == ["The knowledge base “layoffs-2027” changed."]
