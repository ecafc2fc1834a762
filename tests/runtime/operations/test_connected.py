"""Who may use a connection in a workflow: asked of whoever draws, starts or submits it; what is approved is pinned."""

import pytest

from runtime.errors import BadInput
from runtime.operations import connections, drafts, rights, runs, submissions, traces
from runtime.operations.connecting import Connecting
from runtime.operations.manifests import manifest_of
from runtime.operations.reviews import try_submission
from runtime.operations.trying import adopt_file
from runtime.operations.workflows import create_workflow
from tests.support.outside_host import OutsideHost
from tests.support.reviewing import ANSWERS, drawn, somebody

CALLING = """
greenlane: 1
name: calling
words: {{title: Calling, description: Asks the desk.}}
meaning:
  steps:
    start: {{type: flow.start, settings: {{inputs: [{{name: text, kind: text, data_class: public}}]}}}}
    call: {{type: connect.call_http, settings: {{url: "{url}/x"}}}}
    finish: {{type: flow.finish, settings: {{outputs: [{{name: body, value: "{{{{ call.body }}}}"}}]}}}}
  edges: [{{from: start, to: call}}, {{from: call, to: finish}}]
"""


@pytest.fixture
def host():
    with OutsideHost() as found:
        yield found


@pytest.fixture
async def desk(runtime, it, host) -> str:
    connecting = Connecting(name="Desk", host=host.name, internal=True, plain=True, clearance="internal")
    return await connections.add_connection(runtime, it, connecting=connecting)


@pytest.fixture
async def workflow(runtime, ada, host) -> str:
    _, name = await adopt_file(runtime, CALLING.format(url=host.url).encode())
    return name


async def shared(runtime, owner, workflow, holder) -> None:
    await rights.give(runtime, owner, kind="workflow", name=workflow, holder=holder.id, level="edit")


async def test_a_step_over_a_connection_that_is_not_shared_has_a_problem_that_says_who_can_help(
    runtime, owner, it, ada, host, desk, workflow
):
    await shared(runtime, owner, workflow, ada)
    check = await drafts.check_draft(runtime, ada, name=workflow)
    (problem,) = [each for each in check.problems if each.code == "connection_not_shared"]
    assert (check.runnable, problem.step, problem.field) == (False, "call", "url")
    assert host.name in problem.sentence
    assert "can share it" in problem.hint
    assert "Desk" not in problem.sentence + problem.hint, "what it is called is for those who may see it"
    assert check.crossings == ()
    await rights.give(runtime, it, kind="connection", name=desk, holder=ada.id, level="see")
    assert not (await drafts.check_draft(runtime, ada, name=workflow)).runnable, "to see it is not to use it"
    await rights.give(runtime, it, kind="connection", name=desk, holder=ada.id, level="run")
    check = await drafts.check_draft(runtime, ada, name=workflow)
    assert (check.runnable, check.problems) == (True, ())


async def test_a_step_that_calls_what_nobody_connected_says_so_at_its_address(runtime, owner, it, ada, host, workflow):
    await shared(runtime, owner, workflow, ada)
    check = await drafts.check_draft(runtime, ada, name=workflow)
    (problem,) = [each for each in check.problems if each.code == "connection_missing"]
    assert (check.runnable, problem.step, problem.field) == (False, "call", "url")
    assert host.name in problem.sentence
    assert "IT connects it" in problem.hint
    connecting = Connecting(name="Desk", host=host.name, internal=True, plain=True, clearance="internal")
    await connections.add_connection(runtime, it, connecting=connecting, everybody=True)
    assert (await drafts.check_draft(runtime, ada, name=workflow)).runnable


