from typing import Any

from runtime.graph.document import Document, Label, Meaning, Step, StepWords, Words
from runtime.operations.forms import MESSAGE, chat_of, form_of


def asking(*inputs: dict[str, Any], kind: str = "form", **labels: Label) -> Document:
    return Document(
        name="flow",
        meaning=Meaning(steps={"start": Step(type="flow.start", settings={"kind": kind, "inputs": list(inputs)})}),
        words=Words(steps={"start": StepWords(labels=labels)}),
    )


def test_an_input_is_called_as_its_author_called_it_and_else_by_its_name():
    first, second = form_of(asking({"name": "unit_price"}, {"name": "b"}, b=Label(label="Where to", help="A city.")))
    assert (first.label, first.help) == ("Unit price", "")
    assert (second.label, second.help) == ("Where to", "A city.")


def test_what_is_not_said_is_required_text_that_is_internal():
    [field] = form_of(asking({"name": "a"}))
    assert (field.kind, field.required, field.default, field.options, field.data_class) == (
        "text", True, None, [], "internal",
    )  # fmt: skip


def test_limits_and_choices_reach_the_form():
    said = {"name": "a", "kind": "choice", "options": ["x", "y"], "required": False, "default": "x", "max_length": 5}
    [field] = form_of(asking(said | {"min": 1, "max": 9, "data_class": "restricted"}))
    assert (field.options, field.required, field.default) == (["x", "y"], False, "x")
    assert (field.min, field.max, field.max_length, field.data_class) == (1, 9, 5, "restricted")


def test_which_files_are_taken_reaches_the_form():
    one, other = form_of(
        asking({"name": "a", "kind": "file", "file_kinds": ["image"], "extensions": [".pdf"]}, {"name": "b"})
    )
    assert (one.file_kinds, one.extensions, other.file_kinds) == (["image"], [".pdf"], [])


def test_a_hidden_input_is_not_asked_for():
    assert [each.name for each in form_of(asking({"name": "a", "hidden": True}, {"name": "b"}))] == ["b"]


def test_a_chat_asks_for_the_message_first():
    chat = asking({"name": "a"}, kind="chat")
    assert chat_of(chat)
    assert form_of(chat)[0] == MESSAGE
    assert not chat_of(asking({"name": "a"}))


def test_without_a_start_there_is_no_form():
    assert form_of(Document(name="flow")) == []
    assert not chat_of(Document(name="flow"))
