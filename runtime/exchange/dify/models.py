"""Steps that ask a model: answers, classes, values out of a text, agents; and searching knowledge."""

from __future__ import annotations

import re
from typing import Any

from runtime.exchange.dify.references import FILES, SYSTEM_FILES, path_of, reference, template, value
from runtime.exchange.dify.work import Here, Made, exit_names
from runtime.exchange.loose import (
    from_json,
    listed,
    mapping,
    mappings,
    number,
    selector,
    slug,
    text,
    texts,
    whole,
    yes,
)

ALIAS = "fast"
FITTING = 2_000
"""tokens of the conversation a model is told where nothing else is said"""
_KEPT = {"temperature", "max_tokens"}
_HISTORY = "{{#histories#}}"
_PARAMETERS = {
    "string": "text", "number": "number", "integer": "number", "float": "number", "boolean": "yes_no",
    "bool": "yes_no", "select": "choice", "array[string]": "texts", "array[number]": "numbers",
    "array[boolean]": "yes_nos", "object": "object", "array[object]": "objects",
}  # fmt: skip
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")


def model(here: Here, given: Any) -> dict[str, Any]:
    """The alias, and what was set of the model. Which model it is, a person chooses again."""
    found = mapping(given)
    name = "/".join(each for each in (text(found.get("provider")), text(found.get("name"))) if each)
    here.say("model_to_choose", f"“{here.called}” asked the model “{name[:120] or 'of nobody'}”.",
             f"It asks “{ALIAS}” now; choose another one if that does not fit.", "alias")  # fmt: skip
    return {"alias": ALIAS}


def tuned(here: Here, given: Any) -> dict[str, Any]:
    """What of a model's parameters there is here."""
    asked = mapping(mapping(given).get("completion_params"))
    made: dict[str, Any] = {}
    heat, longest = number(asked.get("temperature")), number(asked.get("max_tokens"))
    if heat is not None:
        made["temperature"] = max(0, min(2, heat))
    if longest is not None and longest >= 1:
        made["max_tokens"] = int(longest)
    left = {name: each for name, each in asked.items() if name not in _KEPT and each not in (None, "", [], {})}
    if left:
        here.lose("setting_left_out", f"“{here.called}”: the model was also told {_listed(left)}.")
    return made


def _listed(given: dict[str, Any]) -> str:
    return ", ".join(f"{name} = {str(each)[:40]}" for name, each in list(given.items())[:12])


def ask(here: Here) -> Made:
    """Let a model answer."""
    data = here.node.data
    settings: dict[str, Any] = model(here, data.get("model"))
    settings["messages"] = _messages(here)
    schema = _schema(data)
    if schema:
        settings["answer_schema"] = schema
    settings |= tuned(here, data.get("model")) | _memory(here, data.get("memory"))
    settings |= _pictures(here, mapping(data.get("vision")))
    here.drop("reasoning_format", data.get("reasoning_format") == "separated", "keeping the reasoning apart")
    return Made("ai.ask_model", settings)


def _pictures(here: Here, given: dict[str, Any]) -> dict[str, Any]:
    """What the model looks at: by default what comes with a message, where files may be brought."""
    if not yes(given.get("enabled")):
        return {}
    chosen = selector(mapping(given.get("configs")).get("variable_selector")) or ["sys", FILES]
    if chosen == ["sys", FILES] and SYSTEM_FILES not in here.work.input_names:
        return {}
    seen = value(here, chosen, "pictures")
    return {"pictures": seen} if seen else {}


def _schema(data: dict[str, Any]) -> dict[str, Any]:
    asked = mapping(data.get("structured_output"))
    on = [data.get("structured_output_enabled"), data.get("structured_output_switch_on"), asked.get("enabled")]
    return mapping(from_json(asked.get("schema"))) if any(yes(each) for each in on) else {}


def _messages(here: Here) -> list[dict[str, str]]:
    data = here.node.data
    prompt, memory = data.get("prompt_template"), data.get("memory")
    given = mappings(prompt) if isinstance(prompt, list) else [mapping(prompt)]
    made: list[dict[str, str]] = []
    for each in given:
        role = text(each.get("role"))
        words = _words(here, each)
        if words.strip():
            made.append({"role": role if role in ("system", "assistant") else "user", "text": words})
    if isinstance(memory, dict):
        made += _remembered(here, mapping(memory))
    return made


