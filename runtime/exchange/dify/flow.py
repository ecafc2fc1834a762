"""Where a run begins and ends, what it says and remembers: start, triggers, end, answer, aggregators, assigners."""

from __future__ import annotations

from typing import Any

from nodes.sdk.answer import shared_troubles
from nodes.sdk.reading import as_number, as_yes_no
from nodes.sdk.words import is_key
from runtime.exchange.dify.references import constant, is_grouped, path_of, reference, template, value
from runtime.exchange.dify.work import Here, Made, Work
from runtime.exchange.loose import from_json, listed, mapping, mappings, selector, slug, text, texts, whole, yes

_INPUTS = {
    "text-input": "text", "string": "text", "text": "text", "paragraph": "paragraph", "number": "number",
    "integer": "number", "select": "choice", "checkbox": "yes_no", "boolean": "yes_no", "bool": "yes_no",
    "file": "file", "file-list": "files", "json_object": "json", "object": "json", "array": "list",
}  # fmt: skip
MOST_INPUTS = 500
_FILE_KINDS = ("image", "document", "audio", "video")
_OPENINGS = {"trigger-webhook": "webhook", "trigger-schedule": "schedule"}
_OPERATIONS = {
    "over-write": "set", "set": "set", "overwrite": "set", "clear": "clear", "append": "append", "extend": "extend",
    "+=": "add", "-=": "subtract", "*=": "multiply", "/=": "divide", "remove-first": "remove_first",
    "remove-last": "remove_last",
}  # fmt: skip
_ALONE = ("clear", "remove_first", "remove_last")


def begin(here: Here) -> None:
    """Takes the inputs of a start or a trigger up; the start itself is made when all that is read of it is known."""
    data, kind = here.node.data, here.node.kind
    for each in mappings(data.get("variables")):
        take_input(here, each)
    if kind == "trigger-webhook":
        for part in ("params", "headers", "body"):
            for each in mappings(data.get(part)):
                named = text(each.get("name"))
                take_input(here, {**each, "variable": named, "type": _webhook_kind(text(each.get("type")))})
        here.say("webhook_to_set", f"“{here.called}” was called by other systems.",
                 "Make an API key and give them the new address.")  # fmt: skip
    if kind == "trigger-schedule":
        when = text(data.get("cron_expression")) or text(data.get("frequency")) or "times of its own"
        zone = text(data.get("timezone"))
        here.say("schedule_to_set", f"“{here.called}” ran by a schedule: {when[:100]}{zone and f' ({zone[:40]})'}.",
                 "Set a schedule for it once it is published.")  # fmt: skip
    if kind == "trigger-plugin":
        here.lose("plugin_missing", f"“{here.called}” waited for “{text(data.get('event_name'))[:80]}” of a plug-in.",
                  "Let the other system call it over the API.")  # fmt: skip


def _webhook_kind(kind: str) -> str:
    return {"number": "number", "boolean": "boolean", "object": "object", "file": "file"}.get(
        kind, "array" if kind.startswith("array") else "paragraph"
    )


def _are_enough(work: Work) -> bool:
    """Whether there are as many inputs as there may be."""
    if len(work.inputs) < MOST_INPUTS:
        return False
    sentence = f"The file asks for more than {MOST_INPUTS} inputs; the rest was left out."
    work.report.note("too_much", sentence, error=True)
    return True


def take_input(here: Here, given: dict[str, Any]) -> None:
    """Takes an input of theirs over, once, as the kind of ours that asks for the same."""
    work, theirs = here.work, text(given.get("variable"))
    if not theirs or theirs in work.input_names or _are_enough(work):
        return
    mine = work.input_name(theirs)
    if mine != theirs:
        here.say("renamed", f"The input “{theirs[:60]}” is called “{mine}” here.", field="inputs")
    kind = _INPUTS.get(text(given.get("type")) or "text-input")
    if kind is None:
        here.lose("setting_left_out", f"The input “{theirs[:60]}” was of the kind “{text(given.get('type'))[:60]}”.",
                  "It takes text now.", "inputs")  # fmt: skip
    made: dict[str, Any] = {"name": mine, "kind": kind or "paragraph", "required": yes(given.get("required"))}
    if kind == "choice":
        made["options"] = list(dict.fromkeys(texts(given.get("options"))))
        if not made["options"]:
            del made["options"]
            made["kind"] = "text"
            here.lose("setting_left_out", f"The input “{theirs[:60]}” was a choice of nothing.", field="inputs")
    if made["kind"] in ("text", "paragraph"):
        made["blank"] = True
        if longest := whole(given.get("max_length"), 0, 0, 1_000_000):
            made["max_length"] = longest
    _limit(here, made, given)
    if (start := _default(made, given.get("default"))) is not None:
        made["default"] = start
    work.input_names[theirs], work.inputs[mine] = mine, made
    label = text(given.get("label"))[:200]
    if label and label != mine:
        work.labels[mine] = label


