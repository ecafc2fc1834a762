"""Connections: the outside hosts that workflows and models may call. How it looks is in `connections_view`, the dialog
of a credential in `credential_view`."""

from collections.abc import Mapping
from typing import Literal, TypedDict

import reflex as rx
from pydantic import SecretStr

from builder.components.asking import Asking
from builder.components.checked_form import CheckedForm, Form
from builder.components.toast import tell_error, told
from builder.session import current_actor, internal, requires
from builder.texts import CLEARANCES, HOSTINGS
from builder.wiring import runtime
from runtime.errors import GreenlaneError
from runtime.operations import connections, credentials, probing
from runtime.operations.actors import permit
from runtime.operations.connecting import Connecting, Credential, ModelConnecting
from runtime.operations.connections import ConnectionCard
from runtime.operations.probing import Tested


class Row(TypedDict):
    """A connection in the table. It tells how a credential is sent and who set it, never the credential."""

    id: str
    name: str
    about: str
    host: str
    where: str
    """of steps the host, of models the address"""
    clearance: str
    hosting: str
    provider: str
    sends: str
    """how it shows who we are; empty: not at all"""
    set_by: str
    set_at: float
    owners: str
    internal: bool
    plain: bool
    stopped: float
    key_missing: bool
    may_test: bool
    may_set: bool
    may_change: bool
    may_share: bool
    may_remove: bool
    tested: str
    """what the last test on this page came to; empty: none, `busy`: it is under way"""
    told: str
    """the same in a sentence"""


FIELDS = {
    "http": ("name", "host", "description", "clearance", "probe"),
    "model": ("name", "provider", "base_url", "hosting", "description"),
}
"""What the forms ask for, besides switches; each is the name of a field of `Connecting` or `ModelConnecting`."""

BLANK = {
    "http": dict.fromkeys(FIELDS["http"], "") | {"clearance": "public", "probe": "/"},
    "model": dict.fromkeys(FIELDS["model"], "") | {"provider": "openai", "hosting": "external"},
}

WRONG = {
    "name": "A name of 1 to 60 characters.",
    "host": "A host, such as api.example.com.",
    "description": "At most 300 characters.",
    "probe": "A path that begins with /.",
    "base_url": "An address, such as https://api.example.com/v1.",
}
"""What a field wants, when what was given does not fit."""

CREDENTIAL = ("header", "query", "login", "secret", "key_env")
"""What the form of a credential asks for; the secret is never filled in."""

WRONG_CREDENTIAL = {
    "header": "The name of a header, such as X-Api-Key.",
    "query": "A name, such as api_key.",
    "login": "At most 200 characters.",
    "key_env": "The name of a variable that begins with GREENLANE_KEY_.",
}

SENDS = {"bearer": "Bearer token", "header": "Header", "basic": "User and password", "query": "In the address"}
"""How a credential is sent."""

LADDER = ("see", "run", "edit", "share", "own")
"""rights, each with those before it"""

PROVIDERS = {
    "openai": "OpenAI, or a server that speaks as it does",
    "hosted_vllm": "vLLM",
    "ollama": "Ollama",
    "lm_studio": "LM Studio",
    "llamafile": "llamafile",
    "litellm_proxy": "LiteLLM proxy",
    "anthropic": "Anthropic",
    "azure": "Azure OpenAI",
    "azure_ai": "Azure AI",
    "gemini": "Google Gemini",
    "mistral": "Mistral",
    "cohere_chat": "Cohere",
    "groq": "Groq",
    "openrouter": "OpenRouter",
    "together_ai": "Together AI",
    "fireworks_ai": "Fireworks AI",
    "deepseek": "DeepSeek",
    "xai": "xAI",
    "perplexity": "Perplexity",
    "cerebras": "Cerebras",
    "moonshot": "Moonshot",
    "github": "GitHub Models",
    "huggingface": "Hugging Face",
}
"""Whose protocol is spoken, as people know them; the key is LiteLLM's name."""

How = Literal["bearer", "header", "basic", "query"]
Kept = Literal["vault", "server"]


