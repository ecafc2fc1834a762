"""`greenlane vault`, and commands that need what it keeps."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from pathlib import Path

import pytest
from pydantic import SecretStr

from builder.command import run, vault
from runtime.errors import Conflict
from runtime.operations import connections, credentials, models
from runtime.operations.connecting import Credential, ModelConnecting
from runtime.operations.models import Binding
from runtime.operations.people import local_owner
from runtime.vault import KEY_FILE
from tests.support.model_server import ModelServer, Turn
from tests.support.product import product
from tests.support.reviewing import SOURCE


@pytest.fixture
def model():
    with ModelServer() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path, model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose alias `fast` leads over a connection with a key in the vault."""
    monkeypatch.setenv("GREENLANE_DATA", str(tmp_path))
    monkeypatch.setenv("GREENLANE_DEMO_MODEL", "no")

    async def connect(runtime) -> None:
        owner = await local_owner(runtime)
        connecting = ModelConnecting(name="Vendor", provider="openai", base_url=model.url, hosting="here")
        found = await connections.add_connection(runtime, owner, connecting=connecting)
        given = Credential(secret=SecretStr("sk-canary-of-the-vault"))
        await credentials.set_credential(runtime, owner, connection=found, credential=given)
        binding = Binding(name="fast", model="scripted", connection=found, fast=True, clearance="restricted")
        await models.bind_alias(runtime, owner, binding=binding)

    with product(tmp_path, model) as runtime:
        asyncio.run(connect(runtime))
    return tmp_path


def called(command, *words: str) -> int:
    parser = ArgumentParser()
    command.arguments(parser)
    return command.run(parser.parse_args(list(words)))


def test_a_file_that_is_run_once_uses_the_connections_of_the_house(folder, model, capsys):
    (folder / "flow.yaml").write_bytes(SOURCE)
    model.say(Turn(text="About a printer."))
    assert called(run, str(folder / "flow.yaml"), "--input", "ticket=It is jammed") == 0
    said = capsys.readouterr()
    assert "About a printer." in said.out
    assert model.calls[0].headers["authorization"] == "Bearer sk-canary-of-the-vault"
    assert "sk-canary" not in said.out + said.err


def test_rotating_tells_what_was_done_and_never_a_key(folder, capsys):
    before = (folder / KEY_FILE).read_text().strip()
    assert called(vault, "rotate") == 0
    said = capsys.readouterr().out
    after = (folder / KEY_FILE).read_text().strip()
    assert "1 credential sealed with the new key" in said
    assert before != after
    assert before not in said
    assert after not in said


def test_nothing_is_forgotten_while_the_key_is_there(folder, capsys):
    with pytest.raises(Conflict):
        called(vault, "reset")
    (folder / KEY_FILE).unlink()
    assert called(vault, "reset") == 0
    assert "1 credential forgotten" in capsys.readouterr().out
