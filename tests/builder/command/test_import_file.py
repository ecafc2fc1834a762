"""`greenlane import`: a file of Dify, or one of ours, at the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from builder.command import main
from runtime.graph.reading import read
from tests.support.dify import file_of, node

OURS = Path("examples/ticket-triage.yaml")


@pytest.fixture
def theirs(tmp_path) -> str:
    path = tmp_path / "theirs.yml"
    path.write_text(json.dumps(file_of([node("say", "answer", answer="Hi {{#start.text#}}"), node("t", "tool")])))
    return str(path)


def test_the_workflow_is_printed_and_the_report_told_beside(theirs, capsys):
    assert main(["import", theirs]) == 0
    told = capsys.readouterr()
    assert read(told.out.encode()).document
    assert "2 mapped, 1 placeholder" in told.err


def test_with_json_only_the_report_is_printed(theirs, tmp_path, capsys):
    out = tmp_path / "out.yaml"
    assert main(["import", theirs, "-o", str(out), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["workflow"] == "a-flow"
    assert report["steps"]["t"]["result"] == "placeholder"
    document = read(out.read_bytes()).document
    assert document
    assert document.name == "a-flow"


def test_a_file_of_ours_comes_back_byte_for_byte(tmp_path, capsysbinary):
    out = tmp_path / "out.yaml"
    assert main(["import", str(OURS), "-o", str(out)]) == 0
    assert out.read_bytes() == OURS.read_bytes()
    assert main(["import", str(OURS)]) == 0
    assert capsysbinary.readouterr().out == OURS.read_bytes()


def test_an_import_loads_nothing_that_is_slow_to_load(theirs):
    heavy = "{'reflex', 'dbos', 'litellm', 'chromadb', 'networkx', 'sqlalchemy', 'asyncio'} & sys.modules.keys()"
    code = (
        f"import sys; from builder.command import main; main(['import', {theirs!r}, '--json']); sys.exit(str({heavy}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.stderr.decode().strip() == "set()"


def test_what_is_no_workflow_gives_a_sentence_and_no_file(tmp_path, capsys):
    path, out = tmp_path / "x.yml", tmp_path / "out.yaml"
    path.write_text("nothing: here")
    assert main(["import", str(path), "-o", str(out)]) == 1
    assert "no workflow" in capsys.readouterr().err
    assert not out.exists()


def test_a_place_nobody_can_write_to_is_told(theirs, tmp_path, capsys):
    assert main(["import", theirs, "-o", str(tmp_path / "none" / "out.yaml")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_what_was_imported_runs_and_a_message_nobody_asked_for_is_left_out(theirs, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GREENLANE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GREENLANE_DEMO_MODEL", "false")
    out, pins = tmp_path / "out.yaml", tmp_path / "pins.json"
    main(["import", theirs, "-o", str(out), "--json"])
    pins.write_text('{"t": {"outputs": {"text": "tool"}}}')
    capsys.readouterr()
    assert main(["run", str(out), "--input", "text=Ada", "--pins", str(pins), "--message", "Hello", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["outputs"]["answer"] == "Hi Ada"
    assert "left out" in told.err
