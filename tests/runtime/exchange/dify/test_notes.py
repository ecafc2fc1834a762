"""Notes on the canvas come along, without their looks."""

import json

import pytest

from runtime.exchange.dify.notes import words_of
from runtime.exchange.dify.source import Node
from tests.support.dify import START, drawn, edge, imported, node

LEXICAL = {"root": {"type": "root", "children": [
    {"type": "paragraph", "children": [{"type": "text", "text": "One "}, {"type": "text", "text": "line"}]},
    {"type": "paragraph", "children": [{"type": "text", "text": "another"}]},
]}}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [(json.dumps(LEXICAL), "One line\nanother"), (LEXICAL, "One line\nanother"), ("plain", "plain"), (None, ""),
     ('{"root": {"children": []}}', ""), ("{broken", "{broken")],
)  # fmt: skip
def test_the_words_of_a_note_are_read(text, words):
    assert words_of(Node("n", "custom-note", {"text": text})) == words


def test_a_note_keeps_its_colour_and_stands_beside_what_it_lay_in():
    note = {"id": "n", "type": "custom-note", "parentId": "loop", "position": {"x": 5, "y": 5}, "width": 100,
            "height": 50, "data": {"type": "", "theme": "pink", "text": "Look here"}}  # fmt: skip
    empty = {"id": "m", "type": "custom-note", "data": {"text": ""}}
    loop = {**node("loop", "loop", loop_count=1), "position": {"x": 100, "y": 100}}
    inside = node("in", "answer", "loop", answer="a")
    found = imported({"nodes": [START, loop, inside, note, empty], "edges": [edge("start", "loop"), edge("n", "m")]})
    assert drawn(found).words.notes == {"note_1": "Look here"}
    box = drawn(found).layout.notes["note_1"]
    assert (box.x, box.y, box.w, box.h, box.color) == (105, 105, 100, 50, "red")
