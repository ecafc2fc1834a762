"""The real small model, by the way every run takes: what comes back has the right shape. What it says is not judged."""

import asyncio

import pytest

from nodes.sdk import Said
from runtime.local_model import LocalModels
from runtime.local_model.pins import BUNDLED
from runtime.operations import models
from runtime.operations.people import local_owner
from tests.support.local_engine import lend_engine
from tests.support.model_server import ModelServer
from tests.support.product import product

pytestmark = pytest.mark.slow

TICKET = [
    Said("user", "Sort this ticket: My invoice of March is wrong, I paid twice. Topic and urgency?"),
]
SORTED = {
    "type": "object",
    "properties": {"topic": {"enum": ["invoice", "login", "other"]}, "urgent": {"type": "boolean"}},
    "required": ["topic", "urgent"],
    "additionalProperties": False,
}


@pytest.fixture
async def ask(tmp_path):
    lend_engine(tmp_path / "local-model", with_model=True)
    with ModelServer() as scripted, product(tmp_path, scripted) as runtime:
        await models.bind_local(runtime, await local_owner(runtime), alias="local", model=BUNDLED)
        local = runtime.models.local
        assert isinstance(local, LocalModels)

        async def asked(messages, **options):
            given = {"schema": None, "temperature": None, "max_tokens": 40, "key": "", "on_text": None}
            return await runtime.models.ask("local", messages, on_restart=None, **given | options)

        yield asked
        await runtime.models.close()


async def test_it_answers_streams_and_gives_data_that_fits(ask):
    heard = []
    answer = await ask([Said("user", "Say hello to Ada.")], on_text=heard.append)
    assert answer.text.strip()
    assert "".join(heard) == answer.text
    assert len(heard) > 1
    assert 0 < answer.usage.tokens_out <= 40
    assert answer.usage.tokens_in > 0
    assert (answer.usage.model, answer.usage.cost) == ("smollm2-135m-demo-quality", 0.0)

    answer = await ask(TICKET, schema=SORTED, max_tokens=100)
    assert answer.data is not None
    assert answer.data["topic"] in ("invoice", "login", "other")
    assert isinstance(answer.data["urgent"], bool)

    answers = await asyncio.gather(*(ask([Said("user", f"Count to {each}.")]) for each in range(2, 6)))
    assert all(each.text.strip() for each in answers)