class Connections(Asking, CheckedForm, rx.State):
    """The two tables, and the connection something is done to."""

    hosts: rx.Field[list[Row]] = rx.field(default_factory=list)
    models: rx.Field[list[Row]] = rx.field(default_factory=list)
    loaded: bool = False
    may_add: bool = False
    kind: Literal["http", "model"] = "http"
    """what the form is for"""
    chosen: str = ""
    """id of the connection; empty for a new one"""
    inside: bool = False
    plain: bool = False
    how: How = "bearer"
    kept: Kept = "vault"
    added: bool = False
    """whether the credential is asked for right after the connection was added"""
    _cards: dict[str, ConnectionCard]
    _tested: dict[str, tuple[str, str]]

    @internal
    async def load(self) -> None:
        self.asking, self.may_add, self._tested = "", permit(current_actor(), "connection.add").allowed, {}
        async with told(self):
            await self._refresh()

    async def _refresh(self) -> None:
        found = await connections.list_connections(runtime(), current_actor())
        self._cards = {card.connection.id: card for card in found}
        self._draw()
        self.loaded = True

    def _draw(self) -> None:
        rows = {kind: [_row(card, self._tested) for card in self._cards.values() if card.connection.kind == kind]
                for kind in FIELDS}  # fmt: skip
        self.hosts, self.models = rows["http"], rows["model"]

    @requires("page.see")
    async def ask_new(self, kind: Literal["http", "model"]) -> None:
        self.kind, self.chosen = kind, ""
        self._open(BLANK[kind], "connect")
        self.inside, self.plain = False, False

    @requires("page.see")
    async def ask_change(self, connection: str) -> None:
        if card := self._choose(connection):
            row = card.connection
            self.inside, self.plain = row.internal, row.plain
            self._open({name: getattr(row, name) for name in FIELDS[self.kind]}, "connect")

    @requires("page.see")
    async def ask(self, connection: str, what: Literal["stop", "start", "remove", "forget"]) -> None:
        if card := self._choose(connection):
            self._open({"name": card.connection.name, "host": card.connection.host}, what)

    @requires("page.see")
    async def ask_credential(self, connection: str) -> None:
        self._ask_credential(connection)

    def _ask_credential(self, connection: str) -> None:
        if card := self._choose(connection):
            row = card.connection
            self.kept, self.added = "server" if row.key_env and self.may_add else "vault", False
            match row.credential:
                case "bearer" | "header" | "basic" | "query" as how:
                    self.how = how
                case _:
                    self.how = "bearer"
            given = {name: getattr(row, name, "") for name in CREDENTIAL if name != "secret"}
            self._open(given | {"secret": "", "name": row.name, "host": row.host}, "credential")

    @requires("page.see")
    async def choose_how(self, how: How) -> None:
        self.how = how

    @requires("page.see")
    async def choose_kept(self, kept: Kept) -> None:
        self.kept = kept

    def _choose(self, connection: str) -> ConnectionCard | None:
        card = self._cards.get(connection)
        if card is not None:
            self.chosen = connection
            self.kind = "model" if card.connection.kind == "model" else "http"
        return card

    def _open(self, given: Mapping[str, str], what: str) -> None:
        self._begin(given)
        self.asking = what

    @requires("page.see")
    async def save(self, form: Form) -> None:
        read = connecting_of if self.kind == "http" else model_of
        connecting = self._read(form, read, WRONG)
        if connecting is None:
            return
        async with told(self):
            if self.chosen:
                await connections.change_connection(
                    runtime(), current_actor(), connection=self.chosen, connecting=connecting
                )
                await self._done(f"“{connecting.name}” is saved")
                return
            found = await connections.add_connection(
                runtime(), current_actor(), connecting=connecting, everybody=bool(form.get("everybody"))
            )
            await self._refresh()
            self._ask_credential(found)
            self.added = True  # told in the dialog: a toast would cover what is asked for on a phone

    @requires("connection.credential")
    async def save_credential(self, form: dict[str, str]) -> None:
        credential = self._read({"how": self.how, **form}, credential_of, WRONG_CREDENTIAL)
        if credential is None:
            return
        async with told(self):
            await credentials.set_credential(runtime(), current_actor(), connection=self.chosen, credential=credential)
            self._tested.pop(self.chosen, None)
            await self._done("The credential is set", "It is sent to this host only, and never shown again.")

    @requires("connection.credential")
    async def forget(self) -> None:
        async with told(self):
            await credentials.remove_credential(runtime(), current_actor(), connection=self.chosen)
            self._tested.pop(self.chosen, None)
            await self._done("The credential is removed", "Nothing is sent with its calls any more.")

    @requires("connection.test", background=True)
    async def test(self, connection: str) -> None:
        """May take seconds; the page stays alive meanwhile."""
        actor = current_actor()
        async with self:
            if connection not in self._cards:
                return
            self._mark(connection, "busy", "")
        try:
            tested: Tested | None = await probing.test_connection(runtime(), actor, connection=connection)
            trouble = None
        except GreenlaneError as error:
            tested, trouble = None, error
        async with self:
            self._mark(connection, tested.result if tested else "", tested.sentence if tested else "")
            if trouble is not None:
                await tell_error(self, trouble)

    def _mark(self, connection: str, result: str, sentence: str) -> None:
        self._tested = self._tested | {connection: (result, sentence)}
        self._draw()

    @requires("connection.stop")
    async def stop(self, form: dict[str, str]) -> None:
        async with told(self):
            await connections.stop_connection(
                runtime(), current_actor(), connection=self.chosen, reason=form.get("reason", "")
            )
            await self._done("Connection stopped", "Nothing leaves over it from now on.")

    @requires("connection.start")
    async def start(self, form: dict[str, str]) -> None:
        async with told(self):
            await connections.start_connection(
                runtime(), current_actor(), connection=self.chosen, reason=form.get("reason", "")
            )
            await self._done("Connection in use again", "Its host may be called.")

    @requires("connection.remove")
    async def remove(self) -> None:
        async with told(self):
            await connections.remove_connection(runtime(), current_actor(), connection=self.chosen)
            await self._done("Connection removed", self.given.get("host", ""))


