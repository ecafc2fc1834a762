"""`data.lists`: filter, sort, shorten and group a list."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict

from nodes.sdk import (
    ANY,
    LIST,
    NUMBER,
    OBJECT,
    Context,
    Effect,
    Example,
    Node,
    Result,
    Shape,
    StepFailed,
    Trouble,
    Value,
    exact,
    field,
)
from nodes.sdk.compare import ONE_SIDED, TWO_SIDED, Operator, holds
from nodes.sdk.conditions import Rules
from nodes.sdk.entries import at, in_order, sameness, sum_of
from nodes.sdk.named import spoken
from nodes.sdk.patterns import pattern_trouble, searching
from nodes.sdk.reading import as_json, as_number, as_text, is_empty
from nodes.sdk.words import listed, quoted

MANY = 1_000
"""entries from which the work is done apart, so that other runs do not wait for it"""
HERE = f"{__name__}:arrange"


class Take(StrEnum):
    """How much of the list goes on."""

    ALL = "all"
    FIRST = "first"
    LAST = "last"
    PART = "part"

    @property
    def label(self) -> str:
        """The words in the form."""
        return {"all": "All of them", "first": "The first", "last": "The last", "part": "A part"}[self]


class Test(BaseModel):
    """One comparison of every entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: str = field("Of", "A field of the entry, like `customer.name`. Empty: the entry itself.", default="",
                    example="amount", max_length=200)  # fmt: skip
    operator: Operator = field("Comparison", default=Operator.IS)
    value: Value = field("With", default=None, when=("operator", TWO_SIDED))
    match_case: bool = field("Capitals matter", default=False, advanced=True)

    def holds(self, entry: Any, *, by: Rules) -> bool:
        """Whether it is true of an entry."""
        value = at(entry, self.of)
        if by is Rules.LENIENT:
            return holds(value, self.operator, self.value, match_case=self.match_case)
        if self.operator in _ONE_OF and isinstance(self.value, str):  # a part of the text, that is in a list
            return (as_text(value) in self.value) == (self.operator is Operator.IS_ONE_OF)
        if self.operator in _BY_NUMBER and type(value) is int:
            value = float(value)  # here a whole number is compared with 2.5 as well
        return exact.holds(value, self.operator, self.value)

    def explain(self) -> str:
        """The comparison in words."""
        right = "" if self.operator in ONE_SIDED else f" {quoted(self.value)}"
        return f"{f'“{self.of}”' if self.of else 'the entry'} {self.operator.label}{right}"


