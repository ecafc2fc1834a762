import json
import os
import signal
import time
import urllib.error
import urllib.request

import pytest

from runtime.local_model import DemoModel
from runtime.local_model.doors import is_taken, open_door, port_of
from runtime.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture
def settings():
    with open_door() as door:
        port = port_of(door)
    return Settings(demo_port=port)


def ask(settings):
    body = json.dumps({"messages": [{"role": "user", "content": "Hello"}]}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{settings.demo_port}/v1/chat/completions", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as reply:  # noqa: S310 - our own child
        return json.load(reply)["model"]


def test_it_answers_from_the_first_call_on_comes_back_when_it_died_and_goes_with_us(settings):
    with DemoModel(settings) as demo:
        assert "no AI" in ask(settings)
        before = demo.standing
        assert before is not None
        assert before.process is not None
        os.kill(before.process, signal.SIGKILL)
        end = time.monotonic() + 20
        while True:
            try:
                assert "no AI" in ask(settings)
                break
            except (urllib.error.URLError, ConnectionError):
                assert time.monotonic() < end
                time.sleep(0.1)
        after = demo.standing
        assert after is not None
        assert after.deaths == 1
    assert not is_taken(settings.demo_port)


def test_one_that_is_there_will_do_where_it_is_shared(settings):
    with DemoModel(settings), DemoModel(settings, shared=True) as second:
        assert second.standing is None
        assert ask(settings)


def test_switched_off_it_is_not_there(settings):
    with DemoModel(settings.model_copy(update={"demo_model": False})) as demo:
        assert demo.standing is None
        assert not is_taken(settings.demo_port)
