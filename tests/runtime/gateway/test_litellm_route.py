"""LiteLLM is loaded late, once, and asks nobody for anything."""

import subprocess
import sys

import pytest

from nodes.sdk import Said, StepFailed
from runtime.gateway import OFFERED, Binding, Gateway
from tests.support.outside_host import OutsideHost, Reply

LOADS = """
import socket, sys
import runtime.gateway
assert "litellm" not in sys.modules
def refuse(*_): raise AssertionError("a connection was opened")
socket.socket.connect = refuse
from runtime.gateway.litellm_route import warm
first = warm()
assert warm() is first
litellm = first.result(60)
print(litellm.disable_aiohttp_trust_env, litellm.drop_params, litellm.num_retries)
"""


@pytest.mark.slow
def test_it_is_loaded_in_a_thread_without_the_network():
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", LOADS], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1:] == ["True False 0"], done.stderr
    assert "ReadOnly" not in done.stderr


@pytest.fixture(scope="module")
def host():
    with OutsideHost() as outside:
        yield outside


@pytest.mark.slow
@pytest.mark.parametrize("provider", OFFERED)
async def test_the_calls_of_every_provider_offered_leave_by_our_way_out(provider, host):
    gateway = Gateway()

    async def asked(hosting):
        host.clear()
        host.say(Reply(status=500, body=b'{"error": {"message": "scripted"}}'))
        binding = Binding(
            "a", f"{provider}/m", f"{host.url}/v1", key="sk-canary", hosting=hosting, retries=0, timeout_s=10
        )
        with pytest.raises(StepFailed) as failed:
            await gateway.ask([binding], [Said("user", "hi")])
        return failed.value.code, len(host.got)

    try:
        assert await asked("here") == ("model_down", 1)
        assert await asked("external") == ("model_barred", 0), "a machine of our own was reached as if it were outside"
    finally:
        await gateway.close()
