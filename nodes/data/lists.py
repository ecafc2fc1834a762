"""`data.lists`: filter, sort, shorten and group a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    field,
)
from nodes.sdk.compare import ONE_SIDED, TWO_SIDED, Operator, holds
from nodes.sdk.named import spoken
from nodes.sdk.patterns import pattern_trouble, searching
from nodes.sdk.reading import as_json, as_moment, as_number, as_text, is_empty
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

    def holds(self, entry: Any) -> bool:
        """Whether it is true of an entry."""
        return holds(at(entry, self.of), self.operator, self.value, match_case=self.match_case)

    def explain(self) -> str:
        """The comparison in words."""
        right = "" if self.operator in ONE_SIDED else f" {quoted(self.value)}"
        return f"{f'“{self.of}”' if self.of else 'the entry'} {self.operator.label}{right}"


class Order(BaseModel):
    """One thing to sort by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str = field("By", "A field of the entry. Empty: the entry itself.", default="", example="date", max_length=200)
    direction: Literal["up", "down"] = field("Direction", "Up: A to Z, small to large, early to late.", default="up")


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
    start: int = field("Begin with entry", "1 is the first.", default=1, ge=1, when=("take", Take.PART))
    size: int = field("This many", default=10, ge=0, when=("take", (Take.FIRST, Take.LAST, Take.PART)))
    add_up: str = field("Add up the field", "Its sum over all that go on.", default="", example="amount",
                        max_length=200, advanced=True)  # fmt: skip
    group_by: str = field("Group by the field", default="", example="category", max_length=200, advanced=True)

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
            if each.operator not in ONE_SIDED and is_empty(each.value):
                text = f"Say what “{each.operator.label}” compares with."
                found.append(Trouble(f"keep.{number}.value", "missing", text))
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
                does.append(f"takes {self.size} from entry {self.start} on")
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
    entries = _kept(cast("list[Any]", step.entries), step)
    for each in reversed(step.sort):
        entries = _sorted(entries, each)
    entries = _taken(entries, step)
    ends = (entries[0], entries[-1]) if entries else (None, None)
    found = {"result": entries, "first_record": ends[0], "last_record": ends[1], "count": len(entries)}
    if step.add_up:
        found["sum"] = _sum(entries, step.add_up)
    if step.group_by:
        found["groups"] = _groups(entries, step)
    return found


def _kept(entries: list[Any], step: Lists) -> list[Any]:
    """What holds and fits, each once where doubles go."""
    if step.keep:
        every = all if step.match == "all" else any
        entries = [entry for entry in entries if every(each.holds(entry) for each in step.keep)]
    if step.pattern:
        fits = searching(step.pattern)
        entries = [entry for entry in entries if fits(as_text(at(entry, step.pattern_of)))]
    if step.unique:
        firsts: dict[str, Any] = {}
        for entry in entries:
            firsts.setdefault(_sameness(at(entry, step.unique_by)), entry)
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
            return entries[step.start - 1 : step.start - 1 + step.size]


def at(entry: Any, path: str) -> Any:
    """The value of a field inside an entry, written with dots; nothing where there is none."""
    for key in path.split(".") if path else ():
        if isinstance(entry, dict):
            entry = cast("dict[str, Any]", entry).get(key)
        elif isinstance(entry, list) and key.isdecimal() and len(key) < 10:
            inner = cast("list[Any]", entry)
            entry = inner[int(key)] if int(key) < len(inner) else None
        else:
            return None
    return entry


def _sameness(value: Any) -> str:
    return as_json(value) if isinstance(value, list | dict) else as_text(value).strip().casefold()


def _sorted(entries: list[Any], order: Order) -> list[Any]:
    """By numbers where all are numbers, by dates where all are dates, else by text; what is missing comes last."""
    pairs = [(at(entry, order.by), entry) for entry in entries]
    there = [pair for pair in pairs if not is_empty(pair[0])]
    missing = [entry for value, entry in pairs if is_empty(value)]
    read = _reader([value for value, _ in there])
    there.sort(key=lambda pair: read(pair[0]), reverse=order.direction == "down")
    return [entry for _, entry in there] + missing


def _reader(values: list[Any]) -> Callable[[Any], Any]:
    readers: tuple[Callable[[Any], Any], ...] = (as_number, as_moment)
    return next((each for each in readers if all(each(value) is not None for value in values)), _sameness)


def _sum(entries: list[Any], path: str) -> int | float:
    total: int | float = 0
    for number, entry in enumerate(entries):
        value = at(entry, path)
        if is_empty(value):
            continue
        read = as_number(value)
        if read is None:
            raise StepFailed(
                f"“{path}” of entry {number + 1} is no number: {quoted(as_text(value)[:60])}.",
                code="not_a_number",
                hint="Keep only entries where it is one, or convert them first.",
            )
        total += read
    return round(total, 10) if isinstance(total, float) else total


def _groups(entries: list[Any], step: Lists) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for entry in entries:
        key = at(entry, step.group_by)
        group = groups.setdefault(_sameness(key), {"key": key, "count": 0, "entries": []})
        group["entries"].append(entry)
        group["count"] += 1
    for group in groups.values() if step.add_up else ():
        group["sum"] = _sum(group["entries"], step.add_up)
    return list(groups.values())
