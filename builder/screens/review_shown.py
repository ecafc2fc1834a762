"""A submission as its page shows it: plain values, made of what the door told. Pure."""

from collections.abc import Mapping
from difflib import unified_diff
from typing import Any, TypedDict

import orjson

from builder.components.code import DiffLine
from builder.components.review import lacks_of
from builder.screens.reviews import state_of
from builder.texts import CLEARANCES, count, duration, money
from runtime.operations.reviews import ChangeLine, CommentView, DecisionView, Review


class Head(TypedDict):
    """What stands on top."""

    number: int
    title: str
    workflow: str
    state: str
    tier: int
    who: str
    created: float
    version: str
    about: str
    problem: str
    users: str
    customers: str
    experimental: str
    hash: str
    checks: str
    failed: bool
    flow: str
    leaks: int
    withheld: str
    """why what goes where is not shown; empty: it is"""
    lacks: str
    """what its tier asks for and is not there"""
    changed: str
    cost: str


KINDS = {
    "model": "Model alias",
    "base": "Knowledge base",
    "connection": "Connection",
    "node_type": "Step type",
    "policy": "Policy",
}
"""what a workflow depends on"""
CODE = "Code"
"""why a change of code matters, as the door says it"""
BESIDE = 60
"""characters; longer texts, and those of several lines, stand side by side"""


class Change(TypedDict):
    """One difference to the last approved version."""

    sentence: str
    reason: str
    step: str
    before: str
    after: str
    material: bool
    beside: bool
    """whether the texts are shown in full: they are long, or of several lines"""
    lines: list[DiffLine]
    """of code that changed: line by line, instead of both texts"""


class Flow(TypedDict):
    """One way of data to a place where somebody or something reads it."""

    source: str
    data_class: str
    sink: str
    clearance: str
    allowed: bool
    edge: str
    sentence: str


class Check(TypedDict):
    """One automatic check with what it saw."""

    title: str
    ok: str
    sentence: str
    evidence: list[str]


class Item(TypedDict):
    """One thing it depends on."""

    kind: str
    name: str
    facts: str


class Remark(TypedDict):
    """A comment."""

    id: str
    step: str
    text: str
    who: str
    at: float
    settled: bool
    settles: bool
    """whether this person may say that it is dealt with"""


class Demanded(TypedDict):
    """A condition of the approval."""

    id: str
    text: str
    due: float
    overdue: bool
    met: float
    by: str
    note: str


class Decided(TypedDict):
    """What was decided."""

    kind: str
    who: str
    at: float
    reason: str
    holds: bool
    ruling: str
    approval: bool
    expires: float
    controls: str
    owners: str


class Asked(TypedDict):
    """One input of a try."""

    name: str
    label: str
    kind: str
    required: bool
    options: list[str]


class Choice(TypedDict):
    """A step to remark on."""

    id: str
    title: str


NO_HEAD = Head(
    number=0, title="", workflow="", state="", tier=0, who="", created=0.0, version="", about="", problem="", users="",
    customers="", experimental="", hash="", checks="", failed=False, flow="", leaks=0, withheld="", changed="",
    cost="", lacks="",
)  # fmt: skip
NO_DECISION = Decided(
    kind="", who="", at=0.0, reason="", holds=False, ruling="", approval=False, expires=0.0, controls="", owners=""
)


def head_of(seen: Review) -> Head:
    """The summary: all a reviewer needs to know where to look."""
    card, facts, answers = seen.card, seen.facts, seen.answers
    bad = [each for each in facts["checks"] if each["ok"] == "failed"]
    odd = [each for each in facts["checks"] if each["ok"] == "warning"]
    leaks = sum(not each["allowed"] for each in facts["flow"])
    return Head(
        number=card.number,
        title=card.title,
        workflow=card.workflow,
        state=state_of(card),
        tier=seen.decision.tier if seen.decision else card.tier,
        who=card.who,
        created=card.created,
        version=f"#{card.number} · version {card.version}",
        about=seen.about,
        problem=answers.problem,
        users=answers.users,
        customers="Reaches customers" if answers.customers else "Stays inside the company",
        experimental="An experiment" if answers.experimental else "Meant for everyday work",
        hash=seen.hash,
        checks=_verdict(len(facts["checks"]), len(bad), len(odd)),
        failed=bool(bad),
        flow="Not shown to you" if facts["withheld"] else count(leaks, "violation") if leaks else "No violation",
        withheld=facts["withheld"],
        leaks=leaks,
        lacks=lacks_of(card.tier, seen.unmet),
        changed=_differs(seen),
        cost=cost_of(facts["cost"]),
    )


def _verdict(all_of_them: int, failed: int, odd: int) -> str:
    if failed:
        return f"{failed} of {all_of_them} failed"
    return f"{all_of_them - odd} passed" + (f", {count(odd, 'warning')}" if odd else "")


def _differs(seen: Review) -> str:
    if not seen.against:
        return "First review"
    number = sum(each.material for each in seen.changes)
    return f"{count(number, 'change')} since {seen.against}" if number else f"Same as {seen.against}"


