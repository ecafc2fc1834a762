"""What a node type is made of, in reading order: `node` (the class), `fields` (its settings), `shape` (what it hands
on), `files` (handles inside values), `flows` (where data comes from and goes), `context` (what it may reach while it
runs), `outside` (what it asks of outside hosts). A node imports from here and from nowhere else of the house."""

from nodes.sdk.context import (
    TIMEOUT,
    Answer,
    Choice,
    Context,
    Conversation,
    Exchange,
    Files,
    Knowledge,
    Language,
    Models,
    Passage,
    Picture,
    Question,
    Ran,
    Reply,
    Said,
    Sandbox,
    Summary,
    Usage,
)
from nodes.sdk.fields import Address, Control, Dynamic, Text, Value, field, output
from nodes.sdk.files import FILE_ID, FileHandle, files_in, is_file
from nodes.sdk.flows import DataClass, Draw, Lowering, Reach, Tag, highest, host_of
from nodes.sdk.node import DONE, Effect, Example, Exit, Leave, Node, Output, Result, StepFailed, Trouble
from nodes.sdk.outside import LARGEST_ANSWER, PLATFORM_HEADERS, Http, Part, Received, Request
from nodes.sdk.shape import ANY, FILE, LIST, NUMBER, OBJECT, TEXT, YES_NO, Kind, Shape, shape_of, shape_of_schema

__all__ = [
    "ANY", "DONE", "FILE", "FILE_ID", "LARGEST_ANSWER", "LIST", "NUMBER", "OBJECT", "PLATFORM_HEADERS", "TEXT",
    "TIMEOUT", "YES_NO", "Address", "Answer", "Choice", "Context", "Control", "Conversation", "DataClass", "Draw",
    "Dynamic", "Effect", "Example", "Exchange", "Exit", "FileHandle", "Files", "Http", "Kind", "Knowledge",
    "Language", "Leave", "Lowering", "Models", "Node", "Output", "Part", "Passage", "Picture", "Question", "Ran",
    "Reach", "Received", "Reply", "Request", "Result", "Said", "Sandbox", "Shape", "StepFailed", "Summary", "Tag",
    "Text", "Trouble", "Usage", "Value", "field", "files_in", "highest", "host_of", "is_file", "output", "shape_of",
    "shape_of_schema",
]  # fmt: skip
