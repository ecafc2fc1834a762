"""What those who are killed work with: the workflow, the model, a connection, a knowledge base, an approver."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import urlsplit

from runtime.assembly import assemble
from runtime.operations.connecting import Connecting
from runtime.operations.connections import add_connection
from runtime.operations.keys import create_key
from runtime.operations.knowledge import create_base, open_base, upload_document
from runtime.operations.models import Binding, bind_alias
from runtime.operations.people import local_owner
from runtime.operations.runtime import Runtime
from runtime.operations.trying import adopt_file
from runtime.settings import Settings
from tests.kill.approver import add_approver
from tests.kill.everything import BASE, FACT, everything
from tests.kill.workflow import SOURCE
from tests.support.processes import share


async def prepare(settings: Settings, model_url: str) -> str:
    """A data folder with the workflow, the model and a key; the key's text."""
    runtime = assemble(settings, sweeps=False)
    try:
        owner = await local_owner(runtime)
        binding = Binding(
            name="fast", model="openai/scripted", base_url=model_url, fast=True, hosting="here", price_in=1, price_out=1
        )
        await bind_alias(runtime, owner, binding=binding)
        await share(runtime, per_minute=0)
        connecting = Connecting(
            name="Host", host=urlsplit(model_url).netloc, internal=True, plain=True, clearance="internal"
        )
        proved = replace(owner, via="browser", proved=runtime.clock.now())
        await add_connection(runtime, proved, connecting=connecting, everybody=True)
        await adopt_file(runtime, SOURCE)
        await add_approver(runtime)
        return (await create_key(runtime, owner, label="kill")).text
    finally:
        runtime.close()


async def furnish(settings: Settings, model_url: str) -> None:
    """Add what the workflow with every type of step needs."""
    runtime = assemble(settings)
    try:
        owner = await local_owner(runtime)
        base = await create_base(runtime, owner, title=BASE, purpose="To be searched.", data_class="internal")
        await upload_document(runtime, owner, base=base.name, file="leave.txt", body=FACT.encode())
        await _indexed(runtime, base.name)
        await adopt_file(runtime, everything(model_url, base.name))
    finally:
        runtime.close()


async def _indexed(runtime: Runtime, base: str) -> None:
    """Wait until the document of a base can be found."""
    owner = await local_owner(runtime)
    for _ in range(600):
        if all(each.status == "ready" for each in (await open_base(runtime, owner, base=base)).documents):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("what is to be searched was not indexed")
