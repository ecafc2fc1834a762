from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.knowledge.minilm import tokenizer
from runtime.knowledge.splitting import LONGEST, split

SAID = ["leave", "travel", "AB-900-K", "Größe", "日本語", "\n\n", ". ", "x" * 50]
WORDS = st.lists(st.sampled_from(SAID), max_size=400)


@settings(max_examples=25, deadline=None)
@given(WORDS)
def test_all_text_is_in_some_passage_and_none_is_too_long(words: list[str]):
    text = " ".join(words).strip()
    pieces = split([text], "text", 60, 10)
    covered = bytearray(len(text))
    for piece in pieces:
        covered[piece.start : piece.end] = b"\1" * (piece.end - piece.start)
        assert len(tokenizer().encode(text[piece.start : piece.end], add_special_tokens=False).ids) <= 60
    assert not "".join(sign for sign, there in zip(text, covered, strict=True) if not there).strip()


def test_a_passage_knows_its_page_its_place_and_the_headings_above_it():
    pages = ["# Staff\n\nHello.\n\n## Leave\n\n" + "Thirty days a year. " * 30, "# Travel\n\nBook early."]
    pieces = split(pages, "markdown", 60, 10)
    assert {(piece.page, piece.heading) for piece in pieces} == {(1, "Staff"), (1, "Staff › Leave"), (2, "Travel")}
    assert pages[1][pieces[-1].start : pieces[-1].end] == pages[1]


def test_a_heading_goes_with_the_words_below_it():
    pages = ["# One\n\n" + "a b c d e f g h. " * 40 + "\n\n# Two\n\n" + "i j k l m n o p. " * 40]
    pieces = split(pages, "markdown", 60, 0)
    texts = [pages[0][piece.start : piece.end] for piece in pieces]
    assert texts[0].startswith("# One\n\na b")
    assert not any(text.strip() in ("# One", "# Two") for text in texts)


def test_text_without_blanks_is_cut_all_the_same():
    assert max(piece.end - piece.start for piece in split(["x" * 9_000], "text", 180, 20)) <= LONGEST
