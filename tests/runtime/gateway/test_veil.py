"""However a text is cut, what is heard of it is the whole text without the key."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from runtime.gateway.veil import BLOT, SHORTEST, Veil, veiled

KEY = "abab" * (SHORTEST // 4)


@given(st.lists(st.sampled_from(["ab", "aba", KEY, "x", "b"])).map("".join), st.lists(st.integers(0, 80)))
def test_pieces_are_as_the_whole(text, cuts):
    veil = Veil(KEY)
    places = [0, *sorted(each for each in cuts if each < len(text)), len(text)]
    heard = "".join(veil.hear(text[start:end]) for start, end in pairwise(places)) + veil.rest()
    assert KEY not in heard
    assert heard.replace(BLOT, KEY) == text


def test_nothing_is_kept_back_that_cannot_be_the_key():
    assert [Veil(KEY).hear(each) for each in ("hello", f"{KEY} x", "x ab")] == ["hello", f"{BLOT} x", "x "]


def test_a_short_key_is_a_word():
    assert Veil("ollama").hear("ollama") == veiled("ollama", "ollama") == "ollama"
