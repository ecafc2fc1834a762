"""One contract for both routes: whoever asks a model cannot tell which way the question went."""

import asyncio
import time

import pytest

from nodes.sdk import Picture, Said, StepFailed
from runtime.gateway import Binding, Gateway
from runtime.gateway.veil import BLOT
from tests.support.model_server import ModelServer, Turn

HELLO = [Said("system", "Be kind."), Said("user", "Say hello.")]
TOPIC = {
    "type": "object",
    "properties": {"topic": {"type": "string", "enum": ["invoice", "other"]}},
    "required": ["topic"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def model():
    with ModelServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _afresh(model):
    model.clear()


@pytest.fixture
def pauses():
    """The seconds the gateway would have slept between two tries."""
    return []


@pytest.fixture
async def gateway(pauses):
    async def noted(seconds):
        pauses.append(seconds)

    gateway = Gateway(sleep=noted)
    yield gateway
    await gateway.close()


@pytest.fixture(params=["fast", pytest.param("litellm", marks=pytest.mark.slow)])  # its import takes seconds
def bind(request, model):
    def bound(**changed):
        return Binding(**({"alias": "fast", "model": "openai/demo", "base_url": model.url, "key": "sk-canary",
                           "hosting": "here",
                           "fast": request.param == "fast", "retries": 0, "timeout_s": 20.0} | changed))  # fmt: skip

    return bound


async def failure(gateway, *chain, **options):
    with pytest.raises(StepFailed) as failed:
        await gateway.ask(chain, HELLO, **options)
    assert "sk-canary" not in f"{failed.value} {failed.value.hint} {failed.value!r}"
    return failed.value


async def test_an_answer_with_its_usage(gateway, bind, model):
    model.say(Turn("Hello!", usage=(11, 3)))
    answer = await gateway.ask([bind(price_in=2.0, price_out=4.0)], HELLO, temperature=0.3, max_tokens=50, key="k1")
    assert (answer.text, answer.data, answer.finish) == ("Hello!", None, "stop")
    assert (answer.usage.tokens_in, answer.usage.tokens_out, answer.usage.model) == (11, 3, "demo")
    assert answer.usage.cost == pytest.approx((11 * 2 + 3 * 4) / 1_000_000)
    assert answer.usage.latency_s > 0
    (call,) = model.calls
    assert call.path == "/v1/chat/completions"
    assert call.headers["authorization"] == "Bearer sk-canary"
    assert call.key == "k1"
    assert call.body["messages"] == [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Say hello."},
    ]
    assert (call.body["model"], call.body["temperature"], call.body["max_tokens"]) == ("demo", 0.3, 50)
    assert "stream" not in call.body or call.body["stream"] is False


async def test_pictures_stand_beside_the_text(gateway, bind, model):
    model.say(Turn("A cat."))
    said = [Said("user", "What is it?", (Picture("image/png", b"png", "1"),))]
    assert (await gateway.ask([bind()], said)).text == "A cat."
    assert model.calls[0].body["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is it?"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,cG5n"}},
            ],
        }
    ]


async def test_a_stream_arrives_piece_by_piece(gateway, bind, model):
    model.say(Turn("One two three four", pieces=4, usage=(9, 4)))
    heard = []
    answer = await gateway.ask([bind()], HELLO, on_text=heard.append)
    assert len(heard) == 4
    assert "".join(heard) == answer.text == "One two three four"
    assert (answer.usage.tokens_in, answer.usage.tokens_out, answer.finish) == (9, 4, "stop")


@pytest.mark.parametrize("pieces", [1, 2, 5, 60])
async def test_a_key_that_is_echoed_is_neither_shown_nor_kept_however_it_is_cut(gateway, bind, model, pieces):
    key = "sk-canary-0123456789-sk-canary"
    model.say(Turn(f"You sent {key}, sk-canary-and no more; sk-can", pieces=pieces), Turn(f"{key}{key}"))
    heard = []
    answer = await gateway.ask([bind(key=key)], HELLO, on_text=heard.append)
    assert "".join(heard) == answer.text == f"You sent {BLOT}, sk-canary-and no more; sk-can"
    assert (await gateway.ask([bind(key=key)], HELLO)).text == BLOT * 2
    model.say(Turn("I am ollama"))
    assert (await gateway.ask([bind(key="ollama")], HELLO)).text == "I am ollama"


