"""A binding: what a model alias stands for."""

from __future__ import annotations

from dataclasses import dataclass, field

from runtime.egress import Zone


@dataclass(frozen=True, slots=True)
class Binding:
    """A model of a provider, with its address, key, price and limits. Everything is explicit: nothing is ever looked
    up in the environment."""

    alias: str
    model: str
    """as LiteLLM writes it, provider first: `openai/gpt-4o-mini`"""
    base_url: str
    key: str = field(default="", repr=False)
    """empty: none is sent"""
    price_in: float | None = None
    """per million tokens; None: unknown, which is not free"""
    price_out: float | None = None
    max_tokens: int = 2048
    """the longest answer, unless the step asks for less"""
    hosting: str = "external"
    clearance: str = "public"
    timeout_s: float = 120.0
    """for one try, from sending to the last word"""
    retries: int = 2
    """further tries when the model is busy, fails on its side or cannot be reached"""
    fallbacks: tuple[str, ...] = ()
    """aliases asked after this one"""
    fast: bool = False
    """speak to it directly, without LiteLLM: for servers that speak OpenAI's protocol"""
    small: bool = False
    """a small model of llama.cpp on this machine: data is asked for by a grammar that leaves it no way to get lost"""

    @property
    def zone(self) -> Zone:
        """How far inwards its address may lead: what is hosted outside is never reached at an inner address."""
        match self.hosting:
            case "here" | "company" as inner:
                return inner
            case _:
                return "public"

    @property
    def bare_model(self) -> str:
        """The model's name without the provider, as its server knows it."""
        return self.model.partition("/")[2] or self.model

    def answer_tokens(self, wanted: int | None) -> int:
        """The longest answer to ask for: what the step wants, but no more than the binding allows."""
        return min(wanted, self.max_tokens) if wanted else self.max_tokens