class Order(BaseModel):
    """One thing to sort by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str = field("By", "A field of the entry. Empty: the entry itself.", default="", example="date", max_length=200)
    direction: Literal["up", "down"] = field("Direction", "Up: A to Z, small to large, early to late.", default="up")


_ONE_OF = frozenset({Operator.IS_ONE_OF, Operator.IS_NOT_ONE_OF})
_BY_NUMBER = frozenset({Operator.EQUAL, Operator.NOT_EQUAL})


class Lists(Node, label="List", icon="list-tree", effects=(Effect.COMPUTE,)):
    """Filter, sort, shorten and group a list.

    The parts are done in this order: keep, take out doubles, sort, take, add up and group. Text is compared without
    regard to capitals and to space at its ends; "3" counts as the number 3. A field inside an entry is written with
    dots: `customer.name`. A list that is not there counts as an empty one.
    """

    entries: Value = field("List", default=None, example="{{ read.rows }}")
    keep: list[Test] = field("Keep only entries where", default=[], row="condition", max_length=50)
    match: Literal["all", "any"] = field("Holds when", "All conditions are true, or any of them.", default="all",
                                         advanced=True)  # fmt: skip
    pattern: str = field(
        "Keep only what a pattern fits", "A regular expression, found anywhere in the text: `^INV-[0-9]+$`.",
        default="", max_length=200, advanced=True,
    )  # fmt: skip
    pattern_of: str = field(
        "The pattern is for the field", "Empty: the entry itself.", default="", max_length=200, advanced=True
    )
    unique: bool = field("Take out doubles", default=False)
    unique_by: str = field(
        "Doubles are those with the same", "A field. Empty: everything is the same.", default="", example="email",
        when=("unique", True), max_length=200,
    )  # fmt: skip
    sort: list[Order] = field("Sort", "The first counts most.", default=[], row="order", max_length=10)
    take: Take = field("How many go on", default=Take.ALL)
    start: Value = field("Begin with entry", "1 is the first.", default=1, when=("take", Take.PART))
    size: int = field("This many", default=10, ge=0, when=("take", (Take.FIRST, Take.LAST, Take.PART)))
    add_up: str = field("Add up the field", "Its sum over all that go on.", default="", example="amount",
                        max_length=200, advanced=True)  # fmt: skip
    group_by: str = field("Group by the field", default="", example="category", max_length=200, advanced=True)
    rules: Rules = field(
        "Comparing", "Exactly: capitals and spaces count, numbers in texts are texts, and an entry to begin with has to"
        " be there.", default=Rules.LENIENT, advanced=True,
    )  # fmt: skip

    examples = (
        Example(
            "Open invoices, the largest first",
            settings={
                "entries": [
                    {"number": "INV-1", "amount": 80, "status": "paid"},
                    {"number": "INV-2", "amount": 120, "status": "open"},
                    {"number": "INV-3", "amount": "300", "status": "Open"},
                ],
                "keep": [{"of": "status", "operator": "is", "value": "open"}],
                "sort": [{"by": "amount", "direction": "down"}],
                "add_up": "amount",
            },
            output={
                "result": [
                    {"number": "INV-3", "amount": "300", "status": "Open"},
                    {"number": "INV-2", "amount": 120, "status": "open"},
                ],
                "first_record": {"number": "INV-3", "amount": "300", "status": "Open"},
                "last_record": {"number": "INV-2", "amount": 120, "status": "open"},
                "count": 2,
                "sum": 420,
            },
        ),
        Example(
            "The first two names, each once",
            settings={"entries": ["Grace", "Ada", "grace", "Linus"], "unique": True, "take": "first", "size": 2},
            output={"result": ["Grace", "Ada"], "first_record": "Grace", "last_record": "Ada", "count": 2},
        ),
        Example(
            "Hours of each project",
            settings={
                "entries": [
                    {"project": "Moon", "hours": 2},
                    {"project": "Mars", "hours": 1},
                    {"project": "Moon", "hours": 0.5},
                ],
                "take": "all",
                "add_up": "hours",
                "group_by": "project",
            },
            output={
                "result": [
                    {"project": "Moon", "hours": 2},
                    {"project": "Mars", "hours": 1},
                    {"project": "Moon", "hours": 0.5},
                ],
                "first_record": {"project": "Moon", "hours": 2},
                "last_record": {"project": "Moon", "hours": 0.5},
                "count": 3,
                "sum": 3.5,
                "groups": [
                    {
                        "key": "Moon",
                        "count": 2,
                        "entries": [{"project": "Moon", "hours": 2}, {"project": "Moon", "hours": 0.5}],
                        "sum": 2.5,
                    },
                    {"key": "Mars", "count": 1, "entries": [{"project": "Mars", "hours": 1}], "sum": 1},
                ],
            },
        ),
    )

    def does(self) -> frozenset[Effect]:
        """Nothing anybody has to judge: it may work in a process of its own, but runs no code of a person."""
        return frozenset()

    def outputs(self) -> dict[str, Shape]:
        """The list that goes on, its ends and its length; a sum and groups where they are asked for."""
        found = {
            "result": LIST.model_copy(update={"description": "The entries that go on"}),
            "first_record": ANY.model_copy(update={"description": "The first of them; nothing where there is none"}),
            "last_record": ANY.model_copy(update={"description": "The last of them; nothing where there is none"}),
            "count": NUMBER.model_copy(update={"description": "How many they are"}),
        }
        inside = {"key": ANY, "count": NUMBER, "entries": LIST}
        if self.add_up:
            found["sum"] = NUMBER.model_copy(update={"description": f"The sum of “{self.add_up}”"})
            inside["sum"] = NUMBER
        if self.group_by:
            group = OBJECT.model_copy(update={"fields": inside})
            found["groups"] = LIST.model_copy(
                update={"items": group, "description": f"The entries with the same “{self.group_by}” together"}
            )
        return found

    def troubles(self) -> list[Trouble]:
        """No list, or a condition without its other side, or a pattern nobody can read."""
        found: list[Trouble] = []
        if self.entries is None or self.entries == "":
            found.append(Trouble("entries", "missing", "Choose the list."))
        for number, each in enumerate(self.keep):
            if each.operator not in ONE_SIDED and is_empty(each.value) and self.rules is Rules.LENIENT:
                text = f"Say what “{each.operator.label}” compares with."
                found.append(Trouble(f"keep.{number}.value", "missing", text))
        if self.take is Take.PART and is_empty(self.start):
            found.append(Trouble("start", "missing", "Say with which entry to begin; 1 is the first."))
        if wrong := pattern_trouble(self.pattern):
            found.append(Trouble("pattern", "bad_pattern", wrong))
        return found

    def explain(self) -> str:
        """What becomes of the list."""
        joint = " and " if self.match == "all" else " or "
        fits = [each.explain() for each in self.keep]
        where = joint.join(fits)
        if self.pattern:
            where = " and ".join([*([f"({where})" if len(fits) > 1 else where] if where else []),
                                  f"{f'“{self.pattern_of}”' if self.pattern_of else 'the entry'} fits the pattern"
                                  f" {quoted(self.pattern)}"])  # fmt: skip
        does = [f"keeps only what holds: {where}"] if where else []
        if self.unique:
            does.append("takes out doubles" + (f" by “{self.unique_by}”" if self.unique_by else ""))
        if self.sort:
            by = listed(
                [(f"“{e.by}”" if e.by else "the entry") + (" downwards" if e.direction == "down" else "") for e in
                 self.sort]
            )  # fmt: skip
            does.append(f"sorts by {by}")
        match self.take:
            case Take.ALL:
                pass
            case Take.PART:
                does.append(f"takes {self.size} from entry {as_text(self.start)} on")
            case _:
                does.append(f"takes the {self.take.value} {self.size}")
        if self.add_up:
            does.append(f"adds up “{self.add_up}”")
        if self.group_by:
            does.append(f"groups by “{self.group_by}”")
        return f"In the list {quoted(self.entries)}: {listed(does) or 'changes nothing'}."

    async def run(self, ctx: Context) -> Result:
        """Arrange it; a long list, or one a pattern is tried on, apart from everything else."""
        entries = self._entries()
        given = self.model_dump(mode="json") | {"entries": entries}
        if len(entries) > MANY or self.pattern:
            return await ctx.sandbox.apart(HERE, given)
        return arrange(given)

    def _entries(self) -> list[Any]:
        if is_empty(self.entries):
            return []
        if not isinstance(self.entries, list):
            raise StepFailed(
                f"A list is needed here, but this is {spoken(self.entries)}: {quoted(as_text(self.entries)[:60])}.",
                code="not_a_list",
                hint="Choose another value; a “JSON” step makes a list of a text.",
            )
        return cast("list[Any]", self.entries)


def arrange(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a list step with these settings, `entries` among them, hands on. Pure. Raises `StepFailed`."""
    step = Lists.model_validate(given)
    if step.rules is Rules.EXACT and not step.entries:
        step = step.model_copy(update={"take": Take.ALL})  # of nothing there is no entry that has to be there
    entries = _kept(cast("list[Any]", step.entries), step)
    for each in reversed(step.sort):
        entries = in_order(entries, each.by, down=each.direction == "down", exact=step.rules is Rules.EXACT)
    entries = _taken(entries, step)
    ends = (entries[0], entries[-1]) if entries else (None, None)
    found = {"result": entries, "first_record": ends[0], "last_record": ends[1], "count": len(entries)}
    if step.add_up:
        found["sum"] = sum_of(entries, step.add_up)
    if step.group_by:
        found["groups"] = _groups(entries, step)
    return found