def _limit(here: Here, made: dict[str, Any], given: dict[str, Any]) -> None:
    """What an input takes beside its kind, and whether people are asked for it."""
    if yes(given.get("hide")):
        made["hidden"] = True
    if made["kind"] in ("file", "files"):
        kinds = texts(given.get("allowed_file_types"))
        made |= {"file_kinds": known} if (known := [each for each in kinds if each in _FILE_KINDS]) else {}
        endings = texts(given.get("allowed_file_extensions")) if "custom" in kinds else []
        made |= {"extensions": endings[:50]} if endings else {}
    if made["kind"] == "files" and (most := whole(given.get("max_length"), 0, 0, 100)):
        made["max"] = most
    schema = {name: each for name, each in mapping(from_json(given.get("json_schema"))).items() if name != "$schema"}
    if made["kind"] == "json" and schema:
        if wrong := shared_troubles(schema, "Its schema"):
            here.lose("setting_left_out", f"The input “{made['name']}” takes any data: {wrong[0]}", field="inputs")
        else:
            made["json_schema"] = schema


def _default(made: dict[str, Any], given: Any) -> Any:
    """What an input holds when nothing is entered; None where what stood there does not fit."""
    match made["kind"]:
        case "number":
            return as_number(given)
        case "yes_no":
            return as_yes_no(given)
        case "choice":
            return text(given) if text(given) in made["options"] else None
        case "text" | "paragraph":
            return text(given)[: made.get("max_length", 1_000_000)] or None
        case "json":
            return from_json(given) or None
        case _:
            return None


def started(work: Work, kinds: list[str]) -> Made:
    """The start, with every input there is."""
    opening = "chat" if work.source.chat else next((_OPENINGS[each] for each in kinds if each in _OPENINGS), "")
    inputs = list(work.inputs.values())
    if opening == "schedule":
        inputs = [each if "default" in each else {**each, "required": False} for each in inputs]
    settings: dict[str, Any] = {"kind": opening} if opening else {}
    if opening == "chat":
        settings |= _greeting(mapping(work.source.workflow.get("features")))
    return Made("flow.start", settings | ({"inputs": inputs} if inputs else {}))


def _greeting(features: dict[str, Any]) -> dict[str, Any]:
    """What whoever chats sees before they have said anything."""
    said = text(features.get("opening_statement"))[:5_000]
    asked = [each for each in texts(features.get("suggested_questions")) if each.strip()][:10]
    return ({"opening": said} if said else {}) | ({"suggestions": asked} if asked else {})


def end(here: Here) -> Made:
    """What a run hands back. Inside a container nothing can be handed back, so the values are only put together."""
    results: list[dict[str, Any]] = []
    for number, each in enumerate(mappings(here.node.data.get("outputs"))):
        theirs = text(each.get("variable"))
        name = theirs if is_key(theirs) else slug(theirs)[:60] or f"result_{number + 1}"
        while name in [other["name"] for other in results]:
            name = f"{name[:58]}_{number + 1}"
        if name != theirs:
            here.say("renamed", f"The result “{theirs[:60]}” is called “{name}” here.", field="outputs")
        results.append({"name": name, "value": value(here, each.get("value_selector"), "outputs")})
    if not here.node.parent:
        return Made("flow.finish", {"outputs": results} if results else {}, exits={})
    here.lose("setting_left_out", f"“{here.called}” is inside a container, where a run cannot end.",
              "It puts its values together, and nothing more.")  # fmt: skip
    groups = [{"name": each["name"], "values": [each["value"]]} for each in results]
    return Made("flow.first_available", {"groups": groups} if groups else {"values": [""]})


