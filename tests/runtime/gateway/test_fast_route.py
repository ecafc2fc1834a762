"""The direct route keeps its connections and its credentials apart."""

import pytest

from nodes.sdk import Said
from runtime.gateway import Binding
from runtime.gateway.call import Call
from runtime.gateway.fast_route import FastRoute
from tests.support.model_server import ModelServer, Turn


def call(url, key="", on_text=None):
    return Call(
        Binding("fast", "openai/demo", url, key=key, hosting="here"), [Said("user", "hi")], None, None, 10, "", on_text
    )


@pytest.fixture
async def route():
    found = FastRoute()
    yield found
    await found.close()


async def test_each_address_and_key_has_a_way_of_its_own(route):
    with ModelServer() as one, ModelServer() as other:
        for url, key in [(one.url, "key-a"), (one.url, "key-b"), (other.url, "key-c"), (other.url, "")]:
            await route.ask(call(url, key))
        assert [each.headers.get("authorization") for each in one.calls] == ["Bearer key-a", "Bearer key-b"]
        assert [each.headers.get("authorization") for each in other.calls] == ["Bearer key-c", None]


async def test_counts_and_names_a_server_leaves_out_are_not_invented(route):
    with ModelServer() as server:
        server.say(Turn(raw=b'{"choices": [{"message": {"content": null}}]}'))
        heard = await route.ask(call(server.url))
    assert (heard.text, heard.finish, heard.model) == ("", "stop", "demo")
    assert (heard.tokens_in, heard.tokens_out) == (None, None)
