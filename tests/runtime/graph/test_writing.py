from runtime.graph.document import Document
from runtime.graph.reading import read
from runtime.graph.writing import write, write_json
from tests.runtime.graph.conformance import DRAWN

SHOWN = """\
greenlane: 1
name: triage
words:
  title: Ticket triage
  description: |-
    Sorts tickets.
    Two lines – and an emoji 🙂
  icon: split
  steps:
    start:
      title: A ticket
      labels:
        message:
          label: Message
          help: What they wrote
    sort:
      title: Sort
      note: by topic
  notes:
    hint: Ask Ada before changing this
meaning:
  steps:
    start:
      type: flow.start
      settings:
        kind: form
        inputs:
          - name: message
    sort:
      type: flow.branch
      version: 2
      settings:
        cases:
          - id: urgent
          - id: Later
    reply:
      type: data.join_text
      settings:
        texts:
          - '{{ start.message }}'
          - ''
        between: space
    done:
      type: flow.finish
  edges:
    - {from: start, to: sort}
    - {from: sort.Later, to: done}
    - {from: sort.else, to: done}
    - {from: sort.urgent, to: reply}
    - {from: reply, to: done}
  variables:
    count:
      kind: number
      start: 0
  run:
    time_limit_s: 60.0
    step_limit: 100
layout:
  steps:
    start: [0, 0]
    sort: [240.5, 0]
    reply: [480, -80]
  notes:
    hint: {x: 10, y: 200}
"""


def test_a_file_reads_from_start_to_finish():
    assert write(Document.model_validate(DRAWN)) == SHOWN


def test_a_file_is_the_same_however_its_steps_were_added():
    mixed = dict(reversed(DRAWN["meaning"]["steps"].items()))
    turned = DRAWN | {"meaning": DRAWN["meaning"] | {"steps": mixed, "edges": DRAWN["meaning"]["edges"][::-1]}}
    assert write(Document.model_validate(turned)) == SHOWN


def test_only_what_differs_from_the_defaults_is_written():
    assert write(Document(name="x")) == "greenlane: 1\nname: x\n"


def text_of(value):
    return write(
        Document.model_validate({"name": "x", "meaning": {"steps": {"a": {"type": "t", "settings": {"v": value}}}}})
    )


def test_a_word_old_readers_take_for_something_else_is_quoted():
    for word in ("no", "1:30", "0o17", "2026-11-03", "1", "~", ""):
        assert f"v: '{word}'" in text_of(word)


def test_a_long_line_is_not_folded_and_a_long_text_stays_a_block():
    assert f"v: {'word ' * 99}word\n" in text_of("word " * 99 + "word")
    assert "v: |\n          one\n            two\n" in text_of("one\n  two\n")


def test_a_circle_is_written_too():
    document = Document.model_validate(
        {
            "name": "x",
            "meaning": {
                "steps": {"b": {"type": "t"}, "a": {"type": "t"}},
                "edges": [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}],
            },
        }
    )
    assert read(write(document).encode()).document == document
    assert read(write_json(document).encode()).document == document
