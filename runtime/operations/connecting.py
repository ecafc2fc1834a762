"""What a person says of a connection: a host for steps, or an address for models; and how its credential is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from nodes.sdk import PLATFORM_HEADERS
from runtime.egress import Refused, barred, read_target
from runtime.engine.outside import THIS_MACHINE, zone_of
from runtime.errors import BadInput
from runtime.gateway import OFFERED
from runtime.governance.policies import DataClass
from runtime.store.connections import ConnectionRow

Hosting = Literal["here", "company", "external"]
LONGEST_SECRET = 8000


class Connecting(BaseModel):
    """A host that steps may call, as a person fills it in."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=60)
    host: str = Field(min_length=1, max_length=260)
    description: str = Field(default="", max_length=300)
    clearance: DataClass = "public"
    internal: bool = False
    plain: bool = False
    probe: str = Field(default="/", pattern=r"^/[!-~]*$", max_length=300)
    """path that a test calls"""


class ModelConnecting(BaseModel):
    """Where models are asked, as a person fills it in."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=60)
    provider: str = Field(pattern=r"^[a-z0-9_]+$", max_length=40)
    base_url: str = Field(min_length=1, max_length=300)
    hosting: Hosting = "external"
    description: str = Field(default="", max_length=300)


class Credential(BaseModel):
    """A credential as a person enters it: once, and either the secret itself or the variable that holds it. A bearer
    token is given without the word “Bearer”; a header as the host wants it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    kind: Literal["bearer", "header", "basic", "query"] = "bearer"
    header: str = Field(default="", pattern=r"^[A-Za-z0-9-]{0,60}$")
    query: str = Field(default="", pattern=r"^[A-Za-z0-9_.~-]{0,60}$")
    login: str = Field(default="", max_length=200)
    secret: SecretStr = SecretStr("")
    key_env: str = Field(default="", pattern=r"^$|^GREENLANE_KEY_[A-Z0-9_]+$")


def placed(row: ConnectionRow, said: Connecting | ModelConnecting) -> ConnectionRow:
    """A connection as it is said to be, its host as it is compared. Raises `BadInput` for one that could not be called
    safely."""
    if said.name.startswith("con_"):  # rights are asked by name or id: no name is the id of another
        raise BadInput("A name does not begin with “con_”.", hint="Call it as people call the host.")
    match said:
        case Connecting():
            return _outside(replace(row, kind="http", **said.model_dump()))
        case ModelConnecting():
            return _model(replace(row, kind="model", **said.model_dump()))


def holding(row: ConnectionRow, credential: Credential) -> ConnectionRow:
    """A connection with how its credential is sent. Raises `BadInput` where something is lacking, or cannot be sent."""
    given = credential.secret.get_secret_value()
    if bool(given) is bool(credential.key_env):
        raise BadInput(
            "A credential is either entered here or kept in a variable of the server.", hint="Fill in one of the two."
        )
    if len(given) > LONGEST_SECRET or any(ord(each) < 32 or ord(each) == 127 for each in given):
        raise BadInput("A credential is one line of text.", hint="Copy it again, without line breaks.")
    kind = credential.kind
    if row.kind == "model" and kind != "bearer":
        raise BadInput("Models take a key.", hint="Enter the key the provider gave you.")
    if kind == "header" and not credential.header:
        raise BadInput("Which header carries it is missing.", hint="Usual are Authorization and X-Api-Key.")
    if kind == "header" and credential.header.lower() in PLATFORM_HEADERS:
        raise BadInput(
            f"“{credential.header}” is not a header for a credential.", hint="Usual are Authorization and X-Api-Key."
        )
    if kind == "query" and not credential.query:
        raise BadInput("The name it has in the address is missing.", hint="The host's own pages tell: often api_key.")
    if kind == "basic" and (not credential.login or ":" in credential.login):
        raise BadInput("The name of the user is missing, or holds a colon.", hint="Enter it as you sign in there.")
    if kind == "bearer" and given.lower().startswith("bearer "):
        raise BadInput("A bearer token is entered without the word “Bearer”.", hint="It is put in front of it.")
    return replace(
        row,
        credential=kind,
        header=credential.header if kind == "header" else "",
        query=credential.query if kind == "query" else "",
        login=credential.login if kind == "basic" else "",
        key_env=credential.key_env,
    )


def bare(row: ConnectionRow) -> ConnectionRow:
    """A connection without a credential."""
    return replace(row, credential="none", header="", query="", login="", key_env="")


def check_address(address: str, hosting: Hosting) -> None:
    """A model's address is https, or http on this machine; and it lies where its hosting says. Raises `BadInput`."""
    try:
        target = read_target(address)
    except Refused as error:
        raise BadInput(
            f"{address!r} is not an address a model can be called at.",
            hint="Give the provider's https address, such as https://api.example.com/v1.",
        ) from error
    here = target.host in THIS_MACHINE
    if here and hosting != "here":
        raise BadInput(
            f"{address} is on this machine, and the alias is said to be hosted elsewhere.",
            hint="Choose “On this machine” as its hosting, or give another address.",
        )
    if target.scheme == "http" and not here:
        raise BadInput(
            f"{address} would send texts and the key without encryption.",
            hint="Give the provider's https address, such as https://api.example.com/v1; http only on this machine.",
        )


def check_provider(provider: str) -> None:
    """One whose calls were seen to leave by our own way out. Raises `BadInput`."""
    if provider not in OFFERED:
        raise BadInput(
            f"Models of “{provider}” cannot be bound.",
            hint=f"Known providers: {', '.join(OFFERED)}. Many others speak as openai does.",
        )


def _outside(row: ConnectionRow) -> ConnectionRow:
    written = row.host.removeprefix("https://").removeprefix("http://").rstrip("/")
    try:
        target = read_target(f"{'http' if row.plain else 'https'}://{written}/")
        read_target(f"{target}{row.probe.removeprefix('/')}")
    except Refused as error:
        raise BadInput(f"{row.host!r} is not the name of a host.", hint="Write it like api.example.com.") from error
    if target.path != "/" or urlsplit(f"//{written}").path:
        raise BadInput("A connection leads to a whole host.", hint=f"Write {target.named}, without a path.")
    if row.plain and not row.internal:
        raise BadInput(
            "Outside the company nothing is sent without encryption.",
            hint="Leave “Without encryption” off, or mark the host as one of your own.",
        )
    found = replace(row, host=target.named)
    if (why := barred(target.host, zone_of(found))) and why != "no address":
        raise BadInput(
            f"{target.host} may not be called: {why}.",
            hint="An address of the company's own network has to be marked as such; some are never reached.",
        )
    return found


def _model(row: ConnectionRow) -> ConnectionRow:
    check_provider(row.provider)
    match row.hosting:
        case "here" | "company" | "external" as hosting:
            check_address(row.base_url, hosting)
        case _:
            raise AssertionError("the form offers no other hosting")
    return replace(row, host=read_target(row.base_url).named)
