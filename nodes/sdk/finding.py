"""Finding personal data in a text by its form and its check digits. Time grows with the text and nothing else: fixed
patterns without choice, short bounded looks around a sign, no pattern of a user's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

EMAIL, PHONE, IBAN, CARD, NAME, SECRETS = "e-mail", "phone", "IBAN", "card", "name", "secret"
KINDS = (EMAIL, PHONE, IBAN, CARD, NAME, SECRETS)
"""in the order in which they are told"""


class Found(NamedTuple):
    """Something in a text."""

    start: int
    end: int
    kind: str


_SURER = (SECRETS, IBAN, CARD, EMAIL, NAME, PHONE)
"""what a place is called of which several things could be true"""


def settled(found: Iterable[Found]) -> list[Found]:
    """What was found, in reading order; what overlaps is one."""
    whole: list[Found] = []
    for each in sorted(found):
        if whole and each.start < whole[-1].end:
            last = whole.pop()
            kind = min(last.kind, each.kind, key=_SURER.index)
            whole.append(Found(last.start, max(last.end, each.end), kind))
        else:
            whole.append(each)
    return whole


def masked(text: str, found: Iterable[Found]) -> str:
    """The text with a word in the place of everything that was found (and settled)."""
    pieces: list[str] = []
    done = 0
    for start, end, kind in found:
        pieces += (text[done:start], f"[{kind}]")
        done = end
    return "".join((*pieces, text[done:]))


_AT = re.compile("[@＠﹫]")
_ENDS_LOCAL = frozenset(" \t\r\n\v\f\u00a0\u2028\u2029<>()[]{},;:\"'“”„«»|\\/=@＠﹫`")
_LONGEST_LOCAL, _LONGEST_DOMAIN = 64, 255


def find_emails(text: str) -> list[Found]:
    """`name@host.tld`, also with letters of other scripts."""
    found: list[Found] = []
    for sign in _AT.finditer(text):
        at = start = sign.start()
        while start > 0 and at - start < _LONGEST_LOCAL and text[start - 1] not in _ENDS_LOCAL:
            start -= 1
        end = at + 1
        while end < len(text) and end - at <= _LONGEST_DOMAIN and (text[end].isalnum() or text[end] in ".-_"):
            end += 1
        while end > at and text[end - 1] in ".-_":
            end -= 1
        host, dot, top = text[at + 1 : end].rpartition(".")
        if start < at and host and dot and len(top) >= 2:
            found.append(Found(start, end, EMAIL))
    return found


_PHONE = re.compile(r"(?<![\w+])(?:\+|00|\(\+?|0(?=[1-9]))[\d()/ \-.\u00a0\u2011\u2013\u202f]{6,24}(?<=\d)(?!\w)")
_NORTH_AMERICAN = re.compile(r"(?<![\w])(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?!\w)")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")


def find_phones(text: str) -> list[Found]:
    """Numbers with a country's or a city's prefix, of 8 to 15 digits (E.164)."""
    found: list[Found] = []
    for hit in _PHONE.finditer(text):
        written = hit[0]
        count = sum(each.isdigit() for each in written)
        plain = not written.startswith(("+", "00", "(+"))
        if (9 if plain else 8) <= count <= 17 and not (plain and _DATE.match(written)) and "  " not in written:
            found.append(Found(hit.start(), hit.end(), PHONE))
    return found + [Found(*hit.span(), PHONE) for hit in _NORTH_AMERICAN.finditer(text)]


_IBAN = re.compile(r"(?=([A-Za-z]{2})\d\d)")
_BETWEEN = frozenset(" -\u00a0\u2007\u2009\u2011\u202f\u200b\u200c\u200d\u2060\ufeff\u00ad.")
_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
    "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
    "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
    "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
    "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
    "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
    "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
    "YE": 30,
}  # fmt: skip
"""of the IBANs of each country, by the registry of ISO 13616"""
_NUMBERS = {sign: str(value) for value, both in enumerate(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "0123456789abcdefghijklmnopqrstuvwxyz", strict=True)) for sign in both}  # fmt: skip
"""what a sign of an IBAN counts as"""


def find_ibans(text: str) -> list[Found]:
    """IBANs of every country that has them, in groups or in one, whose check digits hold (ISO 7064, mod 97)."""
    found: list[Found] = []
    for hit in _IBAN.finditer(text):
        length = _LENGTHS.get(hit[1].upper())
        if length is None:
            continue
        signs, end = _collected(text, hit.start(), length)
        if len(signs) == length and _mod_97(signs) == 1:
            found.append(Found(hit.start(), end, IBAN))
    return found


def _collected(text: str, start: int, length: int) -> tuple[str, int]:
    """The next `length` letters and digits, with at most one sign between any two, and where they end."""
    signs = text[start : start + length]
    if signs.isalnum():
        return signs, start + len(signs)
    found: list[str] = []
    at = start
    while at < len(text) and len(found) < length:
        each = text[at]
        if each.isalnum():
            found.append(each)
        elif each not in _BETWEEN or text[at - 1] in _BETWEEN:
            break
        at += 1
    return "".join(found), at


def _mod_97(signs: str) -> int:
    """What is left of an IBAN as ISO 13616 counts it; -1 for signs no IBAN has."""
    turned = "".join(_NUMBERS.get(each) or _number(each) for each in signs[4:] + signs[:4])
    return int(turned) % 97 if turned.isdigit() else -1


def _number(sign: str) -> str:
    value = unicodedata.digit(sign, -1)
    return str(value) if value >= 0 else "?"


_DIGITS = re.compile(r"\d+")
_CARD_BREAKS = _BETWEEN | {"\u2013", "\u2012"}
_SINGLE_CARD = range(13, 20)
_GROUPED_CARDS = frozenset({(4, 6, 5), (4, 6, 4)} | {(4, 4, 4, last) for last in (1, 2, 3, 4)}
                           | {(4, 4, 4, 4, last) for last in (1, 2, 3)})  # fmt: skip
_MOST_GROUPS = 5
_DOUBLED = str.maketrans("0123456789", "0246813579")
"""the digits of twice a digit, added up"""


def find_cards(text: str) -> list[Found]:
    """Card numbers of 13 to 19 digits, in one or in the groups that are printed, whose check digit holds (Luhn)."""
    found: list[Found] = []
    for row in _rows(text):
        for first in range(len(row)):
            if (size := row[first][1] - row[first][0]) != 4 and size not in _SINGLE_CARD:
                continue
            for last in range(first, min(first + _MOST_GROUPS, len(row))):
                groups = row[first : last + 1]
                sizes = tuple(end - start for start, end in groups)
                if (len(sizes) == 1 and sizes[0] in _SINGLE_CARD) or sizes in _GROUPED_CARDS:
                    digits = "".join(text[start:end] for start, end in groups)
                    if _luhn(digits):
                        found.append(Found(groups[0][0], groups[-1][1], CARD))
    return found


def _rows(text: str) -> Iterator[list[tuple[int, int]]]:
    """Groups of digits that stand in a row, with one sign between any two."""
    row: list[tuple[int, int]] = []
    for hit in _DIGITS.finditer(text):
        if row and not (hit.start() - row[-1][1] == 1 and text[hit.start() - 1] in _CARD_BREAKS):
            yield row
            row = []
        row.append(hit.span())
    if row:
        yield row


def _luhn(digits: str) -> bool:
    """Whether the number is one a card can have: ISO/IEC 7812, issuers begin with 2 to 6."""
    if not digits.isascii():
        digits = "".join(str(unicodedata.digit(each)) for each in digits)
    if digits[0] not in "23456":
        return False
    plain, doubled = digits[::-2], digits[-2::-2].translate(_DOUBLED)
    return sum(map(int, plain + doubled)) % 10 == 0


_WORD = re.compile(r"\w+")
_FARTHEST = 3
"""signs that may stand between two words of a name"""


def find_names(text: str, names: Sequence[str]) -> list[Found]:
    """The listed names, as whole words in any case; what stands between the words of a name does not matter."""
    folded = text.lower()
    if len(folded) != len(text):  # a few letters grow when made small; places must stay what they are
        folded = "".join(low if len(low := each.lower()) == 1 else each for each in text)
    found: list[Found] = []
    for words in {
        tuple(form(word) for word in _WORD.findall(_composed(name.lower()))) for name in names for form in _FORMS
    }:
        if not words:
            continue
        at = folded.find(words[0])
        while at >= 0:
            end = _end_of(folded, at, words)
            if end:
                found.append(Found(at, end, NAME))
            at = folded.find(words[0], end or at + 1)
    return found


def _end_of(folded: str, at: int, words: Sequence[str]) -> int:
    """Where a name ends that begins at a place; 0 when it does not stand there."""
    if at and _is_letter(folded[at - 1]):
        return 0
    end = at
    for number, word in enumerate(words):
        if number:
            start = end
            while end < len(folded) and end - start < _FARTHEST and not folded[end].isalnum():
                end += 1
            if end == start:
                return 0
        if not folded.startswith(word, end):
            return 0
        end += len(word)
        if end < len(folded) and _is_letter(folded[end]):
            return 0
    return end


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or sign == "_" or unicodedata.combining(sign) > 0


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


_FORMS = (_composed, _decomposed)
"""the two ways in which Unicode writes an accent"""
