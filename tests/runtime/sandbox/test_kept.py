import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from runtime.errors import NotFound
from runtime.sandbox.kept import NEVER_LIVED, Kept, Program

ANSWERING = """
import os, socket, sys, threading
word = sys.stdin.readline().strip()
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
door = socket.socket(fileno=int(sys.argv[1]))
door.setblocking(True)
while True:
    caller, _ = door.accept()
    asked = caller.recv(9999)
    if b"die" in asked:
        sys.stderr.write("could not go on"); sys.stderr.flush(); os._exit(7)
    body = f"{word} {os.getpid()}".encode()
    caller.sendall(b"HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body)
    caller.close()
    if b"rest" in asked:
        os._exit(0)
"""


def program(source=ANSWERING):
    return Program([sys.executable, "-c", source], b"hello\n")


@contextmanager
def keeping(source: Any = ANSWERING, **options):
    door = socket.create_server(("127.0.0.1", 0))
    port = door.getsockname()[1]
    make: Any = source if callable(source) else lambda: program(source)
    kept = Kept("test", door, make, lambda standing: f"Sorry: {standing.last_words}", first_pause_s=0.3, **options)

    def call(path="/"):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as reply:
                return reply.read().decode()
        except urllib.error.HTTPError as error:
            return f"{error.code} {error.read().decode()}"

    kept.start()
    try:
        yield kept, call
    finally:
        kept.close()


def until(holds, seconds=10):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.01)


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()


def test_nothing_runs_before_somebody_knocks_and_the_first_call_is_answered():
    with keeping() as (kept, call):
        assert kept.standing.state == "resting"
        assert call().startswith("hello ")
        assert kept.standing.state == "running"


def test_one_process_answers_all_calls():
    with keeping() as (_, call):
        assert call() == call()


def test_who_waits_when_it_dies_is_told_why_and_the_next_calls_until_the_pause_is_over():
    with keeping("import sys; sys.stderr.write('no such model'); sys.exit(3)") as (kept, call):
        assert call().startswith("500 ")
        assert "Sorry: no such model" in call()
        assert (kept.standing.state, kept.standing.code) == ("failing", 3)


@pytest.mark.slow
def test_after_a_death_it_is_started_again():
    with keeping() as (kept, call):
        first = call()
        with pytest.raises((urllib.error.URLError, ConnectionError)):
            call("/die")
        until(lambda: kept.standing.state == "failing")
        assert kept.standing.last_words == "could not go on"
        until(lambda: call().startswith("hello"))
        assert call() != first
        assert kept.standing.deaths == 1


@pytest.mark.slow
def test_the_pause_doubles_with_each_death_in_a_row():
    started = []

    def make():
        started.append(time.monotonic())
        return program("import sys; sys.exit(1)")

    with keeping(make) as (_, call):
        until(lambda: call() and len(started) == 4, 20)
    pauses = [later - earlier for earlier, later in pairwise(started)]
    assert [pause >= least for pause, least in zip(pauses, (0.3, 0.6, 1.2), strict=True)] == [True] * 3


def test_an_exit_without_complaint_is_rest_and_the_next_call_starts_it_anew():
    with keeping() as (kept, call):
        first = call("/rest")
        until(lambda: kept.standing.state == "resting")
        assert call() != first
        assert kept.standing.deaths == 0


def test_what_cannot_be_started_at_all_is_told_too():
    def make():
        raise NotFound("There is no such model.")

    with keeping(make) as (kept, call):
        assert "Sorry: There is no such model." in call()
        assert kept.standing.code == NEVER_LIVED


def test_closing_ends_the_process_and_what_it_started():
    forking = "import subprocess; subprocess.Popen(['sleep', '60'])\n" + ANSWERING
    with keeping(forking) as (kept, call):
        call()
        process = kept.standing.process
        started = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    assert len(started) == 1
    assert not is_alive(process)
    until(lambda: not is_alive(int(started[0])))


def test_every_change_is_told():
    told = []
    with keeping(changed=told.append) as (_, call):
        call()
    assert [each.state for each in told] == ["running", "resting"]


def test_it_is_gone_when_its_keeper_was_killed():
    keeper = textwrap.dedent(f"""
        import socket, sys, urllib.request
        from runtime.sandbox.kept import Kept, Program
        door = socket.create_server(("127.0.0.1", 0))
        port = door.getsockname()[1]
        kept = Kept("test", door, lambda: Program([sys.executable, "-c", {ANSWERING!r}], b"x\\n"), str).start()
        urllib.request.urlopen(f"http://127.0.0.1:{{port}}").read()
        print(kept.standing.process, flush=True)
        sys.stdin.read()
    """)
    with subprocess.Popen(
        [sys.executable, "-c", keeper], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert is_alive(child)
        process.send_signal(signal.SIGKILL)
        process.wait()
    until(lambda: not is_alive(child))
