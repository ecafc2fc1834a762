"""One list of what secrets look like: the guard step masks by it, the review looks through settings by it."""

import pytest

from nodes.sdk.secret_tokens import find_secrets, secrets_in
from runtime.governance.checks.secrets import looks_like

CHANCE = "a1B2c3D4e5" * 5


@pytest.mark.parametrize(
    ("secret", "what"),
    [
        (f"sk-{CHANCE}", "an OpenAI or Anthropic key"), (f"ghp_{CHANCE}", "a GitHub token"),
        (f"glpat-{CHANCE}", "a GitLab token"), ("AKIAABCDEFGH12345678", "an AWS key"),
        (f"AIza{CHANCE}", "a Google key"), (f"xoxb-{CHANCE}", "a Slack token"), (f"sk_live_{CHANCE}", "a Stripe key"),
        (f"gl_{CHANCE}", "a Greenlane key"), (f"eyJ{CHANCE}.eyJ{CHANCE}.{CHANCE}", "a token"),
        (f"hf_{CHANCE}", "a key"),
    ],
)  # fmt: skip
def test_a_token_says_by_its_beginning_whose_it_is(secret, what):
    text = f"Use {secret} for this."
    (found, *_) = secrets_in(text, sure=True)
    assert (text[found.start : found.end], found.what, looks_like(text)) == (secret, what, what)


@pytest.mark.parametrize(
    ("text", "hidden", "what"),
    [
        ("postgres://admin:hunter2secret@db.example.com/x", "hunter2secret", "a password inside an address"),
        ("Authorization: Bearer abcdefghijklmnop1234", "abcdefghijklmnop1234", "a credential in a header"),
        ("password: Tr0ub4dor&3x9", "Tr0ub4dor&3x9", "a password or key"),
        ("the credential is 9f8e7d6c5b4a3210", "9f8e7d6c5b4a3210", "a password or key"),
    ],
)
def test_what_stands_beside_a_secret_gives_it_away(text, hidden, what):
    assert [(text[each.start : each.end], each.what) for each in secrets_in(text, sure=True)] == [(hidden, what)]
    assert hidden in {text[each.start : each.end] for each in find_secrets(text)}


@pytest.mark.parametrize(
    "text", ["Basic understanding-of-things", "bearer certificates-of-deposit", "see https://example.com:8080/a@b"]
)
def test_words_are_none(text):
    assert secrets_in(text) == []


def test_a_long_random_word_without_a_name_is_held_back_but_not_held_against_anybody():
    word = "q7Zp2Lx9Rk4Vb8Nw3Jt6Hs1M"
    assert [each.what for each in secrets_in(word)] == ["a long random word"]
    assert secrets_in(word, sure=True) == []
