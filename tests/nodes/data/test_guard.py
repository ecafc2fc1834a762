"""The guard masks personal data and lets no secret pass; whatever it hands on holds no valid number of an account."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.data.guard import LONGEST_TEXT, Guard
from nodes.sdk import Lowering, StepFailed, Tag
from nodes.sdk.finding import _LENGTHS, find_cards, find_emails, find_ibans, find_names, find_phones, masked, settled
from nodes.sdk.secret_tokens import find_secrets
from tests.support.context import run_step


def hits(find, text):
    return [text[each.start : each.end] for each in find(text)]


async def guarded(text, **settings):
    left = await run_step(Guard, {"text": text} | settings)
    return left.output["text"], {each["kind"]: each["count"] for each in left.output["findings"]}, left.exit


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to ada.lovelace+x@mail.example.co.uk.", ["ada.lovelace+x@mail.example.co.uk"]),
        ("<ada@example.com>, (bob@example.org)", ["ada@example.com", "bob@example.org"]),
        ("mailto:jürgen@müller.de!", ["jürgen@müller.de"]), ("o'neil@example.com", ["neil@example.com"]),
        ("a@b, @home, me@localhost, 3 @ 4.50", []), ("ada＠example.com", ["ada＠example.com"]),
    ],
)  # fmt: skip
def test_email_addresses(text, found):
    assert hits(find_emails, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("call +49 30 901820 now", ["+49 30 901820"]), ("0049 (30) 901820", ["0049 (30) 901820"]),
        ("Tel. 030/901820-12,", ["030/901820-12"]), ("(030) 90182012", ["(030) 90182012"]),
        ("+1 555 123 4567", ["+1 555 123 4567"]), ("(555) 123-4567", ["(555) 123-4567"]),
        ("555-123-4567", ["555-123-4567"]),
        ("on 01.02.2026 10 people came", []), ("order 4711 of 2026-11-21", []), ("1,234,567.89 €", []),
        ("0.123456789", []),
        ("version 10.20.30", []),
    ],
)  # fmt: skip
def test_phone_numbers(text, found):
    assert hits(find_phones, text)[:1] == found[:1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DE89370400440532013000", ["DE89370400440532013000"]), ("DE89 3704 0044 0532 0130 00 bitte",
         ["DE89 3704 0044 0532 0130 00"]), ("iban:gb82 west 1234 5698 7654 32", ["gb82 west 1234 5698 7654 32"]),
        ("NO93-8601-1117-947", ["NO93-8601-1117-947"]),
        ("MT84MALT011000012345MTLCAST001S", ["MT84MALT011000012345MTLCAST001S"]),
        ("DE89 3704 0044 0532 0130 01", []), ("DE88370400440532013000", []), ("XX89370400440532013000", []),
    ],
)  # fmt: skip
def test_ibans(text, found):
    assert hits(find_ibans, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4111111111111111", ["4111111111111111"]), ("card 5500-0000-0000-0004.", ["5500-0000-0000-0004"]),
        ("3782 822463 10005", ["3782 822463 10005"]), ("order 12 4111 1111 1111 1111 9", ["4111 1111 1111 1111"]),
        ("４１１１ 1111 1111 1111", ["４１１１ 1111 1111 1111"]), ("4111111111111112", []), ("1234567890123452", []),
        ("20 12 14 4 2026", []),
    ],
)  # fmt: skip
def test_card_numbers(text, found):
    assert hits(find_cards, text) == found


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("ADA lovelace and Lovelace, Ada", ["Ada Lovelace"], ["ADA lovelace"]), ("Mark marks", ["Mark"], ["Mark"]),
        ("Ada\n  Lovelace; Ada-Lovelace", ["Ada Lovelace"], ["Ada\n  Lovelace", "Ada-Lovelace"]),
        ("José, Jose\u0301", ["José"], ["José", "Jose\u0301"]), ("Straße", ["straße"], ["Straße"]),
        ("(.*)", ["(.*)", "a+"], []),
        ("İstanbul Ada", ["Ada"], ["Ada"]), ("", ["Ada"], []), ("Ada", ["", " "], []),
    ],
)  # fmt: skip
def test_names_of_a_list(text, names, found):
    assert sorted(hits(lambda text: find_names(text, names), text)) == sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE", "key=sk-proj-abcdefghij0123456789XYZ", "ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl",
        "password: hunter2hunter2", "Das Passwort ist Sommer2026!", 'api_key = "a1b2c3d4e5"',
        "Tr0ub4dor3xQ9zLk7VwPm2RtYb8N",
    ],
)  # fmt: skip
async def test_a_secret_is_blocked_and_handed_to_nobody(text):
    out, found, left_by = await guarded(f"please use {text} today")
    assert (out, left_by) == ("", "blocked")
    assert found["secret"] >= 1


@pytest.mark.parametrize(
    "text",
    [
        "The password policy asks for twelve characters.", "Your token is valid for a day.", "see commit 9621291f0c",
        "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "id 123e4567-e89b-12d3-a456-426614174000", "https://example.com/en/Products/Overview-2026/index.html",
        "Donaudampfschifffahrtsgesellschaftskapitän", "InternationalizationOfVeryLongClassNamesFactory2",
        "the key: a sentence about keys, nothing else",
    ],
)  # fmt: skip
async def test_ordinary_text_is_no_secret(text):
    assert await guarded(text) == (text, {}, "done")


async def test_secrets_are_masked_like_the_rest_when_asked():
    assert await guarded("use AKIAIOSFODNN7EXAMPLE", secrets="mask") == ("use [secret]", {"secret": 1}, "done")


async def test_what_is_switched_off_stays():
    text = "ada@example.com +49 30 901820 4111111111111111"
    out, found, _ = await guarded(text, emails=False, cards=False)
    assert out == "ada@example.com [phone] 4111111111111111"
    assert found == {"phone": 1}


async def test_what_could_be_two_things_is_counted_once():
    out, found, _ = await guarded("DE89 3704 0044 0532 0130 00")
    assert (out, found) == ("[IBAN]", {"IBAN": 1})


def _iban(country: str, body: str) -> str:
    body = body[: _LENGTHS[country] - 4]
    number = int("".join(str(int(each, 36)) for each in f"{body}{country}00"))
    return f"{country}{98 - number % 97:02}{body}"


def _card(digits: str) -> str:
    for last in "0123456789":
        number = [int(each) for each in reversed(digits + last)]
        if sum(sum(divmod(2 * each, 10)) if place % 2 else each for place, each in enumerate(number)) % 10 == 0:
            return digits + last
    raise AssertionError


IBANS = st.builds(
    _iban, st.sampled_from(sorted(_LENGTHS)), st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=29, max_size=29)
)
CARDS = st.builds(
    lambda first, rest: _card(first + rest), st.sampled_from("23456"), st.text("0123456789", min_size=11, max_size=17)
)
GAPS = st.sampled_from(["", " ", "-", "\u00a0", "\u202f", "\u200b"])
AROUND = st.text(st.characters(codec="utf-8"), max_size=30) | st.text("0123456789 -DE+@.", max_size=30)


def _grouped(number: str, gap: str) -> str:
    return gap.join(number[at : at + 4] for at in range(0, len(number), 4))


@given(AROUND, IBANS, GAPS, AROUND, st.booleans())
async def test_no_valid_iban_is_ever_left(before, iban, gap, after, small):
    written = _grouped(iban.lower() if small else iban, gap)
    out, found, _ = await guarded(f"{before}{written}{after}", secrets="mask")
    assert written not in out
    assert iban not in "".join(each for each in out.upper() if each.isalnum()) or iban in before + after
    assert find_ibans(out) == []
    assert found


@given(
    AROUND.filter(lambda text: not text[-1:].isdigit()), CARDS, GAPS, AROUND.filter(lambda text: not text[:1].isdigit())
)
async def test_no_valid_card_number_is_ever_left(before, card, gap, after):
    written = _grouped(card, gap) if 13 <= len(card) <= 19 else card
    out, found, _ = await guarded(f"{before} {written} {after}", secrets="mask")
    assert written not in out
    assert find_cards(out) == []
    assert found


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.lists(st.text(max_size=8), max_size=3))
async def test_whatever_comes_it_ends_and_what_is_left_holds_nothing_more(text, names):
    out, _, _ = await guarded(text, names=names, secrets="mask")
    for find in (find_emails, find_ibans, find_cards, find_secrets):
        assert find(out) == [], out


@given(st.text("ab ", max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10)), max_size=8))
def test_masking_takes_away_every_sign_that_was_found_and_no_other(text, spans):
    from nodes.sdk.finding import Found

    found = [Found(start, min(start + size, len(text)), "name") for start, size in spans if start < len(text) and size]
    gone = {at for each in found for at in range(each.start, each.end)}
    kept = "".join(each for at, each in enumerate(text) if at not in gone)
    assert masked(text, settled(found)).replace("[name]", "") == kept


LONG = LONGEST_TEXT
HOSTILE = {
    "letters": "a", "digits": "1", "groups": "4111 ", "plus": "+", "at": "a@", "zero": "0 ", "bracket": "(",
    "jwt": "eyJa",
    "key": "sk-", "iban": "DE12", "begin": "-----BEGIN PRIVATE KEY-----", "begun": "-----BEGIN ", "named": "password",
    "assigned": "token: a", "random": "aB3", "dots": "a.", "prose": "Ada wrote to Bob on 3 May about 12 things. ",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
async def test_time_grows_with_the_text_and_nothing_else(name):
    def took(size):
        text = (HOSTILE[name] * size)[:size]
        node = Guard(text=text, names=["Ada Lovelace", "a"], secrets="mask")
        started = time.thread_time()
        node._find()
        return time.thread_time() - started

    took(1000)
    # Sixteen times the text: sixteen times the time, or 256 times where it grows with the square. A machine busy
    # with other work can only make a measurement longer, so the shortest of several counts.
    short = max(min(took(LONG // 16) for _ in range(5)), 0.0005)
    longest = float("inf")
    for _ in range(8):
        longest = min(longest, took(LONG))
        if longest < 64 * short:
            break
    assert longest < 64 * short
    assert longest < 3.0, "seconds for the longest text"


async def test_a_text_that_is_too_long_is_refused_with_a_sentence():
    with pytest.raises(StepFailed, match="200,000"):
        await guarded("a" * (LONG + 1))


def test_it_lowers_the_class_only_when_every_kind_is_masked():
    assert Guard(text="x").lowers() == [Lowering("guard", frozenset({Tag.PERSONAL, Tag.CREDENTIALS}))]
    assert Guard(text="x", phones=False).lowers() == []


def test_it_explains_itself_and_knows_its_exits():
    assert Guard(text="{{ start.text }}", names=["Ada"]).explain() == (
        "Masks e-mail addresses, phone numbers, IBANs, card numbers and 1 listed name in {{ start.text }}."
        " A text with a secret in it goes no further."
    )
    assert [each.id for each in Guard(secrets="mask").exits()] == ["done"]
    assert [each.field for each in Guard().troubles()] == ["text"]