def answer(here: Here) -> Made:
    """What is said."""
    return Made("flow.answer", {"text": template(here, here.node.data.get("answer"))})


def aggregate(here: Here) -> Made:
    """The first value there is; with groups one for each."""
    data = here.node.data
    if is_grouped(here.node):
        groups = mappings(mapping(data.get("advanced_settings")).get("groups"))
        return Made("flow.first_available", {"groups": [
            {"name": text(each.get("group_name")), "values": _values(here, each.get("variables"))} for each in groups
        ]})  # fmt: skip
    return Made("flow.first_available", {"values": _values(here, data.get("variables"))})


def _values(here: Here, given: Any) -> list[str]:
    paths = [(selector(each), path_of(here, selector(each))) for each in listed(given)]
    for parts, path in paths:
        if not path:
            name = ".".join(parts)[:80]
            here.say("reference_never_there", f"“{here.called}” looks at “{name}”, which nothing hands on.",
                     "It is left out.")  # fmt: skip
    return [reference(path) for _, path in paths if path]


def assign(here: Here) -> Made:
    """Changes of variables. The first version made one, the second makes several in order."""
    data = here.node.data
    first = "assigned_variable_selector" in data or "write_mode" in data
    if first:
        mode = text(data.get("write_mode"))
        items = [{"variable_selector": data.get("assigned_variable_selector"), "operation": mode,
                  "input_type": "variable", "value": data.get("input_variable_selector")}]  # fmt: skip
    else:
        items = mappings(data.get("items")) or mappings(data.get("actions"))
    changes: list[dict[str, Any]] = []
    for each in items:
        if (target := _target(here, each)) is None:
            name = ".".join(selector(each.get("variable_selector")))[:80]
            return here.placeholder("Variable Assigner", f"There is no variable “{name}” to change; declare it.")
        change = _change(here, each, target)
        if not first and "value" in change and text(each.get("input_type")) == "variable":
            change["only_with_value"] = True  # the second version passes over what is nothing
        changes.append(change)
    _name_what_was_changed(changes)
    return Made("flow.set_value", {"changes": changes}, version=2)


def _target(here: Here, item: dict[str, Any]) -> str | None:
    """The variable that is changed, as our step names it."""
    path = path_of(here, selector(item.get("variable_selector")) or selector(item.get("variable")))
    root, _, name = (path or "").partition(".")
    if root == "variables":
        return name
    loops = {here.work.ids[each.id] for each in here.work.source.nodes.values() if each.kind == "loop"}
    return path if root == "conversation" or root in loops else None


def _change(here: Here, item: dict[str, Any], target: str) -> dict[str, Any]:
    operation = _OPERATIONS.get(text(item.get("operation")) or text(item.get("type")) or "set")
    if operation is None:
        sentence = f"“{here.called}” does “{text(item.get('operation'))[:40]}” to a variable, which nothing here does."
        here.lose("setting_left_out", sentence, "It sets the variable now.", "changes")
    change: dict[str, Any] = {"variable": target, "operation": operation or "set"}
    given = item.get("value", item.get("input_variable_selector"))
    if change["operation"] in _ALONE:
        return change
    variable = text(item.get("input_type")) == "variable" or (
        "input_type" not in item and len(selector(given)) > 1 and isinstance(given, list)
    )
    if variable:
        change["value"] = value(here, given, "changes")
    elif isinstance(given, str) and "{{#" in given:
        change["value"] = template(here, given)
    else:
        change["value"] = constant(_typed(here, target, given))
    return change


def _typed(here: Here, target: str, given: Any) -> Any:
    """A typed value in the kind of the variable it is for."""
    root, _, name = target.partition(".")
    kind = here.work.conversation.get(name, {}).get("kind") if root == "conversation" else None
    return from_json(given) if kind in ("object", "list", "number", "yes_no") else given


def _name_what_was_changed(changes: list[dict[str, Any]]) -> None:
    """A change that puts in what one before it changed has to see it as it is by then."""
    changed: set[str] = set()
    for each in changes:
        path = str(each.get("value") or "").removeprefix("{{ ").removesuffix(" }}").removeprefix("variables.")
        if path in changed and each.get("value") in (reference(path), reference(f"variables.{path}")):
            del each["value"]
            each["same_as"] = path
        changed.add(each["variable"])
