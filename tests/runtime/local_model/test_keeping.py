"""Local models as processes: started, closed in, killed, damaged, shared, at rest. With the real engine."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from runtime.errors import Conflict, NotFound
from runtime.local_model import LocalModels, cage
from runtime.local_model.cage import Means
from runtime.local_model.keeping import sorry
from runtime.sandbox.cage import Cage
from runtime.sandbox.kept import Standing
from tests.support.local_engine import lend_engine
from tests.support.tiny_model import write_tiny_model

pytestmark = pytest.mark.slow
CAGED_OR_NOT = Means(reduced=lambda: True)
"""these tests are about other things than the cage, and hold where none can be built, too"""


@pytest.fixture
def folder(tmp_path):
    lend_engine(tmp_path / "local-model")
    return tmp_path


@pytest.fixture
def models(folder):
    models = LocalModels(folder / "local-model", CAGED_OR_NOT)
    models.shelf.add(write_tiny_model(folder / "tiny.gguf"), "tiny", copy=False)
    yield models
    models.close()


def ask(note, **changed):
    body = {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 5} | changed
    request = urllib.request.Request(  # noqa: S310 - the address of our own child
        f"{note.url}/chat/completions", json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {note.key}"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310 - see above
        return json.load(reply)["choices"][0]["message"]["content"]


def refusal(note):
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(note)
    return json.load(refused.value)["error"]["message"]


def until(holds, seconds=20):
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.02)
    return found


def innermost(process):
    """The engine itself, below what builds the cage around it."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return innermost(int(children[0])) if children else process


def status_of(process):
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_nothing_runs_before_the_first_call_and_nothing_is_left_after_closing(models):
    note = models.reach("tiny")
    assert models.standings()[0].state == "resting"
    assert ask(note)
    (standing,) = models.standings()
    assert standing.state == "running"
    assert 10 < (standing.memory_mb or 0) < 1000
    models.close()
    with pytest.raises(ProcessLookupError):
        os.kill(standing.process, 0)
    assert models.standings()[0].state == "resting"


@pytest.mark.skipif(not cage.cage().works, reason="no cage can be built here")
def test_it_lives_in_a_cage_without_a_network(models):
    ask(models.reach("tiny"))
    engine = innermost(models.standings()[0].process)
    status = status_of(engine)
    for space in ("net", "pid", "mnt", "ipc", "user"):
        assert Path(f"/proc/{engine}/ns/{space}").readlink() != Path(f"/proc/self/ns/{space}").readlink()
    assert int(status["CapEff"], 16) == 0
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    addresses = Path(f"/proc/{engine}/net/dev").read_text()
    assert re.findall(r"^\s*(\w+):", addresses, re.MULTILINE) == ["lo"]


def test_the_key_is_in_no_list_of_processes_and_readable_by_its_owner_only(models):
    note = models.reach("tiny")
    ask(note)
    process = models.standings()[0].process
    for each in (process, innermost(process)):
        assert note.key.encode() not in Path(f"/proc/{each}/cmdline").read_bytes()
        assert note.key.encode() not in Path(f"/proc/{each}/environ").read_bytes()
    written = models.shelf.folder / "run" / "tiny.json"
    assert note.key in written.read_text()
    assert written.stat().st_mode & 0o777 == 0o600


def test_when_the_engine_is_killed_it_comes_back_and_the_error_is_told(models):
    note = models.reach("tiny")
    ask(note)
    os.kill(innermost(models.standings()[0].process), signal.SIGKILL)
    until(lambda: models.standings()[0].state == "failing")
    assert "“tiny” died" in models.standings()[0].last_error

    def answered():
        try:
            return ask(note)
        except urllib.error.HTTPError:
            return ""

    assert until(answered)


@pytest.mark.parametrize(
    "harm",
    [
        lambda whole: whole[:5000] + os.urandom(len(whole) - 5000),
        lambda whole: whole[:40_000],
        lambda whole: whole[:24] + b"\xff" * 400 + whole[424:],
        lambda whole: whole[:16] + (500_000).to_bytes(8, "little") + whole[24:],
        lambda whole: whole[:24] + (2**62).to_bytes(8, "little") + whole[32:],
    ],
    ids=["noise", "cut off", "words of nothing", "half a million words", "a name of four exabytes"],
)
def test_a_file_that_lies_ends_its_own_process_and_the_message_says_so(models, folder, harm):
    path = folder / "bad.gguf"
    path.write_bytes(harm((folder / "tiny.gguf").read_bytes()))
    models.shelf.add(path, "bad", copy=False)
    said = refusal(models.reach("bad"))
    assert said.startswith("The local model “bad” ")
    assert "its file is damaged" in said or "its file may be damaged" in said
    assert "Its last words: " in said
    assert str(folder) not in said
    assert ask(models.reach("tiny"))