async def test_pieces_are_given_on_while_the_model_still_speaks(gateway, bind, model):
    model.say(Turn("One two", pieces=2, stall_after=1))
    first = asyncio.Event()
    task = asyncio.create_task(gateway.ask([bind()], HELLO, on_text=lambda _: first.set()))
    await asyncio.wait_for(first.wait(), 20)
    assert not task.done()
    task.cancel()


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_schema_is_sent_and_its_answer_read(gateway, bind, model, streamed):
    model.say('{"topic": "invoice"}')
    answer = await gateway.ask([bind()], HELLO, schema=TOPIC, on_text=(lambda _: None) if streamed else None)
    assert answer.data == {"topic": "invoice"}
    wanted = model.calls[0].body["response_format"]
    assert wanted == {"type": "json_schema", "json_schema": {"name": "answer", "schema": TOPIC, "strict": True}}


async def test_an_answer_that_does_not_fit_its_schema_is_a_failure(gateway, bind, model):
    model.say('{"topic": "weather"}')
    assert (await failure(gateway, bind(), schema=TOPIC)).code == "bad_answer"


async def test_an_answer_by_schema_that_was_cut_short_is_a_failure(gateway, bind, model):
    model.say(Turn('{"topic": "inv', finish="length"))
    failed = await failure(gateway, bind(), schema=TOPIC)
    assert failed.code == "bad_answer"
    assert "before the answer was complete" in failed.hint


async def test_no_more_tokens_are_asked_for_than_the_alias_allows(gateway, bind, model):
    await gateway.ask([bind(max_tokens=100)], HELLO, max_tokens=5000)
    await gateway.ask([bind(max_tokens=100)], HELLO)
    assert [call.body["max_tokens"] for call in model.calls] == [100, 100]


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    ("turn", "code", "retry"),
    [
        (Turn(status=429), "model_busy", True),
        (Turn(status=503), "model_busy", True),
        (Turn(status=500), "model_down", True),
        (Turn(status=502, raw=b"<html>bad gateway</html>"), "model_down", True),
        (Turn(status=408), "model_timeout", True),
        (Turn(status=401), "model_refused_key", False),
        (Turn(status=401, error={"error": {"message": "Incorrect API key: sk-canary"}}), "model_refused_key", False),
        (Turn(status=403), "model_refused_key", False),
        (Turn(status=404), "model_not_found", False),
        (Turn(status=400), "model_bad_request", False),
        (Turn(status=400, error={"error": {"message": "sk-canary is not a valid field"}}), "model_bad_request", False),
        (Turn(status=422), "model_bad_request", False),
        (
            Turn(
                status=400,
                error={"error": {"message": "maximum context length is 8 tokens", "code": "context_length_exceeded"}},
            ),
            "prompt_too_long",
            False,
        ),
        (
            Turn(status=429, error={"error": {"message": "Used up", "code": "insufficient_quota"}}),
            "model_unpaid",
            False,
        ),
        (
            Turn(
                status=400,
                error={"error": {"message": "Your request was rejected", "code": "content_policy_violation"}},
            ),
            "model_refused",
            False,
        ),
        (Turn(status=302, headers={"Location": "http://127.0.0.1:9/"}), "model_bad_request", False),
    ],
)
async def test_an_error_of_the_server_has_one_code_on_every_route(gateway, bind, model, turn, code, retry, streamed):
    model.say(turn)
    failed = await failure(gateway, bind(), on_text=(lambda _: None) if streamed else None)
    assert (failed.code, failed.retry) == (code, retry)
    assert len(model.calls) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("turn", "streamed", "code"),
    [
        (Turn("Hello there", drop_after=0), False, "model_interrupted"),
        (Turn("Hello there", drop_after=2), True, "model_interrupted"),
        (Turn("Hello there", garbage_after=2), True, "model_interrupted"),
        (Turn("Hello there", error_after=2), True, "model_interrupted"),
        (Turn("Hello", no_choices=True), False, "bad_answer"),
        (Turn("Hello", no_choices=True), True, "model_silent"),
        (Turn(""), False, "model_silent"),
        (Turn(""), True, "model_silent"),
        (Turn("", finish="length"), True, "bad_answer"),
        (Turn("", finish="content_filter"), True, "model_refused"),
        (Turn(raw=b"<html>Welcome</html>"), False, "bad_answer"),
        (Turn("Hello there", stall_after=0), False, "model_timeout"),
        (Turn("Hello there", stall_after=2), True, "model_timeout"),
    ],
)
async def test_an_answer_that_breaks_has_one_code_on_every_route(gateway, bind, model, turn, streamed, code):
    await gateway.ask([bind()], HELLO)  # the first call also waits for LiteLLM to be loaded
    model.say(turn)
    heard = []
    patience = 0.3 if code == "model_timeout" else 30.0
    failed = await failure(gateway, bind(timeout_s=patience), on_text=heard.append if streamed else None)
    assert failed.code == code
    assert len(model.calls) == 2


