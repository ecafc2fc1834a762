"""A message as the page of a chat shows it."""

from typing import Any

from builder.screens.app_chat import line_of
from runtime.operations.conversations import Message

HANDLE = {"id": "file_1", "name": "a.txt", "type": "text/plain", "size": 1, "sha256": "x"}


def message(**fields: Any) -> Message:
    known: dict[str, Any] = {
        "run": "run_1", "number": 1, "message": "Hi", "inputs": {"message": "Hi"}, "answer": "Hello", "outputs": {},
        "status": "succeeded", "behind": False, "error": None, "created": 1.0, "ended": 2.0, "erased": None,
    }  # fmt: skip
    return Message(**known | fields)


def test_the_files_of_a_message_stand_with_it_and_other_inputs_do_not():
    line = line_of(message(inputs={"message": "Hi", "papers": [HANDLE], "scan": HANDLE, "city": "Rome"}), {}, [])
    assert [each["name"] for each in line["files"]] == ["a.txt", "a.txt"]


def test_what_came_back_beside_the_answer_is_called_as_people_call_it():
    line = line_of(message(outputs={"total": 3}), {"total": "In all"}, [])
    assert [each["name"] for each in line["more"]] == ["In all"]


def test_what_went_wrong_is_told_with_what_to_do():
    line = line_of(message(error={"message": "No model.", "hint": "Ask IT."}, answer="", status="failed"), {}, [])
    assert (line["error"], line["hint"], line["answer"]) == ("No model.", "Ask IT.", "")
    assert line_of(message(erased=3.0), {}, [])["erased"] is True
