"""Before a step is tried that changes something outside, whoever tries it is told so."""

import pytest

from runtime.errors import NotFound
from runtime.graph.hashing import content_hash
from runtime.operations import acting, versions, workflows
from tests.runtime.graph.test_calling import document
from tests.support.documents import each, inside, start
from tests.support.reviewing import somebody

SEND = {"type": "connect.call_http", "settings": {"method": "POST", "url": "https://mail.example.com/send"}}
LOOK = {"type": "connect.call_http", "settings": {"method": "GET", "url": "https://mail.example.com/all"}}


async def test_what_sends_is_told_alone_in_a_container_and_behind_a_call(runtime, owner):
    inner = document({"start": start(), "send": SEND}, ("start", "send"))
    card = await workflows.create_workflow(runtime, owner, title="Inner", document=inner)
    await versions.save_version(runtime, owner, name=card.name)
    call = {"type": "flow.call", "settings": {"workflow": {"name": card.name, "content": content_hash(inner)}}}
    steps = {"start": start("rows"), "all": each("{{ start.rows }}", "x"), "send": inside("all", SEND),
             "look": LOOK, "call": call}  # fmt: skip
    made = await workflows.create_workflow(
        runtime, owner, title="Outer", document=document(steps, ("start", "all"), ("all", "look"), ("look", "call"))
    )

    async def acts(step: str) -> list[str]:
        return await acting.acting_steps(runtime, owner, workflow=made.name, step=step)

    assert [await acts(each) for each in ("send", "all", "look", "call", "start")] == [
        ["send"], ["send"], [], ["call"], []]  # fmt: skip
    ben = await somebody(runtime, "Ben", "analyst")
    for asked in (
        acting.acting_steps(runtime, ben, workflow=made.name, step="send"),
        acting.acting_steps(runtime, owner, workflow=made.name, step="gone"),
    ):
        with pytest.raises(NotFound):
            await asked
