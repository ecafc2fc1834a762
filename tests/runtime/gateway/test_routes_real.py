"""The contract of both routes once more, spoken by a real llama.cpp with a tiny model: what it says is noise, how it
says it is the real thing."""

import asyncio
import time
from pathlib import Path

import pytest

from nodes.sdk import Said, StepFailed
from runtime.gateway import Binding, Gateway
from runtime.local_model import LocalModels
from runtime.local_model.cage import Means
from tests.support.local_engine import lend_engine
from tests.support.tiny_model import write_tiny_model

pytestmark = pytest.mark.slow

HELLO = [Said("system", "Be kind."), Said("user", "Say hello.")]
CARD = {
    "type": "object",
    "properties": {
        "topic": {"type": "string", "enum": ["invoice", "other"]},
        "who": {"type": "string", "maxLength": 12},
        "amount": {"type": "number", "minimum": 0},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 5}, "maxItems": 2},
    },
    "required": ["topic", "who", "amount", "tags"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("local")
    lend_engine(folder / "local-model")
    models = LocalModels(folder / "local-model", Means(reduced=lambda: True))  # with or without a cage
    models.shelf.add(write_tiny_model(folder / "tiny.gguf"), "tiny", copy=False)
    yield models
    models.close()


@pytest.fixture
async def gateway():
    gateway = Gateway()
    yield gateway
    await gateway.close()


@pytest.fixture(params=["fast", pytest.param("litellm", marks=pytest.mark.slow)])
def bind(request, models):
    note = models.reach("tiny")

    def bound(**changed):
        return Binding(**({"alias": "local", "model": "openai/tiny", "base_url": note.url, "key": note.key,
                           "hosting": "here", "small": True, "max_tokens": 60, "fast": request.param == "fast",
                           "retries": 0, "timeout_s": 60.0} | changed))  # fmt: skip

    return bound


async def failure(gateway, *chain, **options):
    with pytest.raises(StepFailed) as failed:
        await gateway.ask(chain, **({"messages": HELLO} | options))
    return failed.value


async def test_an_answer_with_its_usage(gateway, bind):
    answer = await gateway.ask([bind(price_in=1.0, price_out=2.0)], HELLO, max_tokens=20)
    assert answer.text
    assert (answer.usage.model, answer.usage.tokens_out, answer.finish) == ("tiny", 20, "length")
    assert answer.usage.tokens_in > len("Be kind.Say hello.")
    assert answer.usage.cost == pytest.approx((answer.usage.tokens_in + 40) / 1_000_000)


async def test_a_stream_arrives_in_pieces_with_its_usage(gateway, bind):
    heard = []
    answer = await gateway.ask([bind()], HELLO, max_tokens=30, on_text=heard.append)
    assert len(heard) > 10
    assert "".join(heard) == answer.text
    assert answer.usage.tokens_out == 30


async def test_at_temperature_nought_it_says_the_same_twice(gateway, bind):
    answers = [await gateway.ask([bind()], HELLO, temperature=0.0) for _ in range(2)]
    assert answers[0].text == answers[1].text


@pytest.mark.parametrize("streamed", [False, True])
async def test_data_fits_its_schema_and_has_no_white_space_to_get_lost_in(gateway, bind, streamed):
    answer = await gateway.ask(
        [bind(max_tokens=300)], HELLO, schema=CARD, on_text=(lambda _: None) if streamed else None
    )
    assert answer.data is not None
    assert set(answer.data) == set(CARD["required"])
    assert answer.text.startswith('{"topic":"')
    assert answer.finish == "stop"


async def test_messages_that_are_too_long_have_a_sentence_that_says_so(gateway, bind):
    failed = await failure(gateway, bind(), messages=[Said("user", "long " * 2000)])
    assert failed.code == "prompt_too_long"
    assert "exceeds the available context size (8192 tokens)" in failed.hint


async def test_a_wrong_key_is_refused(gateway, bind):
    assert (await failure(gateway, bind(key="sk-wrong"))).code == "model_refused_key"


async def test_four_are_answered_at_once_and_a_fifth_waits(gateway, bind):
    answers = await asyncio.gather(*(gateway.ask([bind()], HELLO, on_text=lambda _: None) for _ in range(5)))
    assert [answer.usage.tokens_out for answer in answers] == [60] * 5


async def test_who_stops_listening_frees_the_place(gateway, bind, models):
    begun = asyncio.Semaphore(0)
    asked = [
        asyncio.create_task(gateway.ask([bind(max_tokens=4000)], HELLO, on_text=lambda _: begun.release()))
        for _ in range(4)
    ]
    for _ in range(4):
        await asyncio.wait_for(begun.acquire(), 30)
    for each in asked:
        each.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    await asyncio.wait_for(gateway.ask([bind()], HELLO, max_tokens=5), 30)
    await asyncio.to_thread(_until_it_rests, models.standings()[0])


def _until_it_rests(standing) -> None:
    """Computing four long answers would take it several seconds more."""
    assert standing.process is not None
    before = _computed(standing.process)
    for _ in range(40):
        time.sleep(0.1)
        now = _computed(standing.process)
        if now == before:
            return
        before = now
    raise AssertionError("it still computes for callers that are gone")


def _computed(process: int) -> int:
    """Ticks of a process and its children."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(fields[11]) + int(fields[12]) + sum(_computed(int(each)) for each in children)


async def test_a_model_that_cannot_be_loaded_is_a_failure_that_says_so(gateway, bind, models, tmp_path):
    path = tmp_path / "cut.gguf"
    path.write_bytes((models.shelf.folder.parent / "tiny.gguf").read_bytes()[:40_000])
    if not models.shelf.model("cut"):
        models.shelf.add(path, "cut", copy=True)
    note = models.reach("cut")
    failed = await failure(gateway, bind(base_url=note.url, key=note.key))
    assert failed.code == "model_down"
    assert "The local model “cut” cannot be loaded: its file is damaged" in failed.hint
    assert (await gateway.ask([bind()], HELLO)).text
