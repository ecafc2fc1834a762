"""A question as full-text search takes it."""

from __future__ import annotations

import re

MOST_WORDS = 40
"""words of a question that are looked for"""

_ENGLISH = """
    a about am an and any are as at be been but by can could did do does for from had has have how i if in into is it
    its me my no not of on or our should so than that the their them then there these they this to up was we
    were what when where which who why will with would you your
"""
_GERMAN = """
    aber alle als am an auch auf aus bei bis da das dass dem den der des die diese dieser dieses durch ein eine
    einem einen einer eines er es für gibt habe haben hat ich ihr im in ist ja kann kein keine können mein mich mir mit
    muss nach nicht noch nur oder ob sein sich sie sind so über um und uns unser unter von vor wann warum was
    welche welcher welches wenn wer werden wie wir wird wo zu zum zur
"""
COMMON = frozenset(f"{_ENGLISH} {_GERMAN}".split())
"""English and German words that stand in nearly every passage: they cost the most and tell the least"""


def words_query(question: str) -> str:
    """Any of its words, each in quotation marks, so that nothing in it is an operator; of common words only where there
    are no others. `HR-12` is looked for as the two words side by side."""
    return " OR ".join(f'"{word}"' for word in telling_words(question))


def telling_words(question: str) -> list[str]:
    """The words to look for, each once."""
    words = [word for word in re.findall(r"\w[\w\-./]*", question)[:MOST_WORDS] if re.search(r"[^\W_]", word)]
    telling = [word for word in words if word.lower() not in COMMON]
    return list(dict.fromkeys(telling or words))