def _kept(entries: list[Any], step: Lists) -> list[Any]:
    """What holds and fits, each once where doubles go."""
    if step.keep:
        every = all if step.match == "all" else any
        entries = [entry for entry in entries if every(each.holds(entry, by=step.rules) for each in step.keep)]
    if step.pattern:
        fits = searching(step.pattern)
        entries = [entry for entry in entries if fits(as_text(at(entry, step.pattern_of)))]
    if step.unique:
        firsts: dict[str, Any] = {}
        for entry in entries:
            value = at(entry, step.unique_by)
            firsts.setdefault(as_json(value) if step.rules is Rules.EXACT else sameness(value), entry)
        entries = list(firsts.values())
    return entries


def _taken(entries: list[Any], step: Lists) -> list[Any]:
    match step.take:
        case Take.ALL:
            return entries
        case Take.FIRST:
            return entries[: step.size]
        case Take.LAST:
            return entries[-step.size :] if step.size else []
        case Take.PART:
            first = _start(step.start, len(entries), step.rules)
            return entries[first : first + step.size]


def _start(number: Any, count: int, rules: Rules) -> int:
    """From 0. By the exact rules the entry has to be there."""
    read = as_number(number)
    if read is None or read != int(read) or read < 1:
        raise StepFailed(f"The entry to begin with is no number from 1 on: {quoted(number)[:60]}.", code="not_a_number")
    if rules is Rules.EXACT and read > count:
        raise StepFailed(f"There is no entry {read:g}; the list has {count}.", code="no_entry",
                         hint="Take fewer, or look at how many there are first.")  # fmt: skip
    return int(read) - 1


def _groups(entries: list[Any], step: Lists) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for entry in entries:
        key = at(entry, step.group_by)
        group = groups.setdefault(sameness(key), {"key": key, "count": 0, "entries": []})
        group["entries"].append(entry)
        group["count"] += 1
    for group in groups.values() if step.add_up else ():
        group["sum"] = sum_of(group["entries"], step.add_up)
    return list(groups.values())
