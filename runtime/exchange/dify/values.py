"""Steps that compute: code, templates, lists, text out of files."""

from __future__ import annotations

import re
from typing import Any

from nodes.sdk.named import PYTHON_MODULES
from runtime.exchange.dify.branches import asked_of_entries
from runtime.exchange.dify.containers import kind_of
from runtime.exchange.dify.references import FILE, is_list, reference, template, value
from runtime.exchange.dify.work import Here, Made
from runtime.exchange.loose import mapping, mappings, text, whole, yes

_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import|import[ \t]+([\w., \t]+))", re.MULTILINE)
_KNOWN = PYTHON_MODULES | {"__future__"}
SECONDS = 15


def given(here: Here) -> list[dict[str, Any]]:
    """The values code or a template gets, by name."""
    return [
        {"name": text(each.get("variable")), "value": value(here, each.get("value_selector"), "inputs")}
        for each in mappings(here.node.data.get("variables"))
    ]


def code(here: Here) -> Made:
    """Code in Python or JavaScript."""
    data = here.node.data
    written, language = text(data.get("code")), text(data.get("code_language")).lower()
    script = "javascript" if language.startswith(("java", "node", "js")) else "python"
    outputs = [
        {"name": name, "kind": kind_of(mapping(each).get("type") or each)}
        for name, each in mapping(data.get("outputs")).items()
    ]
    if script == "python" and (missing := _unknown_imports(written)):
        sentence = f"The code of “{here.called}” imports {', '.join(missing)[:200]}, which the cage does not have."
        here.lose("code_may_fail", sentence, "Write it without, or call a service that does it.", "code")
    here.drop("dependencies", data.get("dependencies"), "installing libraries")
    return Made("data.code", {"inputs": given(here), "language": script, "code": written, "outputs": outputs,
                              "seconds": SECONDS})  # fmt: skip


def _unknown_imports(written: str) -> list[str]:
    names = [name for whole, several in _IMPORT.findall(written) for name in ([whole] if whole else several.split(","))]
    asked = {name.strip().split(" ")[0] for name in names} - {""}
    return sorted({name.split(".")[0] for name in asked if not {name, name.split(".")[0]} & _KNOWN})


def write(here: Here) -> Made:
    """A template."""
    return Made("data.template", {"inputs": given(here), "template": text(here.node.data.get("template")),
                                  "missing": "empty"})  # fmt: skip


def arrange(here: Here) -> Made:
    """Filter, take one, sort, shorten; in this order."""
    data = here.node.data
    filtered, one, order, limit = (mapping(data.get(each)) for each in ("filter_by", "extract_by", "order_by", "limit"))
    settings: dict[str, Any] = {"entries": value(here, data.get("variable"), "entries"), "rules": "exact"}
    if yes(filtered.get("enabled")):
        settings["keep"] = asked_of_entries(here, mappings(filtered.get("conditions")))
    if yes(one.get("enabled")):
        serial = template(here, one.get("serial")) if isinstance(one.get("serial"), str) else one.get("serial")
        size = whole(limit.get("size"), 1, 0, 1) if yes(limit.get("enabled")) else 1
        return Made("data.lists", settings | {"take": "part", "start": serial or 1, "size": size})
    if yes(order.get("enabled")):
        key = FILE.get(text(order.get("key")), text(order.get("key")))
        down = text(order.get("value")).lower() == "desc"
        settings["sort"] = [({"by": key} if key else {}) | ({"direction": "down"} if down else {})]
    if yes(limit.get("enabled")):
        settings |= {"take": "first", "size": whole(limit.get("size"), 10, 0, 1_000_000)}
    return Made("data.lists", settings)


def read(here: Here) -> Made:
    """The text of a file; of several, each by itself."""
    chosen = here.node.data.get("variable_selector")
    if not is_list(here.node):
        return Made("data.read_file", {"file": value(here, chosen, "file") or ""})
    inner = here.work.put_inside(
        here.step, Made("data.read_file", {"file": reference(f"{here.step}.item")}), f"{here.step}_one"
    )
    here.notes.append("Each file is read by a step of its own inside.")
    return Made("flow.each", {"items": value(here, chosen, "items"), "result": reference(f"{inner}.text")})