def test_a_file_that_was_exchanged_is_not_loaded(models, folder):
    path = folder / "tiny.gguf"
    write_tiny_model(path, seed=2)
    assert "is no longer the one that was added" in refusal(models.reach("tiny"))


def test_it_may_not_have_more_memory_than_it_is_given(folder):
    models = LocalModels(folder / "local-model", replace(CAGED_OR_NOT, memory_mb=150))
    models.shelf.add(write_tiny_model(folder / "tiny.gguf"), "tiny", copy=False)
    try:
        said = refusal(models.reach("tiny"))
    finally:
        models.close()
    assert "“tiny”" in said


def test_it_rests_when_nobody_calls_and_wakes_up_for_the_next(folder):
    models = LocalModels(folder / "local-model", replace(CAGED_OR_NOT, rest_s=0.3))
    models.shelf.add(write_tiny_model(folder / "tiny.gguf"), "tiny", copy=False)
    try:
        note = models.reach("tiny")
        ask(note)
        until(lambda: models.standings()[0].state == "resting")
        assert models.standings()[0].last_error == ""
        assert ask(note)
    finally:
        models.close()


def test_another_process_of_the_data_folder_uses_the_same_engine(models, folder):
    ask(models.reach("tiny"))
    other = (
        "import sys; from pathlib import Path; from runtime.local_model import LocalModels\n"
        "from tests.runtime.local_model.test_keeping import CAGED_OR_NOT, ask\n"
        "models = LocalModels(Path(sys.argv[1]), CAGED_OR_NOT); assert ask(models.reach('tiny'))\n"
        "print(models.standings()[0].process); models.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", other, str(folder / "local-model")], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == models.standings()[0].process
    assert ask(models.reach("tiny"))


def test_when_the_process_that_kept_it_is_gone_the_next_one_takes_over(models, folder):
    holder = (
        "import sys; from pathlib import Path; from runtime.local_model import LocalModels\n"
        "from tests.runtime.local_model.test_keeping import CAGED_OR_NOT, ask\n"
        "models = LocalModels(Path(sys.argv[1]), CAGED_OR_NOT); ask(models.reach('tiny'))\n"
        "print('up', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(folder / "local-model")],
        stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True,
    ) as first:  # fmt: skip
        assert first.stdout is not None
        assert first.stdout.readline() == "up\n"
        theirs = models.reach("tiny")
        first.kill()
        first.wait()
    ours = until(lambda: (note := models.reach("tiny")).port != theirs.port and note)
    assert ask(ours)


def test_without_a_cage_only_the_pinned_model_runs_unless_policy_allows_more(folder, monkeypatch):
    monkeypatch.setattr(cage, "cage", lambda: Cage("", "bubblewrap is not installed.", "Install it."))
    path = write_tiny_model(folder / "tiny.gguf")
    for allowed, words in ((False, "would have to run without a cage. bubblewrap is not installed."), (True, "")):
        models = LocalModels(folder / "local-model", Means(reduced=lambda allowed=allowed: allowed))
        if not models.shelf.model("tiny"):
            models.shelf.add(path, "tiny", copy=False)
        try:
            note = models.reach("tiny")
            assert words in refusal(note) if words else ask(note)
        finally:
            models.close()


def test_without_the_engine_it_says_how_to_get_it(tmp_path):
    models = LocalModels(tmp_path)
    models.shelf.add(write_tiny_model(tmp_path / "tiny.gguf"), "tiny", copy=False)
    try:
        assert "The engine for local models is not installed." in refusal(models.reach("tiny"))
    finally:
        models.close()
    with pytest.raises(Conflict):
        cage.starting(models.shelf, "tiny", "key", Means())
    with pytest.raises(NotFound):
        models.reach("another")


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing("failing", None, 1, "", -11), "died (signal 11)"),
        (Standing("failing", None, 1, "", 128 + 9), "died (signal 9)"),
        (Standing("failing", None, 1, "0.1 E load: /data/x is bad\n0.2 I bye", 3), "Its last words: load: … is bad"),
        (Standing("failing", None, 1, "There is no such model.", 127), "could not be started. There is no such model."),
    ],
)  # fmt: skip
def test_why_it_died_is_told_without_a_path_of_this_machine(standing, words):
    assert words in sorry("mine", standing)
