"""`flow.set_value`: let the run remember something."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, cast

from pydantic import BaseModel, ConfigDict

from nodes.sdk import Context, Control, Example, Node, Output, Result, StepFailed, Trouble, Value, field, output
from nodes.sdk.reading import as_number, as_text
from nodes.sdk.sizes import check_list, check_text
from nodes.sdk.words import listed, quoted, shortened


class Operation(StrEnum):
    """What happens to the variable."""

    SET = "set"
    CLEAR = "clear"
    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"
    DIVIDE = "divide"
    APPEND = "append"
    EXTEND = "extend"
    REMOVE_FIRST = "remove_first"
    REMOVE_LAST = "remove_last"

    @property
    def label(self) -> str:
        """The words in the form."""
        return _LABELS[self]


_LABELS = {
    Operation.SET: "Set to the value",
    Operation.CLEAR: "Make empty",
    Operation.ADD: "Add the number",
    Operation.SUBTRACT: "Subtract the number",
    Operation.MULTIPLY: "Multiply by the number",
    Operation.DIVIDE: "Divide by the number",
    Operation.APPEND: "Append the value to the list or text",
    Operation.EXTEND: "Append every entry of the list",
    Operation.REMOVE_FIRST: "Remove the first entry of the list",
    Operation.REMOVE_LAST: "Remove the last entry of the list",
}
_ALONE = frozenset({Operation.CLEAR, Operation.REMOVE_FIRST, Operation.REMOVE_LAST})
_WITH_VALUE = tuple(each for each in Operation if each not in _ALONE)
_EMPTY_IS_MEANT = frozenset({Operation.SET, *_ALONE})


class Change(BaseModel):
    """What happens to one variable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    variable: str = field("Variable", control=Control.VARIABLE, default="", max_length=130)
    operation: Operation = field("What to do", default=Operation.SET)
    value: Value = field("Value", default=None, when=("operation", _WITH_VALUE))
    same_as: str = field(
        "Value of the variable", "One that is changed further up in this step: what it holds by then.", default="",
        max_length=130, when=("operation", _WITH_VALUE), advanced=True,
    )  # fmt: skip
    only_with_value: bool = field(
        "Only when there is a value", "Where it is nothing, the variable stays as it is.", default=False,
        when=("operation", _WITH_VALUE), advanced=True,
    )  # fmt: skip

    def explain(self) -> str:
        """The change in words."""
        value = f"what “{self.same_as}” then holds" if self.same_as else quoted(self.value)
        condition = " if there is one" if self.only_with_value and self.operation not in _ALONE else ""
        return _TOLD[self.operation].format(name=f"the variable “{self.variable}”", value=value) + condition


_TOLD = {
    Operation.SET: "sets {name} to {value}",
    Operation.CLEAR: "makes {name} empty",
    Operation.ADD: "adds {value} to {name}",
    Operation.SUBTRACT: "subtracts {value} from {name}",
    Operation.MULTIPLY: "multiplies {name} by {value}",
    Operation.DIVIDE: "divides {name} by {value}",
    Operation.APPEND: "appends {value} to {name}",
    Operation.EXTEND: "appends every entry of {value} to {name}",
    Operation.REMOVE_FIRST: "removes the first entry of {name}",
    Operation.REMOVE_LAST: "removes the last entry of {name}",
}


