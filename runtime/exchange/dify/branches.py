"""Going one way or another: if-else, and what a condition is made of."""

from __future__ import annotations

from typing import Any

from runtime.exchange.dify.references import constant, template, value
from runtime.exchange.dify.source import ROOTS
from runtime.exchange.dify.work import Here, Made, exit_names
from runtime.exchange.loose import mapping, mappings, selector, text, texts

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
MEDIA = {
    "image": ["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "image/bmp", "image/tiff"],
    "audio": ["audio/mpeg", "audio/wav", "audio/x-wav", "audio/ogg", "audio/mp4", "audio/webm", "audio/flac"],
    "video": ["video/mp4", "video/webm", "video/quicktime", "video/mpeg", "video/x-msvideo"],
    "document": [
        "application/pdf", "text/plain", "text/markdown", "text/html", "text/csv", "application/json",
        "application/xml", "text/xml", "application/msword", "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint", "application/epub+zip",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ],
}  # fmt: skip
"""the types of the files they call by one word"""


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
        found = [
            condition(here, each, f"cases.{number}.conditions.{at}")
            for at, each in enumerate(mappings(case.get("conditions")))
        ]
        made.append({"id": exits[name], "match": match_of(case), "conditions": found})
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


def condition(here: Here, given: dict[str, Any], field: str) -> dict[str, Any]:
    """One comparison."""
    parts = selector(given.get("variable_selector"))
    theirs = text(given.get("comparison_operator")).strip()
    operator = OPERATORS.get(theirs) or _ALSO.get(theirs.lower())
    if operator is None:
        here.lose("setting_left_out", f"“{here.called}” compares by “{theirs[:40]}”, which nothing here does.",
                  "It asks whether both are the same now.", field)  # fmt: skip
    if inner := mappings(mapping(given.get("sub_variable_condition")).get("conditions")):
        return _of_files(here, given, inner, operator or "contains", field)
    made: dict[str, Any] = {"left": value(here, parts, field), "operator": operator or "is"}
    if made["operator"] in _ONE_SIDED:
        return made
    made["right"] = _right(here, given.get("value"))
    if parts[-1:] == ["type"] and _is_file(here, parts[:-1]):
        _by_media(made)
    return made


def _right(here: Here, given: Any) -> Any:
    """The other side. A text may hold references; what stands in a list is taken as it is."""
    return template(here, given) if isinstance(given, str) else constant(given)


def _is_file(here: Here, parts: list[str]) -> bool:
    """Whether a selector names a file of the start, whose type is a word there and a media type here."""
    node = here.work.source.nodes.get(parts[0]) if parts else None
    if node is None or node.kind not in ROOTS or len(parts) < 2:
        return False
    name = here.work.input_names.get(parts[1], "")
    return here.work.inputs.get(name, {}).get("kind") == "file"


def _by_media(made: dict[str, Any]) -> None:
    """Their word for a type of file as the media types it stands for."""
    words = texts(made["right"]) or [text(made["right"])]
    types = [media for word in words for media in MEDIA.get(word, [])]
    if types and made["operator"] in ("is", "is_one_of", "contains", "equal"):
        made |= {"operator": "is_one_of", "right": types}
    elif types and made["operator"] in ("is_not", "is_not_one_of", "contains_not", "not_equal"):
        made |= {"operator": "is_not_one_of", "right": types}


def _of_files(here: Here, given: dict[str, Any], inner: list[dict[str, Any]], operator: str, field: str
              ) -> dict[str, Any]:  # fmt: skip
    """A comparison of the files in a list: a step before counts those that fit, and the number is compared."""
    sub = mapping(given.get("sub_variable_condition"))
    entries = value(here, given.get("variable_selector"), field)
    keep = tests(here, inner)
    counted = here.work.put_before(
        here.step,
        Made("data.lists", {"entries": entries, "rules": "exact", "match": match_of(sub), "keep": keep}),
        f"{here.step}_files",
    )
    count = "{{ " + f"{counted}.count" + " }}"
    match operator:
        case "contains_not" | "exists_not":
            return {"left": count, "operator": "equal", "right": 0}
        case "contains_all":
            whole = str(entries).removesuffix(" }}") + " | length }}"
            return {"left": count, "operator": "equal", "right": whole}
        case _:
            return {"left": count, "operator": "greater", "right": 0}


def tests(here: Here, conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is asked of every entry of a list."""
    made: list[dict[str, Any]] = []
    for each in conditions:
        theirs, of = text(each.get("comparison_operator")).strip(), text(each.get("key"))
        operator = OPERATORS.get(theirs) or _ALSO.get(theirs.lower())
        if operator is None:
            here.lose("setting_left_out", f"“{here.called}” compares by “{theirs[:40]}”, which nothing here does.")
        test: dict[str, Any] = {"operator": operator or "is"}
        if test["operator"] not in _ONE_SIDED:
            test["right"] = _right(here, each.get("value"))
        if of == "type" and "right" in test:
            _by_media(test)
        if of in ("mime_type", "filename"):
            of = {"mime_type": "type", "filename": "name"}[of]
        elif of in ("extension", "url", "transfer_method", "related_id"):
            here.lose("setting_left_out", f"“{here.called}” asks for “{of}” of a file, which is not known here.")
        if "right" in test:
            test["value"] = test.pop("right")
        made.append({"of": of} | test if of else test)
    return made