def connecting_of(form: Form) -> Connecting:
    """What the form of a host says. Raises pydantic's `ValidationError`, which names the fields."""
    given = {name: str(form[name]).strip() for name in FIELDS["http"] if name in form}
    return Connecting.model_validate(
        {**given, "internal": bool(form.get("internal")), "plain": bool(form.get("plain"))}
    )


def model_of(form: Form) -> ModelConnecting:
    """The same of where models are asked."""
    return ModelConnecting.model_validate({name: str(form[name]).strip() for name in FIELDS["model"] if name in form})


def credential_of(form: Form) -> Credential:
    """What the form of a credential says. Only what was asked for is in it."""
    given = {name: str(form[name]).strip() for name in CREDENTIAL if name in form and name != "secret"}
    secret = SecretStr(str(form.get("secret", "")).strip())
    return Credential.model_validate({**given, "kind": form.get("how", "bearer"), "secret": secret})


def _row(card: ConnectionCard, tested: Mapping[str, tuple[str, str]]) -> Row:
    one, actor = card.connection, current_actor()
    result, sentence = tested.get(one.id, ("", ""))
    sends = SENDS.get(one.credential, "")
    names = {"header": one.header, "query": one.query, "basic": one.login}
    detail = ", ".join(filter(None, [names.get(one.credential, ""), one.key_env and f"from {one.key_env}"]))

    def may(action: str, level: str) -> bool:
        return permit(actor, action).allowed and LADDER.index(card.level) >= LADDER.index(level)

    return Row(
        id=one.id,
        name=one.name,
        about=one.description,
        host=one.host,
        where=one.base_url or one.host,
        clearance=CLEARANCES.get(one.clearance, one.clearance),
        hosting=HOSTINGS.get(one.hosting, one.hosting),
        provider=PROVIDERS.get(one.provider, one.provider),
        sends=f"{'Key' if one.kind == 'model' and sends else sends}{f' ({detail})' if detail else ''}",
        set_by=card.set_by,
        set_at=card.set_at or 0.0,
        owners=", ".join(card.owners),
        internal=one.internal,
        plain=one.plain,
        stopped=one.stopped or 0.0,
        key_missing=one.credential != "none" and not card.key_found,
        may_test=may("connection.test", "run"),
        may_set=may("connection.credential", "edit"),
        may_change=may("connection.change", "edit"),
        may_share=may("connection.share", "share"),
        may_remove=may("connection.remove", "own"),
        tested=result,
        told=sentence,
    )