class SetValue(Node, label="Set value", icon="pencil", version=2):
    """Remember something: change variables of the run, the conversation or a loop.

    A loop is one around this step. The changes are made from top to bottom. A number may be added to or multiplied, a
    list or a text appended to. A variable that holds nothing counts as 0, as an empty list or as empty text, as the
    operation needs.
    """

    changes: list[Change] = field("Changes", "Made from top to bottom.", default=[], row="change", max_length=50)

    class Output(Output):
        """The variable afterwards."""

        output: Any = output("What the last variable holds now")

    examples = (
        Example(
            "Count a reply",
            settings={"changes": [{"variable": "replies", "operation": "add", "value": "1"}]},
            variables={"replies": 2},
            output={"output": 3},
        ),
        Example(
            "Take the oldest name off a list, and put a new one on it",
            settings={
                "changes": [
                    {"variable": "names", "operation": "remove_first"},
                    {"variable": "names", "operation": "append", "value": "Ada"},
                ]
            },
            variables={"names": ["Charles", "Grace"]},
            output={"output": ["Grace", "Ada"]},
        ),
    )

    @classmethod
    def upgrade(cls, version: int, settings: dict[str, Any]) -> dict[str, Any]:
        """Version 1 made one change; changes somebody has put beside it since come after it."""
        if version != 1:
            return super().upgrade(version, settings)
        first = {name: value for name, value in settings.items() if name != "changes"}
        changes = [first] * bool(first) + settings.get("changes", [])
        return {"changes": changes} if changes else {}

    def troubles(self) -> list[Trouble]:
        """No change, a variable that is not chosen, a value that is missing."""
        if not self.changes:
            return [Trouble("changes", "missing", "Choose a variable to change.")]
        found: list[Trouble] = []
        for number, each in enumerate(self.changes):
            place, before = f"changes.{number}", {other.variable for other in self.changes[:number]}
            if not each.variable:
                found.append(Trouble(f"{place}.variable", "missing", "Choose the variable to change."))
            if each.same_as and each.same_as not in before:
                text = f"“{each.same_as}” is not changed further up in this step. Put it in as the value instead."
                found.append(Trouble(f"{place}.same_as", "not_changed_before", text))
            elif each.value is None and not each.same_as and each.operation not in _EMPTY_IS_MEANT:
                found.append(Trouble(f"{place}.value", "missing", f"“{each.operation.label}” needs a value."))
        return found

    def explain(self) -> str:
        """What changes."""
        words = listed([each.explain() for each in self.changes], "and then") or "changes nothing"
        return f"{words[0].upper()}{words[1:]}."

    async def run(self, ctx: Context) -> Result:
        """Work out the new values and set them, one after the other."""
        new: Any = None
        for each in self.changes:
            value = ctx.read(each.same_as) if each.same_as else each.value
            new = ctx.read(each.variable)
            if each.only_with_value and value is None and each.operation not in _ALONE:
                continue
            new = _CHANGES[each.operation](new, value, each.variable)
            ctx.set(each.variable, new)
        return self.Output(output=new)


def _set(_: Any, value: Any, __: str) -> Any:
    return value


def _calculated(words: str, work: Callable[[Any, Any], int | float]) -> Callable[[Any, Any, str], int | float]:
    """The change that works on two numbers; `words` go on after the operand and before the variable's name."""

    def change(old: Any, value: Any, variable: str) -> int | float:
        left, right = as_number(0 if old is None else old), as_number(value)
        if left is None:
            raise _cannot(f"The variable “{variable}” holds {quoted(old)}, which is no number to calculate with.")
        if right is None:
            raise _cannot(f"“{shortened(value)}” is no number, so it cannot be {words} “{variable}”.")
        try:
            result = as_number(work(left, right))
        except ZeroDivisionError:
            raise _cannot(f"The variable “{variable}” cannot be divided by 0.") from None
        except OverflowError:
            result = None
        if result is None:
            raise _cannot(f"The variable “{variable}” would hold a number that is too large.")
        return result

    return change


def _append(old: Any, value: Any, variable: str) -> Any:
    match old:
        case None:
            return [value]
        case list():
            check_list(len(cast("list[Any]", old)) + 1)
            return [*cast("list[Any]", old), value]
        case str():
            text = as_text(value)
            check_text(len(old) + len(text))
            return old + text
        case _:
            raise _cannot(f"The variable “{variable}” holds {quoted(old)}; only a list or a text can be appended to.")


def _extend(old: Any, value: Any, variable: str) -> list[Any]:
    if not isinstance(value, list):
        raise _cannot(f"“{shortened(value)}” is no list. Use “{Operation.APPEND.label}” for a single value.")
    entries, more = _entries(old, variable), cast("list[Any]", value)
    check_list(len(entries) + len(more))
    return [*entries, *more]


def _remove_first(old: Any, _: Any, variable: str) -> list[Any]:
    return _entries(old, variable)[1:]


def _remove_last(old: Any, _: Any, variable: str) -> list[Any]:
    return _entries(old, variable)[:-1]


def _entries(old: Any, variable: str) -> list[Any]:
    if not isinstance(old, list | None):
        raise _cannot(f"The variable “{variable}” holds {quoted(old)}, which is no list.")
    return cast("list[Any]", old or [])


def _clear(old: Any, _: Any, __: str) -> Any:
    """Empty of the same kind: text stays text, so that a later step does not meet another kind of value."""
    match old:
        case bool():
            return False
        case int() | float():
            return type(old)()
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
    Operation.CLEAR: _clear,
    Operation.ADD: _calculated("added to", lambda left, right: left + right),
    Operation.SUBTRACT: _calculated("subtracted from", lambda left, right: left - right),
    Operation.MULTIPLY: _calculated("multiplied with", lambda left, right: left * right),
    Operation.DIVIDE: _calculated("used to divide", lambda left, right: left / right),
    Operation.APPEND: _append,
    Operation.EXTEND: _extend,
    Operation.REMOVE_FIRST: _remove_first,
    Operation.REMOVE_LAST: _remove_last,
}
