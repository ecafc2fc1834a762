"""LiteLLM is loaded late, once, and asks nobody for anything."""

import subprocess
import sys

import pytest

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
