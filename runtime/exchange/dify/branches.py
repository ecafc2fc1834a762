"""Going one way or another: if-else, and what a condition is made of."""

from __future__ import annotations

from typing import Any

from runtime.exchange.dify.references import FILE, constant, reference, template, value
from runtime.exchange.dify.work import Here, Made, exit_names
from runtime.exchange.loose import listed, mapping, mappings, selector, text

OPERATORS = {
    "contains": "contains", "not contains": "contains_not", "start with": "starts_with", "end with": "ends_with",
    "is": "is", "is not": "is_not", "empty": "is_empty", "not empty": "is_not_empty", "in": "is_one_of",
    "not in": "is_not_one_of", "all of": "contains_all", "=": "equal", "≠": "not_equal", ">": "greater", "<": "less",
    "≥": "at_least", "≤": "at_most", "null": "exists_not", "not null": "exists", "exists": "exists",
    "not exists": "exists_not",
}  # fmt: skip
_ALSO = {"is empty": "is_empty", "is not empty": "is_not_empty", "==": "equal", "!=": "not_equal", ">=": "at_least",
         "<=": "at_most", "starts with": "starts_with", "ends with": "ends_with", "equals": "is",
         "not equals": "is_not", "not equal": "is_not", "equal": "is"}  # fmt: skip
"""how programs that write such files say it"""
_ONE_SIDED = ("is_empty", "is_not_empty", "exists", "exists_not")
ELSE, CASE = "false", "true"
_OF_FILES = ("contains", "not contains", "all of")
"""what may be asked of a list of files by conditions of its own"""


def cases_of(here: Here) -> list[dict[str, Any]]:
    """The cases of an if-else, also of one from before there were several."""
    data = here.node.data
    if cases := mappings(data.get("cases")):
        return cases
    if "conditions" in data:
        return [{"case_id": CASE, "logical_operator": data.get("logical_operator"), "conditions": data["conditions"]}]
    return []


def branch(here: Here) -> Made:
    """If and else."""
    cases = cases_of(here)
    ids = [text(each.get("case_id")) or text(each.get("id")) or (CASE if not number else str(number))
           for number, each in enumerate(cases)]  # fmt: skip
    gone = _ways_of_old(here, ids)
    exits = exit_names([*ids, *gone])
    made: list[dict[str, Any]] = []
    for number, (name, case) in enumerate(zip(ids, cases, strict=True)):
        found, match = conditions(here, mappings(case.get("conditions")), match_of(case), f"cases.{number}.conditions")
        made.append({"id": exits[name], "match": match, "conditions": found})
    made += [{"id": exits[name], "match": "any"} for name in gone]
    settings = {"rules": "exact", "cases": made}
    return Made("flow.branch", settings, exits={**exits, ELSE: "else", **_first(exits, ids)})


def _ways_of_old(here: Here, ids: list[str]) -> list[str]:
    """Ways out that connections still name, of cases that are gone. None is ever taken: each is a case that never
    holds."""
    named = [link.handle for link in here.work.source.links if link.source == here.node.id]
    known = {*ids, ELSE, "source", "fail-branch", *([CASE] if ids else [])}
    gone = [each for each in dict.fromkeys(named) if each not in known]
    if gone:
        sentence = f"“{here.called}” leads on by cases that are gone."
        here.say("bad_edge", sentence, "They are kept as cases that never hold.", "cases")
    return gone


def _first(exits: dict[str, str], ids: list[str]) -> dict[str, str]:
    """The first case is also left by `true`."""
    return {CASE: exits[ids[0]]} if ids and CASE not in exits else {}


def match_of(given: dict[str, Any]) -> str:
    """Whether all conditions have to hold, or any of them."""
    return "any" if text(given.get("logical_operator")).lower() == "or" else "all"


def conditions(here: Here, given: list[dict[str, Any]], match: str, field: str) -> tuple[list[dict[str, Any]], str]:
    """Comparisons, and how many of them have to hold. One of files may become several, which go together by their
    own rule: where that is another one, a step before puts them together."""
    made: list[dict[str, Any]] = []
    for at, each in enumerate(given):
        inner = mappings(mapping(each.get("sub_variable_condition")).get("conditions"))
        if not inner or text(each.get("comparison_operator")).strip() not in _OF_FILES:
            made.append(_condition(here, each, f"{field}.{at}"))
            continue
        joint = match_of(mapping(each.get("sub_variable_condition")))
        found = _of_files(here, value(here, each.get("variable_selector"), f"{field}.{at}"), inner, joint)
        if len(given) == 1:
            match = joint
        made += found if len(found) == 1 or joint == match else [_together(here, found, joint)]
    return made, match


