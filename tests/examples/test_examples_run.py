"""Every example runs to its end as a newcomer would run it: with the scripted demo model and the inputs beside it."""

import json
import socket
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import uvicorn

from builder.command.attached import throwaway
from builder.command.demo_model.protocol import app
from builder.command.run import arguments, run
from runtime.engine import sandbox
from runtime.operations import connections, runs, traces, trying
from runtime.operations.connecting import Connecting
from runtime.sandbox.cage import Cage, cage
from runtime.settings import Settings

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[2] / "examples"
WANTED = {
    "contract-summary": ("Ends: 2028-01-01\nGive notice until: 2027-10-03", {"notice_until": "2027-10-03"}),
    "csv-cleanup": ("2 of 5 lines are left, worth 1314.50 together.\n- Line 5: email cannot be read.", {}),
    "feedback-roundup": ("Great quality, my team loves it. (quality, ", {}),
    "invoice-check": ("1000.00 and 190.00 tax are 1190.00, not 1210.00.", {"ok": False}),
    "meeting-notes": ("Action list for the web team", {}),
    "reply-two-tones": ("Hi Grace,\n\nWe are sorry for the trouble.", {"kind": "complaint"}),
    "ticket-triage": ("Urgent (technical)", {"way": "urgent"}),
}
"""what each answer holds, and values beside it"""
RUN_CODE = {"contract-summary", "csv-cleanup", "invoice-check", "reply-two-tones"}
parser = ArgumentParser()
arguments(parser)
caged = pytest.mark.skipif(not cage().works, reason="no cage can be built here, so code is refused")


@pytest.fixture(scope="module")
def demo() -> Iterator[int]:
    """The demo model, on a port of its own."""
    server = uvicorn.Server(uvicorn.Config(app(0.0), log_level="error"))
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        yield door.getsockname()[1]
        server.should_exit = True
        thread.join(5)


@pytest.fixture
def settings(demo: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("GREENLANE_DATA", str(tmp_path))
    monkeypatch.setenv("GREENLANE_DEMO_PORT", str(demo))
    return Settings(data=tmp_path, demo_port=demo)


def written(value: Any) -> str:
    """A value as the command line takes it; files by their path."""
    if isinstance(value, str):
        return f"@{FOLDER / value[1:]}" if value.startswith("@") else value
    return json.dumps(value)


def by_command(name: str, capsys: pytest.CaptureFixture[str]) -> dict:
    inputs = json.loads((FOLDER / f"{name}.inputs.json").read_text())
    words = [word for key, value in inputs.items() for word in ("--input", f"{key}={written(value)}")]
    run(parser.parse_args([str(FOLDER / f"{name}.yaml"), *words, "--json"]))
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("name", [pytest.param(each, marks=[caged] if each in RUN_CODE else []) for each in WANTED])
def test_an_example_runs_by_the_command_line(name, capsys):
    told = by_command(name, capsys)
    assert told["status"] == "succeeded", told["error"]
    answer, values = WANTED[name]
    assert answer in told["outputs"]["answer"]
    assert values.items() <= told["outputs"].items()


@pytest.mark.usefixtures("settings")
def test_the_weekly_report_says_who_makes_its_connection(capsys):
    told = by_command("weekly-report", capsys)
    assert told["status"] == "failed"
    assert "There is no connection for 127.0.0.1:3010 yet" in told["error"]["hint"]
    assert "Ask IT" in told["error"]["hint"]


@pytest.mark.usefixtures("settings")
def test_where_no_cage_can_be_built_the_refusal_says_why_and_what_to_do(capsys, monkeypatch):
    monkeypatch.setattr(
        sandbox, "cage", lambda: Cage("", "bubblewrap is not installed.", "Install it: apt-get install x")
    )
    told = by_command("invoice-check", capsys)
    assert (told["status"], told["error"]["code"]) == ("failed", "sandbox_missing")
    assert "bubblewrap is not installed. Install it: apt-get install x" in told["error"]["hint"]
    assert "greenlane doctor" in told["error"]["hint"]


@caged
async def test_the_weekly_report_is_written_when_it_has_made_the_connection(settings, demo):
    content = (FOLDER / "weekly-report.yaml").read_text().replace("127.0.0.1:3010", f"127.0.0.1:{demo}")
    with throwaway(settings, settings.data / "thrown") as runtime:
        actor, name = await trying.adopt_file(runtime, content.encode())
        host = {"name": "Demo tickets", "host": f"127.0.0.1:{demo}", "internal": True, "plain": True}
        connecting = Connecting.model_validate(host | {"clearance": "internal"})
        await connections.add_connection(runtime, actor, connecting=connecting, everybody=True)
        started = await runs.start_run(runtime, actor, workflow=name, inputs={"team": "Support"})
        async for _ in runs.follow_run(runtime, actor, run=started.run):
            pass
        view = await traces.read_run(runtime, actor, run=started.run)
    assert view.card.status == "succeeded", view.error
    assert view.outputs
    report = view.outputs["answer"]
    assert "7 tickets, 4 of them open." in report
    assert "- technical: 3, 6 hours" in report
    assert report.index("2026-11-17 Export stops") < report.index("2026-11-20 Page is slow")