@pytest.mark.parametrize(
    ("named", "written"),
    [
        ("desk.example.com", "desk.example.com:0443"), ("desk.example.com", "DESK.example.com:00443"),
        ("desk.example.com:8443", "desk.example.com:08443"), ("[2a00::1]", "[2A00:0:0:0:0:0:0:1]:443"),
        ("[2a00::1]:8443", "[2a00:0::0.0.0.1]:08443"),
    ],
)  # fmt: skip
async def test_a_host_written_otherwise_is_the_same_host(runtime, it, ada, named, written):
    """Or whoever may not use a connection would call over it, with its credential, by another spelling of its host."""
    await connections.add_connection(runtime, it, connecting=Connecting(name="Desk", host=named))
    document = drawn(CALLING.format(url=f"https://{written}").encode())
    draft = await create_workflow(runtime, ada, title="Calling", document=document)
    check = await drafts.check_draft(runtime, ada, name=draft.name)
    assert [each.code for each in check.problems] == ["connection_not_shared"]


async def test_the_right_is_asked_of_whoever_starts_and_submits(runtime, owner, it, ada, host, desk, workflow):
    await shared(runtime, owner, workflow, ada)
    with pytest.raises(BadInput, match="not shared with you"):
        await runs.run_to_end(runtime, ada, workflow=workflow, inputs={"text": "x"})
    with pytest.raises(BadInput, match="not shared with you"):
        await submissions.submit(runtime, ada, workflow=workflow, answers=ANSWERS)
    assert host.got == []
    await rights.give(runtime, it, kind="connection", name=desk, holder=ada.id, level="run")
    assert (await runs.run_to_end(runtime, ada, workflow=workflow, inputs={"text": "x"})).status == "succeeded"
    card = await submissions.submit(runtime, ada, workflow=workflow, answers=ANSWERS)
    rita = await somebody(runtime, "Rita", "reviewer")
    with pytest.raises(BadInput, match="not shared with you"):
        await try_submission(runtime, rita, number=card.number, inputs={"text": "x"})
    assert len(host.got) == 1
    await rights.give(runtime, it, kind="connection", name=desk, holder=rita.id, level="run")
    await try_submission(runtime, rita, number=card.number, inputs={"text": "x"})
    await rights.take(runtime, it, kind="connection", name=desk, holder=ada.id)
    with pytest.raises(BadInput, match="not shared with you"):
        await runs.run_to_end(runtime, ada, workflow=workflow, inputs={"text": "x"})


async def test_whoever_fills_in_a_form_leads_no_call_to_another_place_of_its_host(runtime, it, host, desk):
    """The host's credential goes along, and what was approved is this one place of it."""
    source = CALLING.replace("{url}/x", "{url}/orders/{{{{ start.text }}}}?q={{{{ start.text }}}}").format(url=host.url)
    actor, name = await adopt_file(runtime, source.encode())
    end = await runs.run_to_end(runtime, actor, workflow=name, inputs={"text": "1/refund?a=b&admin=1#"})
    assert end.status == "succeeded"
    piece = "1%2Frefund%3Fa%3Db%26admin%3D1%23"
    assert [each.path for each in host.got] == [f"/orders/{piece}?q={piece}"]
    end = await runs.run_to_end(runtime, actor, workflow=name, inputs={"text": ".."})
    assert (end.error or {})["code"] == "bad_address"
    assert len(host.got) == 1


async def test_what_is_approved_says_how_the_connection_was_set_up(runtime, it, host, desk):
    document = drawn(CALLING.format(url=host.url).encode())

    def pinned():
        return runtime.reader.now(lambda tx: manifest_of(tx, runtime, document)).digest

    before = pinned()
    changed = Connecting(name="Desk", host=host.name, internal=True, plain=True, clearance="restricted")
    await connections.change_connection(runtime, it, connection=desk, connecting=changed)
    assert pinned() != before


async def test_a_call_to_a_host_is_not_told_as_one_of_a_model(runtime, owner, it, ada, desk, workflow):
    await shared(runtime, owner, workflow, ada)
    await rights.give(runtime, it, kind="connection", name=desk, holder=ada.id, level="run")
    ended = await runs.run_to_end(runtime, ada, workflow=workflow, inputs={"text": "x"})
    (step,) = [each for each in (await traces.read_run(runtime, ada, run=ended.run)).steps if each.step == "call"]
    assert (step.status, step.calls) == ("done", [])