def _condition(here: Here, given: dict[str, Any], field: str) -> dict[str, Any]:
    """One comparison."""
    parts = selector(given.get("variable_selector"))
    theirs = text(given.get("comparison_operator")).strip()
    operator = OPERATORS.get(theirs) or _ALSO.get(theirs.lower())
    if operator is None:
        here.lose("setting_left_out", f"“{here.called}” compares by “{theirs[:40]}”, which nothing here does.",
                  "It asks whether both are the same now.", field)  # fmt: skip
    made: dict[str, Any] = {"left": value(here, parts, field), "operator": operator or "is"}
    if made["operator"] in _ONE_SIDED:
        return made
    made["right"] = _right(here, given.get("value"))
    return made


def _right(here: Here, given: Any) -> Any:
    """The other side. A text may hold references; what stands in a list is taken as it is."""
    return template(here, given) if isinstance(given, str) else constant(given)


def _of_files(here: Here, entries: Any, inner: list[dict[str, Any]], joint: str) -> list[dict[str, Any]]:
    """Comparisons of the files in a list. A step before counts those that fit: by each condition one of them has to,
    by one that denies all of them. Whether the list is to contain or not to contain them makes no difference."""
    denied = [" not " in f" {text(each.get('comparison_operator'))} " for each in inner]
    alike = all(denied) if joint == "all" else not any(denied)
    made: list[dict[str, Any]] = []
    apart = [([one], no) for one, no in zip(inner, denied, strict=True)]
    for group, all_of_them in [(inner, denied[0])] if alike else apart:
        keep = asked_of_entries(here, group, of_files=True)
        settings = {"entries": entries, "rules": "exact", "match": joint, "keep": keep}
        counted = here.work.put_before(here.step, Made("data.lists", settings), f"{here.step}_files")
        length = str(entries).removesuffix(" }}") + " | length }}"
        made.append({"left": reference(f"{counted}.count"), "operator": "equal", "right": length} if all_of_them else
                    {"left": reference(f"{counted}.count"), "operator": "greater", "right": 0})  # fmt: skip
    return made


def _together(here: Here, found: list[dict[str, Any]], joint: str) -> dict[str, Any]:
    """Several comparisons of numbers of files as one."""
    names = [(f"found_{number}", f"of_{number}") for number, _ in enumerate(found, 1)]
    sides = [{"name": name, "value": each[side]} for pair, each in zip(names, found, strict=True)
             for name, side in zip(pair, ("left", "right"), strict=True)]  # fmt: skip
    signs = {"equal": "==", "greater": ">"}
    formula = (" and " if joint == "all" else " or ").join(
        f"{one} {signs[each['operator']]} {other}" for (one, other), each in zip(names, found, strict=True)
    )
    made = Made("data.calculate", {"inputs": sides, "formula": formula, "kind": "yes_no"})
    return {"left": reference(f"{here.work.put_before(here.step, made, f'{here.step}_fit')}.output"), "operator": "is",
            "right": "true"}  # fmt: skip


def asked_of_entries(here: Here, conditions: list[dict[str, Any]], *, of_files: bool = False) -> list[dict[str, Any]]:
    """What is asked of every entry of a list."""
    made: list[dict[str, Any]] = []
    for each in conditions:
        theirs, of = text(each.get("comparison_operator")).strip(), text(each.get("key"))
        operator = OPERATORS.get(theirs) or _ALSO.get(theirs.lower())
        if operator is None:
            here.lose("setting_left_out", f"“{here.called}” compares by “{theirs[:40]}”, which nothing here does.")
        test: dict[str, Any] = {"operator": operator or "is"}
        if of in ("url", "transfer_method"):
            here.lose("setting_left_out", f"“{here.called}” asks for “{of}” of a file, which is not known here.")
        if test["operator"] not in _ONE_SIDED:
            given = each.get("value")
            test["value"] = constant(given) if of_files else _right(here, given)
            if of == "type":
                test["value"] = _kinds(test["value"])
            if of == "extension" and of_files and isinstance(given, str) and given and not given.startswith("."):
                test["value"] = f".{test['value']}"
        made.append({"of": FILE.get(of, of)} | test if of else test)
    return made


def _kinds(given: Any) -> Any:
    """Their word for any other kind of file is custom."""
    if isinstance(given, list):
        return [_kinds(each) for each in listed(given)]
    return "other" if given == "custom" else given
