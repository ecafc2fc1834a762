"""The ways out of the product, each as one function: lead it to an address, and say how it ended."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nodes.connect.call_http import CallHttp
from nodes.sdk import Said, StepFailed
from runtime.egress import Dropped, Lookup, NoFile, NotReached, Refused, TooLarge, download
from runtime.engine.keys import Keys
from runtime.engine.probing import probe
from runtime.gateway import OFFERED, Binding, Gateway
from runtime.store.connections import ConnectionRow, write_connection
from runtime.store.database import Reader
from tests.support.engine_room import Room, draw, step
from tests.support.hostile_addresses import Names

CANARY = "sk-canary-7f31e08b52c94d6a"
GOOD = "http://api.example.com"
PATIENCE_S = 30.0
"""nobody here keeps anybody waiting, so that only a busy machine needs it"""

Attempt = Callable[[str], Awaitable[str]]
"""lead this way to an address; `arrived` when an answer came back, else the code or the name of what stopped it"""


class HttpStep:
    """Runs with one step that calls, over a connection of the table."""

    def __init__(self, room: Room) -> None:
        self.room = room

    async def connect(self, host: str, **changed: Any) -> None:
        """A connection to a host, as nobody who knows what it is would make it."""
        row: dict[str, Any] = {
            "id": f"con {host}", "name": f"To {host}", "host": host, "plain": True, "internal": False,
            "description": "", "clearance": "public", "header": "Authorization", "key_env": "GREENLANE_KEY_GOOD",
            "stopped": None, "updated": 0.0, "credential": "header",
        }  # fmt: skip
        self.room.secrets["GREENLANE_KEY_GOOD"] = CANARY
        await self.room.writer.write(lambda tx: write_connection(tx, ConnectionRow(**row | changed)))
        self.room.hosts.forget()

    async def call(self, address: str, **settings: Any) -> str:
        end = await self.room.end(draw(step("call", CallHttp(**{"url": address, "timeout_s": PATIENCE_S} | settings))))
        return "arrived" if end.status == "succeeded" else (end.error or {}).get("code", "none")

    async def connected(self, address: str) -> str:
        """With a connection to whatever host stands in the address, however it is written."""
        try:
            hosts = {urlsplit(address).netloc, urlsplit(address).hostname or ""}
        except ValueError:
            hosts = set()
        for host in hosts - {""}:
            await self.connect(host.lower())
        return await self.call(address)


@asynccontextmanager
async def http_steps() -> AsyncIterator[HttpStep]:
    """An engine whose hosts are named by the hostile name service."""
    with tempfile.TemporaryDirectory() as folder:
        room = Room(Path(folder), lookup=Names())
        try:
            yield HttpStep(room)
        finally:
            await asyncio.to_thread(room.close)


def model_call(gateway: Gateway, provider: str, *, fast: bool = False, key: str = CANARY, **options: Any) -> Attempt:
    """A call of a provider's models."""

    async def attempt(address: str) -> str:
        binding = Binding("a", f"{provider}/m", address, key=key, fast=fast, retries=0, timeout_s=PATIENCE_S, **options)
        try:
            await gateway.ask([binding], [Said("user", "hi")])
        except StepFailed as error:
            return error.code
        return "arrived"

    return attempt


async def file_by_address(address: str) -> str:
    """A file by its address."""
    try:
        await download(
            address, largest=100_000, deadline_s=PATIENCE_S, headers={"Authorization": CANARY}, lookup=Names()
        )
    except (Refused, OSError, NotReached, Dropped, TooLarge, NoFile) as error:
        return type(error).__name__
    return "arrived"


def connection_test(*, kind: str, internal: bool = False, lookup: Lookup | None = None) -> Attempt:
    """“Test connection”, of a host or of models: whoever sets one up writes the address."""
    keys = Keys(Reader.__new__(Reader), lambda _: CANARY)  # no row is read: a variable holds the credential

    async def attempt(address: str) -> str:
        row = ConnectionRow(
            id="con", name="Tested", host=address.removeprefix("http://").removesuffix("/"), plain=True,
            internal=internal, description="", clearance="public", header="Authorization", key_env="GREENLANE_KEY_GOOD",
            stopped=None, updated=0.0, credential="header", kind=kind, provider="openai", base_url=address,
            hosting="external",
        )  # fmt: skip
        status, why = await probe(row, keys, lookup or Names())
        return "arrived" if 200 <= status < 300 else str(status) if status else why.rpartition(" leads ")[2]

    return attempt


def model_calls(gateway: Gateway) -> dict[str, Attempt]:
    """The fast route, and LiteLLM with every provider that is offered."""
    found = {"fast route": model_call(gateway, "openai", fast=True)}
    return found | {f"model of {each}": model_call(gateway, each) for each in OFFERED}


def tempt() -> None:
    """An environment that would lead everything astray, if anybody read it."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        os.environ[name] = "http://10.66.66.66:8080"
    for name in ("OPENAI", "ANTHROPIC", "AZURE", "MISTRAL", "GROQ", "OLLAMA", "DEEPSEEK", "GEMINI", "HUGGINGFACE"):
        os.environ[f"{name}_API_KEY"] = f"{CANARY}-environment"
        os.environ[f"{name}_API_BASE"] = os.environ[f"{name}_BASE_URL"] = "http://10.66.66.67:8080"
