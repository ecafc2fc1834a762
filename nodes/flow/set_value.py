"""`flow.set_value`: let the run remember something."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, cast

from nodes.sdk import Context, Control, Example, Node, Output, Result, StepFailed, Trouble, Value, field, output
from nodes.sdk.reading import as_number, as_text
from nodes.sdk.words import quoted, shortened


class Operation(StrEnum):
    """What happens to the variable."""

    SET = "set"
    ADD = "add"
    APPEND = "append"
    EXTEND = "extend"
    CLEAR = "clear"

    @property
    def label(self) -> str:
        """The words in the form."""
        return _LABELS[self]


_LABELS = {
    Operation.SET: "Set to the value",
    Operation.ADD: "Add the number",
    Operation.APPEND: "Append the value to the list or text",
    Operation.EXTEND: "Append every entry of the list",
    Operation.CLEAR: "Make empty",
}


class SetValue(Node, label="Set value", icon="pencil"):
    """Remember something: change a variable that lives as long as the run.

    A number may be added to, a list or a text appended to. A variable that holds nothing counts as 0, as an empty
    list or as empty text, as the operation needs.
    """

    variable: str = field("Variable", control=Control.VARIABLE, default="")
    operation: Operation = field("What to do", default=Operation.SET)
    value: Value = field(
        "Value",
        default=None,
        when=("operation", (Operation.SET, Operation.ADD, Operation.APPEND, Operation.EXTEND)),
    )

    class Output(Output):
        """The variable afterwards."""

        output: Any = output("What the variable holds now")

    examples = (
        Example(
            "Count a reply",
            settings={"variable": "replies", "operation": "add", "value": "1"},
            variables={"replies": 2},
            output={"output": 3},
        ),
        Example(
            "Collect names",
            settings={"variable": "names", "operation": "append", "value": "Ada"},
            variables={"names": ["Grace"]},
            output={"output": ["Grace", "Ada"]},
        ),
    )

    def troubles(self) -> list[Trouble]:
        """A variable that is not chosen, a value that is missing."""
        found: list[Trouble] = []
        if not self.variable:
            found.append(Trouble("variable", "missing", "Choose the variable to change."))
        if self.value is None and self.operation not in (Operation.SET, Operation.CLEAR):
            found.append(Trouble("value", "missing", f"“{self.operation.label}” needs a value."))
        return found

    def explain(self) -> str:
        """What changes."""
        value = quoted(self.value)
        match self.operation:
            case Operation.SET:
                return f"Sets the variable “{self.variable}” to {value}."
            case Operation.ADD:
                return f"Adds {value} to the variable “{self.variable}”."
            case Operation.APPEND:
                return f"Appends {value} to the variable “{self.variable}”."
            case Operation.EXTEND:
                return f"Appends every entry of {value} to the variable “{self.variable}”."
            case Operation.CLEAR:
                return f"Makes the variable “{self.variable}” empty."

    async def run(self, ctx: Context) -> Result:
        """Work out the new value and set it."""
        new = _CHANGES[self.operation](ctx.read(self.variable), self.value, self.variable)
        ctx.set(self.variable, new)
        return self.Output(output=new)


def _set(_: Any, value: Any, __: str) -> Any:
    return value


def _add(old: Any, value: Any, variable: str) -> int | float:
    left, right = as_number(0 if old is None else old), as_number(value)
    if left is None:
        raise _cannot(f"The variable “{variable}” holds {quoted(old)}, which is no number to add to.")
    if right is None:
        raise _cannot(f"“{shortened(value)}” is no number, so it cannot be added to “{variable}”.")
    return left + right


def _append(old: Any, value: Any, variable: str) -> Any:
    match old:
        case None:
            return [value]
        case list():
            return [*cast("list[Any]", old), value]
        case str():
            return old + as_text(value)
        case _:
            raise _cannot(f"The variable “{variable}” holds {quoted(old)}; only a list or a text can be appended to.")


def _extend(old: Any, value: Any, variable: str) -> list[Any]:
    if not isinstance(value, list):
        raise _cannot(f"“{shortened(value)}” is no list. Use “{Operation.APPEND.label}” for a single value.")
    if not isinstance(old, list | None):
        raise _cannot(f"The variable “{variable}” holds {quoted(old)}, which is no list.")
    return [*cast("list[Any]", old or []), *cast("list[Any]", value)]


def _clear(old: Any, _: Any, __: str) -> Any:
    """Empty of the same kind: text stays text, so that a later step does not meet another kind of value."""
    match old:
        case bool():
            return False
        case int() | float():
            return 0
        case str():
            return ""
        case list():
            return []
        case dict():
            return {}
        case _:
            return None


def _cannot(sentence: str) -> StepFailed:
    return StepFailed(sentence, code="cannot_change_variable")


_CHANGES: dict[Operation, Callable[[Any, Any, str], Any]] = {
    Operation.SET: _set,
    Operation.ADD: _add,
    Operation.APPEND: _append,
    Operation.EXTEND: _extend,
    Operation.CLEAR: _clear,
}
