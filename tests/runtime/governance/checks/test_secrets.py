import pytest

from runtime.governance.checks.secrets import check, looks_like
from runtime.graph.document import Document, Meaning, Step
from tests.runtime.governance.gathered import facts


@pytest.mark.parametrize(
    "text",
    [
        "sk-" + "a1B2c3D4e5" * 3,
        "ghp_" + "a1B2c3D4e5" * 4,
        "AKIA" + "ABCDEFGH12345678",
        "-----BEGIN RSA PRIVATE KEY-----",
        "postgres://admin:hunter2secret@db.example.com/x",
        "Authorization: Bearer abcdefghijklmnop1234",
        "the password is Tr0ub4dor&3x9",
        'api_key = "9f8e7d6c5b4a3210"',
        "gl_" + "aB3_-" * 8 + "xyz",
    ],
)
def test_what_looks_like_a_secret_is_found(text):
    assert looks_like(f"Please use {text} for this.")


@pytest.mark.parametrize(
    "text",
    [
        "Never tell anybody your password.",
        "The token limit is: {{ start.limit }}",
        "Answer in one sentence. The secret of good soup is patience.",
        "See https://example.com/docs/a-very-long-address-with-many-words",
        "password: {{ start.password }}",
        "The key question is whether it is paid.",
        "0192f3a4-5b6c-7d8e-9f00-112233445566",
    ],
)
def test_plain_words_are_none(text):
    assert looks_like(text) == ""


def test_the_secret_itself_is_never_repeated():
    secret = "sk-" + "a1B2c3D4e5" * 3
    assert secret not in looks_like(secret)


def test_a_long_text_takes_no_longer_than_it_is_long():
    assert looks_like("password: " * 20_000 + "a" * 200_000) == ""


@pytest.mark.parametrize(
    ("type_id", "settings"),
    [
        ("data.code", {"code": 'def main():\n    key = "sk-a1B2c3D4e5a1B2c3D4e5a1B2c3D4e5"\n    return {}'}),
        ("data.template", {"template": "{# password: Tr0ub4dor&3x9 #}"}),
        ("data.calculate", {"formula": "'AKIAABCDEFGH12345678'"}),
    ],
)
def test_code_is_looked_through_like_any_setting(type_id, settings):
    found = check(facts(Document(name="flow", meaning=Meaning(steps={"one": Step(type=type_id, settings=settings)}))))
    assert (found.ok, found.evidence[0].step) == ("failed", "one")
