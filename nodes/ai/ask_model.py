"""`ai.ask_model`: let a model answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from nodes.sdk import (
    NUMBER,
    OBJECT,
    TEXT,
    Context,
    Control,
    Draw,
    Effect,
    Example,
    Node,
    Reach,
    Result,
    Said,
    Shape,
    Text,
    Trouble,
    Value,
    field,
    shape_of_schema,
)
from nodes.sdk.answer import schema_troubles
from nodes.sdk.pictures import pictures_in, with_pictures
from nodes.sdk.remembering import Memory, remembered
from nodes.sdk.words import listed, quoted

_AS = {"system": " as its instructions", "user": "", "assistant": " as an answer it gave before"}
"""what a message is to the model, in plain words"""


class Message(BaseModel):
    """One message to the model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["system", "user", "assistant"] = field(
        "From", "System: how to behave. User: the question. Assistant: what the model is to have said.", default="user"
    )
    text: Text = field("Message", default="", control=Control.PARAGRAPH, example="Summarise: {{ start.text }}")


class AskModel(Node, label="Ask a model", icon="sparkles", effects=(Effect.SPEND, Effect.NETWORK)):
    """Let a model write, summarise, sort or answer.

    The alias names a model your IT has set up; the workflow does not change when they exchange it. With named answers
    the model fills in exactly those, and later steps refer to them as `{{ ask.data.name }}`; an answer that does not
    fit fails the step.
    """

    alias: str = field("Model", control=Control.ALIAS, default="fast", max_length=63)
    messages: list[Message] = field("Messages", default=[], row="message", max_length=50)
    answer_schema: dict[str, Any] | None = field(
        "Named answers", "What the model must fill in. Leave empty for free text.", default=None, control=Control.SCHEMA
    )
    memory: Memory = field(
        "What it remembers", "Of the conversation, told before the last message of the user.", default=Memory.NONE
    )
    memory_turns: int = field(
        "Messages it remembers", "Each with its answer.", default=10, ge=1, le=200,
        when=("memory", (Memory.WINDOW, Memory.SUMMARY)),
    )  # fmt: skip
    memory_tokens: int = field(
        "Tokens it remembers", "About ¾ of a word each.", default=2_000, ge=1, le=1_000_000,
        when=("memory", Memory.TOKENS),
    )  # fmt: skip
    pictures: Value = field(
        "Pictures", "Files to look at, beside the last message of the user. What is no picture is left out.",
        default=None, example="{{ start.photo }}", advanced=True,
    )  # fmt: skip
    stream: bool = field("Show the words while they come", default=True)
    temperature: float | None = field(
        "Temperature", "0 is the most predictable, 2 the most surprising.", default=None, ge=0, le=2, advanced=True
    )
    max_tokens: int | None = field(
        "Longest answer", "In tokens, about ¾ of a word each.", default=None, ge=1, advanced=True
    )

    examples = (
        Example(
            "A free answer",
            settings={"messages": [{"role": "user", "text": "Say hello to Ada."}]},
            answers=("Hello Ada!",),
            output={
                "text": "Hello Ada!",
                "usage": {"tokens_in": 0, "tokens_out": 0, "cost": None, "model": "", "latency_s": 0.0},
                "finish_reason": "stop",
            },
        ),
        Example(
            "A named answer",
            settings={
                "messages": [{"role": "user", "text": "Which topic? My invoice is wrong."}],
                "answer_schema": {
                    "type": "object",
                    "properties": {"topic": {"type": "string", "enum": ["invoice", "other"]}},
                    "required": ["topic"],
                },
            },
            answers=({"topic": "invoice"},),
            output={
                "text": '{"topic": "invoice"}',
                "data": {"topic": "invoice"},
                "usage": {"tokens_in": 0, "tokens_out": 0, "cost": None, "model": "", "latency_s": 0.0},
                "finish_reason": "stop",
            },
        ),
    )

    def outputs(self) -> dict[str, Shape]:
        """The answer as text, its data where named answers are asked for, and what it took."""
        found = {"text": TEXT.model_copy(update={"description": "The model's answer"})}
        if self.answer_schema:
            shape = shape_of_schema(self.answer_schema)
            found["data"] = shape.model_copy(update={"description": "The named answers"})
        used = {"tokens_in": NUMBER, "tokens_out": NUMBER, "cost": NUMBER, "model": TEXT, "latency_s": NUMBER}
        found["usage"] = OBJECT.model_copy(update={"description": "What the call used", "fields": used})
        found["finish_reason"] = TEXT.model_copy(update={"description": "Why the model stopped"})
        return found

    def troubles(self) -> list[Trouble]:
        """Nothing to ask, or a schema no model may be asked to fill."""
        found: list[Trouble] = []
        if not self.alias:
            found.append(Trouble("alias", "missing", "Choose a model."))
        if not any(each.text.strip() for each in self.messages):
            found.append(Trouble("messages", "missing", "Write what the model is to do."))
        if self.memory is not Memory.NONE and all(each.role != "user" for each in self.messages):
            found.append(
                Trouble("messages", "no_question", "What is remembered is told before a message of the user: add one.")
            )
        if self.answer_schema:
            found += [Trouble("answer_schema", "bad_schema", each) for each in schema_troubles(self.answer_schema)]
        return found

    def draws(self) -> list[Draw]:
        """What was said before, where it remembers that."""
        return [] if self.memory is Memory.NONE else [Draw("conversation", "")]

    def reaches(self) -> list[Reach]:
        """The model."""
        return [Reach("model", self.alias)]

    def explain(self) -> str:
        """Which model is told what, and what comes back."""
        told = listed([f"{quoted(each.text)}{_AS[each.role]}" for each in self.messages if each.text.strip()])
        names = [f"“{name}”" for name in (self.answer_schema or {}).get("properties", {})]
        fills = f" and takes {listed(names)} from its answer" if names else ""
        looks = f" and the pictures among {quoted(self.pictures)}" if self.pictures else ""
        return f"Sends {told or 'nothing'}{looks}{self._remembering()} to the model “{self.alias}”{fills}."

    def _remembering(self) -> str:
        match self.memory:
            case Memory.NONE:
                return ""
            case Memory.WINDOW:
                return f" and the newest {self.memory_turns} messages of the conversation with their answers"
            case Memory.TOKENS:
                return f" and the newest messages of the conversation, up to about {self.memory_tokens:,} tokens,"
            case Memory.SUMMARY:
                return (
                    f" and the newest messages of the conversation, {self.memory_turns} or more, with a summary of"
                    " those before, which the same model makes,"
                )

    async def run(self, ctx: Context) -> Result:
        """Ask, and hand on the answer."""
        said = [Said(each.role, each.text) for each in self.messages if each.text.strip()]
        messages = with_pictures(said, await pictures_in(self.pictures, ctx.files) if self.pictures else ())
        answer = await ctx.models.ask(
            self.alias,
            await remembered(
                ctx, messages, self.memory, alias=self.alias, turns=self.memory_turns, tokens=self.memory_tokens
            ),
            schema=self.answer_schema or None,
            temperature=self.temperature,
            max_tokens=self.max_tokens,
            stream=self.stream,
        )
        result = {"text": answer.text, "usage": asdict(answer.usage), "finish_reason": answer.finish}
        return result | {"data": answer.data} if self.answer_schema else result
