"""Finding secrets in a text: keys that say by their beginning what they are, private keys, passwords that stand behind
their name, in an address or a header, and long tokens that only chance writes. Time grows with the text and nothing
else. The guard step masks by it, and the review looks for what was written into a setting."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from math import log2
from typing import NamedTuple

from nodes.sdk.finding import SECRETS, Found

_TOKEN = re.compile(r"(?<![A-Za-z0-9_+/.~-])[A-Za-z0-9_+/.~-]{16,}={0,2}")
_BEGINNINGS = {
    "an OpenAI or Anthropic key": {"sk-": 20},
    "a GitHub token": {"ghp_": 36, "gho_": 36, "ghs_": 36, "ghu_": 36, "ghr_": 36, "github_pat_": 40},
    "a GitLab token": {"glpat-": 26},
    "an AWS key": {"AKIA": 20, "ASIA": 20},
    "a Google key": {"AIza": 39, "ya29.": 30},
    "a Slack token": {"xoxb-": 24, "xoxp-": 24, "xoxa-": 24, "xoxe-": 24, "xoxr-": 24, "xoxs-": 24, "xapp-": 24},
    "a Stripe key": {"sk_live_": 24, "sk_test_": 24, "rk_live_": 24, "pk_live_": 24},
    "a Greenlane key": {"gl_": 40},
    "a token": {"eyJ": 60},
    "a key": {
        "hf_": 30, "npm_": 36, "pypi-": 40, "dop_v1_": 60, "SG.": 40, "gsk_": 40, "AGE-SECRET-KEY-": 60, "shpat_": 36,
        "sq0csp-": 40, "key-": 36, "xai-": 40,
    },
}  # fmt: skip
"""how tokens of well-known issuers begin, and how long they are at least"""
_KNOWN = [(start, least, what) for what, starts in _BEGINNINGS.items() for start, least in starts.items()]
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PRIVATE_KEY_END = "-----END "
_NAMED = ("password", "passwort", "passwd", "pwd", "kennwort", "secret", "key", "token", "credential", "schlüssel")
_ASSIGNED = re.compile(
    rf"(?:{'|'.join(_NAMED)})s?[\"']?\s{{0,3}}(?:[:=]|\bis\b|\bist\b)\s{{0,3}}[\"'“]?([^\s\"',;<>”]{{8,200}})"
)
_IN_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@{}]{1,64}:([^\s/@{}]{1,128})@")
_IN_HEADER = re.compile(r"\b(?:[Bb]earer|[Bb]asic)[\s:=]{1,3}([A-Za-z0-9+/_=.~-]{16,2000})")
_BITS = 3.7
"""bits of surprise a character, from which a token is no word; 24 random letters and digits have 4.2"""
_NAMED_BITS = 3.0
"""the same where its name stands before it and one wants to be sure"""
_PARTS = re.compile(r"[A-Za-z0-9_+-]{24,}={0,2}")
"""what could be a random token: shorter ones are too often something else"""


class Secret(NamedTuple):
    """What looks like a secret, and what it seems to be. Its own text is never repeated."""

    start: int
    end: int
    what: str


def find_secrets(text: str) -> list[Found]:
    """What looks like a secret, for whoever would rather hold back too much. A hash or an id of plain hexadecimal
    digits is none."""
    return [Found(each.start, each.end, SECRETS) for each in secrets_in(text)]


def secrets_in(text: str, *, sure: bool = False) -> list[Secret]:
    """Everything that looks like a secret, and what it seems to be. `sure` leaves out what may well be something else:
    a long random word without a name, a password that could be one of a sentence."""
    found = [
        Secret(*hit.span(), what or "a long random word")
        for hit in _TOKEN.finditer(text)
        if (what := _issuer(hit[0])) or (not sure and _is_random(hit[0]))
    ]
    found += [Secret(*hit.span(1), "a password inside an address") for hit in _IN_ADDRESS.finditer(text)]
    found += [
        Secret(*hit.span(1), "a credential in a header") for hit in _IN_HEADER.finditer(text) if _is_password(hit[1])
    ]
    small = text.lower()
    if len(small) == len(text) and any(each in small for each in _NAMED):
        found += [
            Secret(*hit.span(1), "a password or key")
            for hit in _ASSIGNED.finditer(small)
            if _is_password(hit[1]) and (not sure or _bits(hit[1]) >= _NAMED_BITS)
        ]
    for hit in _PRIVATE_KEY.finditer(text):
        end = text.find(_PRIVATE_KEY_END, hit.end())
        close = text.find("-----", end + len(_PRIVATE_KEY_END)) if end >= 0 else -1
        found.append(Secret(hit.start(), len(text) if close < 0 else close + 5, "a private key"))
        if close < 0:
            break
    return found


def _issuer(token: str) -> str:
    """What a token seems to be, by how it begins; nothing for one nobody knows."""
    for beginning, least, what in _KNOWN:
        at = token.find(beginning)
        if at < 0 or len(token) - at < least or (at > 0 and token[at - 1].isalnum()):
            continue
        if beginning != "eyJ" or token.count(".", at) >= 2:
            return what
    return ""


def _is_random(token: str) -> bool:
    return any(_surprising(part[0]) for part in _PARTS.finditer(token))


def _surprising(part: str) -> bool:
    kinds = [_kind(each) for each in part]
    if len(set(kinds) & {"upper", "lower", "digit"}) < 3:
        return False
    changes = sum(before != after for before, after in pairwise(kinds))
    if changes < len(part) * 2 // 5:  # words put together change seldom
        return False
    return _bits(part) >= _BITS


def _bits(word: str) -> float:
    """Chance in each sign of a word, by how often its signs repeat."""
    return -sum(each / len(word) * log2(each / len(word)) for each in Counter(word).values())


def _kind(sign: str) -> str:
    return "digit" if sign.isdigit() else "upper" if sign.isupper() else "lower" if sign.islower() else "other"


def _is_password(value: str) -> bool:
    """Something nobody would write as a word: letters together with digits or signs."""
    letters = sum(each.isalpha() for each in value)
    return 0 < letters < len(value) and any(each.isdigit() for each in value) and "{{" not in value
