"""Finding secrets in a text: keys that say by their beginning what they are, private keys, passwords that stand behind
their name, and long tokens that only chance writes. Time grows with the text and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from math import log2

from nodes.sdk.finding import SECRETS, Found

_TOKEN = re.compile(r"(?<![A-Za-z0-9_+/.~-])[A-Za-z0-9_+/.~-]{16,}={0,2}")
_BEGINNINGS = {
    "sk-": 20, "sk_live_": 24, "sk_test_": 24, "rk_live_": 24, "pk_live_": 24, "AKIA": 20, "ASIA": 20, "ghp_": 36,
    "gho_": 36, "ghs_": 36, "ghu_": 36, "github_pat_": 40, "glpat-": 26, "xoxb-": 24, "xoxp-": 24, "xoxa-": 24,
    "xapp-": 24, "AIza": 39, "ya29.": 30, "hf_": 30, "npm_": 36, "pypi-": 40, "dop_v1_": 60, "SG.": 40, "gl_": 40,
    "gsk_": 40, "eyJ": 60, "AGE-SECRET-KEY-": 60, "shpat_": 36, "sq0csp-": 40, "key-": 36, "xai-": 40,
}  # fmt: skip
"""how tokens of well-known issuers begin, and how long they are at least; `gl_` are our own"""
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PRIVATE_KEY_END = "-----END "
_NAMED = ("password", "passwort", "passwd", "pwd", "kennwort", "secret", "key", "token", "bearer", "schlüssel")
_ASSIGNED = re.compile(
    r"(?:password|passwort|passwd|pwd|kennwort|secret|key|token|bearer|schlüssel)"
    r"[\"']?\s{0,3}(?:[:=]|\bis\b|\bist\b)\s{0,3}[\"']?([^\s\"',;<>]{8,200})"
)
_BITS = 3.7
"""bits of surprise a character, from which a token is no word; 24 random letters and digits have 4.2"""
_PARTS = re.compile(r"[A-Za-z0-9_+-]{24,}={0,2}")
"""what could be a random token: shorter ones are too often something else"""


def find_secrets(text: str) -> list[Found]:
    """What looks like a secret. A hash or an id of plain hexadecimal digits is none."""
    found = [Found(*hit.span(), SECRETS) for hit in _TOKEN.finditer(text) if _is_known(hit[0]) or _is_random(hit[0])]
    small = text.lower()
    if len(small) == len(text) and any(each in small for each in _NAMED):
        found += [Found(*hit.span(1), SECRETS) for hit in _ASSIGNED.finditer(small) if _is_password(hit[1])]
    for hit in _PRIVATE_KEY.finditer(text):
        end = text.find(_PRIVATE_KEY_END, hit.end())
        close = text.find("-----", end + len(_PRIVATE_KEY_END)) if end >= 0 else -1
        found.append(Found(hit.start(), len(text) if close < 0 else close + 5, SECRETS))
        if close < 0:
            break
    return found


def _is_known(token: str) -> bool:
    for beginning, least in _BEGINNINGS.items():
        at = token.find(beginning)
        if at < 0 or len(token) - at < least or (at > 0 and token[at - 1].isalnum()):
            continue
        return beginning != "eyJ" or token.count(".", at) >= 2
    return False


def _is_random(token: str) -> bool:
    return any(_surprising(part[0]) for part in _PARTS.finditer(token))


def _surprising(part: str) -> bool:
    kinds = [_kind(each) for each in part]
    if len(set(kinds) & {"upper", "lower", "digit"}) < 3:
        return False
    changes = sum(before != after for before, after in pairwise(kinds))
    if changes < len(part) * 2 // 5:  # words put together change seldom
        return False
    counts = Counter(part).values()
    return -sum(each / len(part) * log2(each / len(part)) for each in counts) >= _BITS


def _kind(sign: str) -> str:
    return "digit" if sign.isdigit() else "upper" if sign.isupper() else "lower" if sign.islower() else "other"


def _is_password(value: str) -> bool:
    """Something nobody would write as a word: letters together with digits or signs."""
    letters = sum(each.isalpha() for each in value)
    return 0 < letters < len(value) and any(each.isdigit() for each in value) and "{{" not in value
