"""The demo model follows rules: it answers sensibly, always the same, and says what it is."""

import asyncio
import json
import socket
import threading

import pytest
import uvicorn
from jsonschema import Draft202012Validator

from builder.command.demo_model.protocol import LABEL, answer, app
from nodes.sdk import Said
from runtime.gateway import Binding, Gateway

TICKET = """Our production server has been down since 8 this morning and nobody can log in. Orders worth 12,500 euros
are stuck (order A-1042). Please also check invoice 2291, we were charged twice. We need this fixed today.

Kind regards
Ada Lovelace, ada@example.com"""
NOTES = """Project meeting, 3 November 2026
- Ada will send the revised offer to Contoso by Friday.
- Grace: check the backup of the test server until 12 November
- We agreed to move the release to 1 December.
- TODO: book a room for the workshop
- Who takes over the newsletter?"""


def asked(text, properties, system=""):
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    data = json.loads(answer([("system", system), ("user", text)], schema))
    Draft202012Validator(schema).validate(data)
    return data


@pytest.mark.parametrize(
    ("text", "category", "priority"),
    [
        (TICKET, "technical", "high"),
        ("I was charged twice on my invoice, please refund 49 euros.", "billing", "normal"),
        ("I forgot my password and cannot sign in.", "account", "normal"),
        ("What are your opening hours?", "other", "normal"),
        ("Just wondering whether dark mode is planned. No rush.", "other", "low"),
    ],
)
def test_a_choice_goes_by_the_words_of_the_text(text, category, priority):
    found = asked(text, {
        "category": {"type": "string", "enum": ["billing", "technical", "account", "other"]},
        "priority": {"enum": ["low", "normal", "high"]},
    })  # fmt: skip
    assert found == {"category": category, "priority": priority}


def test_the_instruction_is_not_taken_for_the_text():
    system = "Decide whether the invoice, the payment or the refund is meant."
    assert asked("I forgot my password.", {"topic": {"enum": ["billing", "account"]}}, system) == {"topic": "account"}
    text = "Sort this ticket, billing or account:\n\nI forgot my password."
    assert asked(text, {"topic": {"enum": ["billing", "account"]}}) == {"topic": "account"}


def test_values_are_found_by_their_names():
    found = asked(TICKET, {
        "customer": {"type": "string"}, "email": {"type": "string"}, "order_number": {"type": "string"},
        "amount": {"type": "number"}, "urgent": {"type": "boolean"}, "wants_holiday": {"type": "boolean"},
        "summary": {"type": "string", "maxLength": 80}, "language": {"type": "string"},
    })  # fmt: skip
    summary = found.pop("summary")
    assert found == {
        "customer": "Ada Lovelace", "email": "ada@example.com", "order_number": "A-1042", "amount": 12500.0,
        "urgent": True, "wants_holiday": False, "language": "English",
    }  # fmt: skip
    assert summary.startswith("Our production server")


def test_tasks_are_found_in_notes():
    task = {"type": "object", "properties": {name: {"type": "string"} for name in ("who", "what", "when")}}
    found = asked(NOTES, {
        "actions": {"type": "array", "items": task},
        "decisions": {"type": "array", "items": {"type": "string"}},
        "open_questions": {"type": "array", "items": {"type": "string"}},
    })  # fmt: skip
    assert found == {
        "actions": [
            {"who": "Ada", "what": "send the revised offer to Contoso", "when": "Friday"},
            {"who": "Grace", "what": "check the backup of the test server", "when": "12 November"},
            {"who": "not named", "what": "book a room for the workshop", "when": "not given"},
        ],
        "decisions": ["We agreed to move the release to 1 December."],
        "open_questions": ["Who takes over the newsletter?"],
    }


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"type": ["string", "null"]}, "b": {"type": "null"}, "c": {"const": 3}}},
        {"type": "object", "properties": {"a": {"type": "integer", "minimum": 3, "maximum": 5}}},
        {
            "type": "object",
            "properties": {"a": {"type": "array", "minItems": 2, "maxItems": 3, "items": {"type": "string"}}},
        },
        {"type": "object", "properties": {"a": {"type": "array", "items": {"enum": ["x", "y"]}}}},
        {
            "type": "object",
            "properties": {"a": {"anyOf": [{"type": "number"}, {"type": "string"}]}, "b": {"properties": {}}},
        },
        {
            "type": "object",
            "properties": {"a": {"type": "string", "maxLength": 5}, "reply": {"type": "string", "maxLength": 9}},
        },
    ],
)
@pytest.mark.parametrize("text", [TICKET, NOTES, "", "?", "4"])
def test_the_answer_fits_its_schema_whatever_the_text(schema, text):
    Draft202012Validator(schema).validate(json.loads(answer([("user", text)], schema)))


