"""What a call costs, and the most it may use."""

import subprocess
import sys
from dataclasses import replace

import pytest

from nodes.sdk import Picture, Said
from runtime.gateway import Binding, estimate
from runtime.gateway.prices import cost, prices

DEMO = Binding("fast", "openai/demo", "http://127.0.0.1/v1")


def bound(**changed):
    return replace(DEMO, **changed)


def test_the_price_of_the_binding_holds():
    assert cost(bound(price_in=2.0, price_out=10.0), 1_000_000, 500_000) == 7.0


def test_an_unknown_price_is_not_free():
    assert cost(bound(), 10, 10) is None
    assert estimate([Said("user", "hi")], 10, bound()).cost is None


def test_a_price_nobody_set_comes_from_the_list_of_litellm():
    price_in, price_out = prices(bound(model="openai/gpt-4o-mini"))
    assert price_in == pytest.approx(0.15)
    assert price_out == pytest.approx(0.6)
    assert prices(bound(model="openai/gpt-4o-mini", price_in=1.0))[0] == 1.0


def test_a_price_of_zero_is_a_price():
    assert cost(bound(model="openai/gpt-4o-mini", price_in=0.0, price_out=0.0), 10, 10) == 0.0


@pytest.mark.parametrize(
    ("text", "tokens"),  # as counted by cl100k_base
    [
        ("The quick brown fox jumps over the lazy dog. " * 10, 101),
        ("Der Donaudampfschifffahrtsgesellschaftskapitän unterschreibt. ", 20),
        ("敏捷的棕色狐狸跳过了懒狗。", 19),
        ("", 0),
    ],
)
def test_the_estimate_is_not_below_what_a_tokenizer_counts(text, tokens):
    assert estimate([Said("user", text)], 100, bound()).tokens >= tokens + 100


def test_the_longest_answer_counts_when_the_step_sets_none():
    assert estimate([], None, bound(max_tokens=500)).tokens - estimate([], 100, bound(max_tokens=500)).tokens == 400


def test_a_schema_is_part_of_what_is_sent():
    assert estimate([], 10, bound(), {"type": "object", "properties": {}}).tokens > estimate([], 10, bound()).tokens


def test_a_key_is_not_shown_with_its_binding():
    assert "canary" not in repr(bound(key="sk-canary"))


@pytest.mark.slow
def test_prices_are_read_without_loading_litellm():
    code = (
        "import sys; from runtime.gateway import Binding; from runtime.gateway.prices import prices;"
        "assert prices(Binding('a', 'openai/gpt-4o', 'http://x/v1'))[0]; print('litellm' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_picture_counts_as_the_most_it_may_be():
    shown = Said("user", "hi", (Picture("image/png", b"x", "1"),) * 2)
    assert estimate([shown], 10, bound()).tokens == estimate([Said("user", "hi")], 10, bound()).tokens + 3_200
