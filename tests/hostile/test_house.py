"""The canaries sing: otherwise silence would prove nothing."""

import os
import socket
import time

import pytest

from tests.hostile.house import NAME, SECRET, house


@pytest.fixture
def canaries(tmp_path, monkeypatch):
    with house(tmp_path, monkeypatch) as made:
        yield made


def test_untouched_they_are_silent(canaries):
    assert canaries.harm("all is well") == []


def test_a_call_is_noted(canaries):
    with socket.create_connection(("127.0.0.1", canaries.port)):
        until = time.monotonic() + 5
        while not canaries.called and time.monotonic() < until:
            time.sleep(0.01)
    assert canaries.harm("")


def test_a_secret_that_comes_back_is_noted(canaries):
    source = canaries.armed("open('@FILE@').read() + os.environ['@NAME@']")
    assert str(canaries.file) in source
    assert NAME in source
    assert canaries.harm({"deep": [os.environ[NAME]]})


def test_a_changed_file_is_noted(canaries):
    canaries.file.write_text(SECRET + "!")
    assert canaries.harm("")
