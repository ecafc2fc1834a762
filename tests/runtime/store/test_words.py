import sqlite3

import pytest

from runtime.store.words import MOST_WORDS, words_query


@pytest.mark.parametrize(
    ("question", "looked_for"),
    [
        ("How many days off are there?", '"many" OR "days" OR "off"'),
        ("Wie viele Urlaubstage gibt es für Teilzeit?", '"viele" OR "Urlaubstage" OR "Teilzeit"'),
        ("What is HR-12?", '"HR-12"'),
        ("leave, leave, LEAVE", '"leave" OR "LEAVE"'),
        ("Who are we?", '"Who" OR "are" OR "we"'),
        ("Übernachtung", '"Übernachtung"'),
        ("___ ?!", ""),
        ("", ""),
    ],
)
def test_a_question_becomes_the_words_that_tell_something(question: str, looked_for: str):
    assert words_query(question) == looked_for


@pytest.mark.parametrize(
    "hostile", ['" OR *', "NEAR(a b)", "heading:x", "a* AND NOT b", "x^2 {y}", "'); DROP TABLE t", "-a"]
)
def test_nothing_in_a_question_is_an_operator(hostile: str):
    tx = sqlite3.connect(":memory:")
    tx.execute("CREATE VIRTUAL TABLE t USING fts5(heading, text)")
    tx.execute("INSERT INTO t VALUES ('h', 'nothing of that')")
    assert tx.execute("SELECT * FROM t WHERE t MATCH ?", (words_query(hostile) or '"z"',)).fetchall() == []


def test_of_a_long_question_the_beginning_is_looked_for():
    assert words_query(" ".join(f"word{at}" for at in range(1000))).count("OR") == MOST_WORDS - 1