def cost_of(cost: Mapping[str, Any]) -> str:
    """`about $0.0021 a run (4 test runs, 2.1 s each)`"""
    if not cost["runs"]:
        return "Not tested yet"
    about = f"about {money(cost['mean'])} a run" if cost["mean"] else "free" if cost["mean"] == 0 else "price unknown"
    took = f", {duration(cost['seconds'])} each" if cost["seconds"] is not None else ""
    return f"{about} ({count(cost['runs'], 'test run')}{took})"


def flow_of(each: Mapping[str, Any]) -> Flow:
    """A line of the table “what goes where”."""
    return Flow(
        source=each["source"], data_class=class_word(each["data_class"]), sink=each["sink"],
        clearance=class_word(each["clearance"]), allowed=each["allowed"],
        edge=each["edge"] or "", sentence=each["sentence"],
    )  # fmt: skip


def class_word(data_class: str) -> str:
    """`Confidential`; nothing for a class nobody has said."""
    return CLEARANCES.get(data_class) or data_class


def check_of(each: Mapping[str, Any]) -> Check:
    """A check as it is shown."""
    return Check(
        title=each["title"],
        ok=each["ok"],
        sentence=each["sentence"],
        evidence=[one["sentence"] for one in each["evidence"] if one["sentence"] != each["sentence"]],
    )


def leak_of(each: Mapping[str, Any]) -> dict[str, Any]:
    """What may not go where it goes, as a problem of the connection it goes along."""
    return {"sentence": each["sentence"], "severity": "error", "step": each["step"] or None, "field": None,
            "edge": each["along"]}  # fmt: skip


def change_of(each: ChangeLine) -> Change:
    """Texts that are shown side by side are not told once more in the sentence."""
    before, after = _text(each.before), _text(each.after)
    lines = lines_of(before, after) if each.reason == CODE and each.kind == "changed" else []
    beside = any(len(text) > BESIDE or "\n" in text for text in (before, after))
    return Change(
        sentence=f"{each.place}{'' if before and after else ' is new' if after else ' is gone'}"
        if beside and each.place
        else each.sentence,
        reason=each.reason,
        step=each.title,
        before=before,
        after=after,
        material=each.material,
        beside=beside and not lines,
        lines=lines,
    )


def lines_of(before: str, after: str) -> list[DiffLine]:
    """What changed from one code to another, each change with some lines around it."""
    kinds = {"+": "added", "-": "removed", " ": "same", "@": "gap"}
    told = list(unified_diff(before.splitlines(), after.splitlines(), lineterm=""))[3:]
    return [DiffLine(kind=kinds[each[0]], text="⋯" if each[0] == "@" else each[1:]) for each in told]


def _text(value: Any) -> str:
    """A value as a person reads it; a text inside another value keeps its lines as well."""
    return "" if value is None else "\n".join(_lines(value))


def _lines(value: Any) -> list[str]:
    match value:
        case str():
            return value.splitlines() or [""]
        case dict():
            named = ((name, _lines(each)) for name, each in value.items())
            return [line for name, each in named for line in _under(f"{name}:", each)]
        case list():
            return [line for each in value for line in _hung(_lines(each))]
        case _:
            return [orjson.dumps(value).decode()]


def _under(name: str, lines: list[str]) -> list[str]:
    """One line beside its name, several below it."""
    return [f"{name} {lines[0]}".rstrip()] if len(lines) == 1 else [name, *(f"  {line}" for line in lines)]


def _hung(lines: list[str]) -> list[str]:
    """An entry of a list."""
    return [f"- {line}" if at == 0 else f"  {line}" for at, line in enumerate(lines)]


def item_of(each: Mapping[str, Any]) -> Item:
    said = {name: value for name, value in each["facts"].items() if value != "" and name not in ("id", "title")}
    facts = (f"{name.replace('_', ' ')}: {_fact(value)}" for name, value in said.items())
    return Item(kind=KINDS[each["kind"]], name=each.get("title") or each["name"], facts=" · ".join(facts))


def _fact(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_fact(each) for each in value) or "none"
        case _:
            return _text(value)


def remark_of(each: CommentView, me: str, *, own: bool) -> Remark:
    return Remark(
        id=each.id, step=each.title, text=each.text, who=each.who, at=each.at, settled=each.settled is not None,
        settles=own or each.who == me,
    )  # fmt: skip


def asked_of(each: Mapping[str, Any]) -> Asked:
    options = [str(one) for one in each.get("options") or ()]
    return Asked(
        name=each["name"], label=each["label"], kind=each.get("kind", "text"), options=options,
        required=bool(each.get("required", True)),
    )  # fmt: skip


def decided_of(seen: DecisionView | None) -> Decided:
    if seen is None:
        return NO_DECISION.copy()
    return Decided(
        kind="taken_back" if seen.withdrawn else seen.kind, who=seen.who, at=seen.at, reason=seen.reason,
        holds=seen.ruling.valid, ruling=seen.ruling.sentence, approval=seen.kind not in ("changes", "denied"),
        expires=seen.expires or 0.0, controls=seen.controls, owners=seen.owners,
    )  # fmt: skip


def demands_of(seen: DecisionView | None, now: float) -> list[Demanded]:
    return [
        Demanded(
            id=each.id, text=each.text, due=each.due, overdue=each.met is None and each.due <= now, met=each.met or 0.0,
            by=each.met_by, note=each.note,
        )
        for each in (seen.conditions if seen else ())
    ]  # fmt: skip
