"""Messages over pipes: whole, bounded, in time."""

import os
import time
from contextlib import suppress

import pytest

from runtime.sandbox import frames


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    yield reading, writing
    for each in (reading, writing):
        with suppress(OSError):
            os.close(each)


def test_a_message_arrives_whole(pipe):
    reading, writing = pipe
    frames.send(writing, b"hello" * 1000)
    assert frames.receive(reading) == b"hello" * 1000


def test_a_message_longer_than_allowed_is_refused_before_it_is_read(pipe):
    reading, writing = pipe
    os.write(writing, b"\xff\xff\xff\xff")
    with pytest.raises(frames.TooLong):
        frames.receive(reading, 100)


def test_half_a_message_and_an_end_is_no_message(pipe):
    reading, writing = pipe
    os.write(writing, b"\x00\x00\x00\x09half")
    os.close(writing)
    assert frames.receive(reading) is None


def test_a_message_that_trickles_is_given_up_in_time(pipe):
    reading, writing = pipe
    os.write(writing, b"\x00\x00\x00\x09h")
    with pytest.raises(TimeoutError):
        frames.receive(reading, 100, time.monotonic() + 0.05)


def test_a_message_nobody_takes_is_given_up_in_time(pipe):
    _, writing = pipe
    os.set_blocking(writing, False)
    with pytest.raises(TimeoutError):
        frames.send(writing, b"x" * 1_000_000, time.monotonic() + 0.05)