@pytest.mark.parametrize(
    ("instruction", "beginning"),
    [
        ("Summarise the text.", "Project meeting, 3 November 2026. "),
        ("List the action items.", "- **Ada**: send the revised offer to Contoso (Friday)\n- **Grace**"),
        ("Draft a polite reply.", "Hello,\n\nthank you for your message about “Project meeting"),
        ("Translate into German.", "The demo model follows fixed rules and cannot translate."),
        ("", "In short: "),
    ],
)
def test_free_text_is_in_the_manner_asked_for(instruction, beginning):
    assert answer([("system", instruction), ("user", NOTES)], None).startswith(beginning)
    assert answer([("system", instruction), ("user", NOTES)], None) == answer(
        [("system", instruction), ("user", NOTES)], None
    )


HANDBOOK = """[1] reisekosten.md – Handbuch

# Handbuch

Reisekosten werden innerhalb von 30 Tagen eingereicht.

Fragen beantwortet Sabine Krämer, sabine.kraemer@firma.example, Telefon +49 89 1234567.

[2] leave.pdf, page 3

## Leave

Everybody has 30 days off a year. Ask your team lead four weeks before. See https://intranet.example/leave."""


@pytest.mark.parametrize(
    "prompt",
    [
        "Answer from these passages only, and name the source.\n\nQuestion: {question}\n\nPassages:\n{passages}",
        "{passages}\n\n{question}",
        "{question}\n{passages}",
    ],
)
@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("How many days off do I have?", "Everybody has 30 days off a year. [2]"),
        ("An wen kann ich mich mit Fragen zu Reisekosten wenden?", "Telefon +49 89 1234567. [1]"),
    ],
)
def test_a_question_is_answered_out_of_the_passages_with_their_numbers(prompt, question, answered):
    said = answer([("user", prompt.format(question=question, passages=HANDBOOK))], None)
    assert answered in said
    assert "Answer from these passages" not in said
    assert "Handbuch" not in said


def test_passages_without_a_question_are_summed_up():
    assert answer([("user", f"Answer from these passages only: {HANDBOOK}")], None).startswith("In short: ")


def test_it_owns_up_to_passages_that_do_not_say():
    said = answer([("system", "Answer from the passages."), ("user", f"Who won the cup?\n\n{HANDBOOK}")], None)
    assert said.startswith("The passages do not say. I am the demo model")


def test_a_greeting_is_answered_with_what_it_is():
    assert "I follow fixed rules and do not think" in answer([("user", "Hello")], None)


@pytest.fixture(scope="module")
def served():
    """The demo model on a port of its own, without pauses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app(delay_s=0), host="127.0.0.1", port=port, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield f"http://127.0.0.1:{port}/v1"
    server.should_exit = True
    thread.join(5)


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.slow)], ids=["fast", "litellm"])
async def ask(served, request):
    gateway = Gateway()
    binding = Binding("fast", "openai/demo-scripted", served, price_in=0.0, price_out=0.0, fast=request.param,
                      hosting="here")  # fmt: skip

    async def asking(text, **options):
        return await gateway.ask([binding], [Said("user", text)], **options)

    yield asking
    await gateway.close()


async def test_it_speaks_the_protocol_and_names_itself(ask):
    heard = []
    streamed = await ask("Summarise:\n\n" + NOTES, on_text=heard.append)
    whole = await ask("Summarise:\n\n" + NOTES)
    assert "".join(heard) == streamed.text == whole.text
    assert len(heard) == streamed.usage.tokens_out == whole.usage.tokens_out
    assert whole.usage.model == LABEL == "demo (scripted, no AI)"
    assert whole.usage.cost == 0.0


async def test_it_keeps_to_the_longest_answer(ask):
    answer = await ask("Summarise:\n\n" + NOTES, max_tokens=3)
    assert (len(answer.text.split()), answer.finish) == (3, "length")


async def test_it_fills_a_schema_over_the_wire(ask):
    schema = {"type": "object", "properties": {"topic": {"enum": ["billing", "other"]}}, "required": ["topic"]}
    assert (await ask("My invoice is wrong", schema=schema)).data == {"topic": "billing"}


async def test_what_is_no_request_is_refused(served):
    host, port = served.removeprefix("http://").removesuffix("/v1").split(":")
    for path, body, status in [
        ("/v1/chat/completions", b"{", 400), ("/v1/chat/completions", b"[]", 400), ("/v1/nothing", b"{}", 404),
        ("/v1/chat/completions", b'{"messages": [{}]}', 400),
    ]:  # fmt: skip
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        assert f" {status} " in (await reader.readline()).decode()
        writer.close()


def test_a_reply_is_formal_or_friendly_and_says_what_it_is_told_to():
    told = "Begin with the sentence: We are sorry. Say exactly this and promise nothing else: It comes on Monday."
    message = "Hello,\n\nwhere is my parcel?\n\nKind regards\nAda Lovelace"
    formal = answer([("system", f"Draft a formal reply. {told}"), ("user", message)], None)
    friendly = answer([("system", f"Draft a warm reply. {told}"), ("user", message)], None)
    assert formal.startswith(
        "Dear Ada Lovelace,\n\nWe are sorry. Thank you for your message about “where is my parcel?”."
    )
    assert friendly.startswith("Hi Ada,\n\nWe are sorry. ")
    assert all("It comes on Monday." in each for each in (formal, friendly))