def _remembered(here: Here, memory: dict[str, Any]) -> list[dict[str, str]]:
    """What a model with a memory is told at the end: the question."""
    asked = text(memory.get("query_prompt_template"))
    if not asked and path_of(here, ["sys", "query"]) is not None and here.work.source.chat:
        asked = "{{#sys.query#}}"
    words = template(here, asked)
    return [{"role": "user", "text": words}] if words.strip() else []


def _memory(here: Here, given: Any) -> dict[str, Any]:
    """How much of the conversation a model is told: the newest messages, or as many as fit."""
    if not (isinstance(given, dict) and here.work.source.chat) or mapping(given).get("enabled") is False:
        return {}
    window = mapping(mapping(given).get("window"))
    if not yes(window.get("enabled")):
        return {"memory": "tokens", "memory_tokens": FITTING}
    return {"memory": "window", "memory_turns": whole(window.get("size"), 10, 1, 200)}


def _forget(here: Here, memory: dict[str, Any]) -> None:
    window = mapping(memory.get("window"))
    if here.work.source.chat and memory.get("enabled") is not False:
        size = f" the last {text(window.get('size'))} messages of" if yes(window.get("enabled")) else ""
        here.lose("setting_left_out", f"“{here.called}” saw{size} the conversation before.",
                  "Only this message is sent.")  # fmt: skip


def _words(here: Here, message: dict[str, Any]) -> str:
    """The text of one message. Where it was a template of its own, a step before writes it."""
    context = selector(mapping(here.node.data.get("context")).get("variable_selector"))
    if text(message.get("edition_type")) == "jinja2" and text(message.get("jinja2_text")):
        return _written(here, text(message["jinja2_text"]), context)
    words = text(message.get("text"))
    return template(here, words.replace(_HISTORY, ""), {"context": _context(here, context)})


def _context(here: Here, context: list[str]) -> str:
    """What was found, for a prompt: of a search the passages with their numbers."""
    node = here.work.source.nodes.get(context[0]) if context else None
    if node is not None and node.kind == "knowledge-retrieval":
        return f"{here.work.ids[node.id]}.text"
    return path_of(here, context) or ""


def _written(here: Here, words: str, context: list[str]) -> str:
    config = mapping(here.node.data.get("prompt_config"))
    inputs = [{"name": text(each.get("variable")), "value": value(here, each.get("value_selector"))}
              for each in mappings(config.get("jinja2_variables"))]  # fmt: skip
    if "{{#context#}}" in words:
        words = words.replace("{{#context#}}", "{{ context }}")
        inputs.append({"name": "context", "value": reference(_context(here, context))})
    made = Made("data.template", {"inputs": inputs, "template": words, "missing": "empty"})
    return reference(f"{here.work.put_before(here.step, made, f'{here.step}_prompt')}.output")


def classify(here: Here) -> Made:
    """One of several classes, each with a way out."""
    data = here.node.data
    given = mappings(data.get("classes")) or mappings(data.get("topics"))
    ids = list(dict.fromkeys(text(each.get("id")) for each in given if text(each.get("id"))))
    exits = exit_names(ids)
    classes: dict[str, dict[str, Any]] = {}
    for each in given:
        name = exits.get(text(each.get("id")))
        if name and name not in classes:
            classes[name] = {"id": name, "name": template(here, each.get("name")) or name}
    settings: dict[str, Any] = {"text": value(here, data.get("query_variable_selector"), "text") or ""}
    settings |= model(here, data.get("model"))
    settings["classes"] = list(classes.values())
    if told := template(here, data.get("instruction") or data.get("instructions")):
        settings["instruction"] = told
    tuned(here, {"completion_params": {name: each for name, each in mapping(
        mapping(data.get("model")).get("completion_params")).items() if name != "temperature"}})  # fmt: skip
    _leave_out_memory(here)
    return Made("ai.classify", settings, exits=exits)


def extract(here: Here) -> Made:
    """Named values out of a text."""
    data = here.node.data
    settings: dict[str, Any] = {"text": value(here, data.get("query"), "text") or ""}
    settings |= model(here, data.get("model"))
    settings["parameters"] = [_parameter(here, each) for each in mappings(data.get("parameters"))]
    if told := template(here, data.get("instruction")):
        settings["instruction"] = told
    _leave_out_memory(here)
    return Made("ai.extract", settings)


