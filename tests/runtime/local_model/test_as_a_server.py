"""A server of one's own that speaks OpenAI's protocol, as a model connection: a real llama.cpp and the scripted one."""

import pytest
from pydantic import SecretStr

from nodes.sdk import Said, StepFailed
from runtime.local_model import LocalModels
from runtime.local_model.cage import Means
from runtime.operations import connections, credentials, models, probing
from runtime.operations.connecting import Credential, ModelConnecting
from runtime.operations.models import Binding
from runtime.operations.people import local_owner
from tests.support.local_engine import lend_engine
from tests.support.model_server import ModelServer
from tests.support.product import product
from tests.support.tiny_model import write_tiny_model

pytestmark = pytest.mark.slow

PICKED = {
    "type": "object",
    "properties": {"topic": {"enum": ["invoice", "other"]}},
    "required": ["topic"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def scripted():
    with ModelServer() as server:
        yield server


@pytest.fixture(scope="module")
def llama(tmp_path_factory):
    folder = tmp_path_factory.mktemp("llama")
    lend_engine(folder / "local-model")
    kept = LocalModels(folder / "local-model", Means(reduced=lambda: True))  # with or without a cage
    kept.shelf.add(write_tiny_model(folder / "tiny.gguf"), "tiny", copy=False)
    yield kept.reach("tiny")
    kept.close()


@pytest.fixture
async def desk(tmp_path, scripted):
    """A product, its owner, and how to connect a server and ask the model behind it."""
    with product(tmp_path, scripted) as runtime:
        owner = await local_owner(runtime)

        async def connect(url, key, *, provider="openai", fast=False):
            said = ModelConnecting(name="Mine", provider=provider, base_url=url, hosting="here")
            connection = await connections.add_connection(runtime, owner, connecting=said)
            secret = Credential(kind="bearer", secret=SecretStr(key))
            await credentials.set_credential(runtime, owner, connection=connection, credential=secret)
            binding = Binding(name="mine", model="tiny", connection=connection, fast=fast, max_tokens=200)
            await models.bind_alias(runtime, owner, binding=binding)
            return (await probing.test_connection(runtime, owner, connection=connection)).result

        async def ask(**options):
            given = {"schema": None, "temperature": None, "max_tokens": 30, "key": "", "on_text": None}
            messages = [Said("user", "My invoice is wrong.")]
            return await runtime.models.ask("mine", messages, on_restart=None, **given | options)

        yield connect, ask
        await runtime.models.close()


@pytest.mark.parametrize(
    ("provider", "fast"), [("openai", True), ("openai", False), ("hosted_vllm", False), ("lm_studio", False)]
)
async def test_a_real_server_is_reached_streams_and_gives_data_over_a_connection(desk, llama, provider, fast):
    connect, ask = desk
    assert await connect(llama.url, llama.key, provider=provider, fast=fast) == "reached"
    heard = []
    answer = await ask(on_text=heard.append)
    assert "".join(heard) == answer.text
    assert answer.usage.tokens_out == 30
    assert (await ask(schema=PICKED, max_tokens=100)).data["topic"] in ("invoice", "other")


@pytest.mark.parametrize("provider", ["openai", "hosted_vllm"])
async def test_the_scripted_server_is_reached_in_the_same_way(desk, scripted, provider):
    connect, ask = desk
    scripted.clear()
    assert await connect(scripted.url, "sk-mine", provider=provider) == "reached"
    scripted.clear()
    scripted.say("Good day", '{"topic": "invoice"}')
    assert (await ask()).text == "Good day"
    assert (await ask(schema=PICKED)).data == {"topic": "invoice"}
    assert {call.headers["authorization"] for call in scripted.calls} == {"Bearer sk-mine"}


async def test_a_wrong_key_is_told_in_words(desk, llama):
    connect, ask = desk
    await connect(llama.url, "sk-wrong", fast=True)
    with pytest.raises(StepFailed) as failed:
        await ask()
    assert failed.value.code == "model_refused_key"