async def test_a_model_that_does_not_listen(gateway, bind):
    assert (await failure(gateway, bind(base_url="http://127.0.0.1:9/v1"))).code == "model_unreachable"


async def test_a_busy_model_is_asked_again_with_the_same_key(gateway, bind, model, pauses):
    model.say(Turn(status=429, headers={"Retry-After": "3"}), Turn(status=500), "Hello")
    answer = await gateway.ask([bind(retries=2)], HELLO, key="k7")
    assert answer.text == "Hello"
    assert model.counted("k7") == 3
    assert pauses[0] == 3
    assert 0.5 <= pauses[1] <= 1.0


async def test_a_model_that_stays_busy_fails_after_its_tries(gateway, bind, model):
    model.say(*[Turn(status=429)] * 3)
    assert (await failure(gateway, bind(retries=2))).code == "model_busy"
    assert len(model.calls) == 3


async def test_a_refused_key_is_not_tried_twice(gateway, bind, model, pauses):
    model.say(Turn(status=401))
    await failure(gateway, bind(retries=2))
    assert len(model.calls) == 1
    assert pauses == []


async def test_the_next_binding_answers_when_the_first_cannot(gateway, bind, model):
    model.say(Turn(status=401), "From the other one")
    answer = await gateway.ask([bind(), bind(alias="spare", model="openai/spare")], HELLO, key="k")
    assert (answer.text, answer.usage.model) == ("From the other one", "spare")
    assert model.counted("k") == 2


async def test_text_that_was_shown_is_taken_back_before_another_try(gateway, bind, model):
    model.say(Turn("Hello there", drop_after=2), Turn("Good day"))
    seen = []
    answer = await gateway.ask([bind(retries=1)], HELLO, on_text=seen.append, on_restart=seen.clear)
    assert "".join(seen) == answer.text == "Good day"


async def test_without_a_way_to_take_text_back_a_broken_stream_is_not_repeated(gateway, bind, model):
    model.say(Turn("Hello there", drop_after=2), Turn("Good day"))
    seen = []
    assert (await failure(gateway, bind(retries=1), bind(), on_text=seen.append)).code == "model_interrupted"
    assert len(model.calls) == 1


@pytest.mark.parametrize("streamed", [False, True])
async def test_cancelling_closes_the_connection(gateway, bind, model, streamed):
    await gateway.ask([bind()], HELLO)
    model.say(Turn("Hello there", stall_after=1))
    started = asyncio.Event()
    task = asyncio.create_task(gateway.ask([bind()], HELLO, on_text=(lambda _: started.set()) if streamed else None))
    if streamed:
        await asyncio.wait_for(started.wait(), 5)
    await asyncio.to_thread(model.wait_until, lambda server: len(server.calls) == 2)
    begun = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.to_thread(model.wait_until, lambda server: server.calls[-1].ended == "left")
    assert time.monotonic() - begun < 2


async def test_many_at_once(gateway, bind, model):
    answers = await asyncio.gather(*(gateway.ask([bind()], [Said("user", str(number))]) for number in range(30)))
    assert [answer.text for answer in answers] == [f"You said: {number}" for number in range(30)]


async def test_keys_and_addresses_of_the_environment_are_never_used(gateway, bind, model, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    await gateway.ask([bind(key="")], HELLO)
    assert "sk-of-the-environment" not in str(model.calls[0].headers)


async def test_tokens_nobody_counted_are_guessed(gateway, bind, model):
    model.say(Turn("Hello there, my friend", usage=None))
    usage = (await gateway.ask([bind()], HELLO)).usage
    assert usage.tokens_in > 0
    assert usage.tokens_out > 0