def _parameter(here: Here, given: dict[str, Any]) -> dict[str, Any]:
    name, theirs = text(given.get("name")), text(given.get("type")).lower()
    kind = _PARAMETERS.get(theirs)
    if kind is None:
        kind = "texts" if theirs.startswith("array") else "text"
        here.lose("setting_left_out", f"“{here.called}” took “{name[:60]}” as “{theirs[:40]}”.",
                  "It takes text now.", "parameters")  # fmt: skip
    options = texts(given.get("options"))
    if kind == "choice" and not options:
        kind = "text"
    made: dict[str, Any] = {
        "name": name if _IDENTIFIER.fullmatch(name) else slug(name) or "value",
        "kind": kind,
        "description": template(here, given.get("description")),
        "required": yes(given.get("required")),
    }
    return made | ({"options": options} if kind == "choice" else {})


def _leave_out_memory(here: Here) -> None:
    data = here.node.data
    if isinstance(data.get("memory"), dict) and yes(mapping(mapping(data["memory"]).get("window")).get("enabled")):
        _forget(here, mapping(data["memory"]))
    if yes(mapping(data.get("vision")).get("enabled")):
        here.lose("setting_left_out", f"“{here.called}” showed pictures to the model.", "Only words are sent here.")


def search(here: Here) -> Made:
    """Passages of knowledge bases. Which ones, a person chooses again: their names are sealed in the file."""
    data = here.node.data
    sets = [text(each) for each in listed(data.get("dataset_ids") or data.get("control_space_ids"))]
    bases = [slug(each, "-")[:40] if len(each) <= 40 else f"knowledge-base-{at + 1}" for at, each in enumerate(sets)]
    here.say("base_to_choose", f"“{here.called}” searched {len(sets) or 'no'} knowledge base(s) of the other product.",
             "Choose those to search here.", "bases")  # fmt: skip
    settings: dict[str, Any] = {"bases": [each or "knowledge-base" for each in dict.fromkeys(bases)]}
    settings["query"] = value(here, data.get("query_variable_selector"), "query") or ""
    several = mapping(data.get("multiple_retrieval_config"))
    if several.get("top_k") is not None or data.get("top_n") is not None:
        settings["limit"] = whole(several.get("top_k", data.get("top_n")), 4, 1, 20)
    least = number(several.get("score_threshold", data.get("score_threshold")))
    if least is not None and yes(several.get("score_threshold_enabled"), otherwise=True):
        settings["min_score"] = max(0, min(1, least))
    else:
        settings["min_score"] = 0
    here.drop("reranking_enable", several.get("reranking_enable"), "ranking the passages by another model")
    mode = text(data.get("metadata_filtering_mode"))
    here.drop("metadata", mode not in ("", "disabled"), "choosing documents by what is known of them")
    return Made("knowledge.search", settings)


def agent(here: Here) -> Made:
    """A model with tools."""
    given = mapping(here.node.data.get("agent_parameters"))
    said = {name: mapping(each).get("value") if isinstance(each, dict) else each for name, each in given.items()}
    settings: dict[str, Any] = model(here, _agent_model(said.get("model")))
    settings["instruction"] = _said(here, said.get("instruction"))
    settings["query"] = _said(here, said.get("query")) or _asked(here)
    settings["strategy"] = text(here.node.data.get("agent_strategy_name"))[:200]
    settings["tools"] = mappings(said.get("tools"))[:100]
    settings["most_rounds"] = whole(said.get("maximum_iterations"), 5, 1, 100)
    for name, each in said.items():
        if name not in ("model", "instruction", "query", "tools", "maximum_iterations"):
            here.drop(name, each)
    _leave_out_memory(here)
    here.lose("setting_left_out", f"“{here.called}” is an agent: a later version runs it.")
    return Made("ai.agent", {name: each for name, each in settings.items() if each not in ("", [])})


def _agent_model(given: Any) -> dict[str, Any]:
    found = mapping(given)
    return {"provider": found.get("provider"), "name": found.get("model") or found.get("name")}


def _said(here: Here, given: Any) -> str:
    if isinstance(given, list):
        return value(here, given) or ""
    return template(here, given)


def _asked(here: Here) -> str:
    """What an agent without a task is asked: the message of a chat, else the first input there is."""
    if here.work.source.chat:
        return reference(f"{here.work.start}.message")
    return next((reference(f"{here.work.start}.{name}") for name in here.work.inputs), "")
