"""The public code steps of Dify's workflows, each run in our sandbox on inputs of the kinds it asks for.

`python -m tests.conformance.code_steps` prints how many run, and why the others do not. Nobody wrote down with what
inputs they were meant to be run, so several are tried: texts of different forms, numbers, lists and objects. What code
says of an input it was not made for is its author's matter; what counts is that our sandbox knows what the code uses.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from nodes.data.code import Code
from nodes.sdk import StepFailed
from tests.support.context import run_step

PUBLIC = Path(__file__).parents[2] / "../shared/dify"
KINDS = {
    "string": "text", "number": "number", "boolean": "yes_no", "object": "object", "array[string]": "texts",
    "array[number]": "numbers", "array[boolean]": "yes_nos", "array[object]": "objects",
}  # fmt: skip
ELSEWHERE = {
    "requests": "network", "httpx": "network", "urllib.request": "network", "socket": "network", "aiohttp": "network",
    "pandas": "heavy library", "numpy": "heavy library", "matplotlib": "heavy library", "sympy": "heavy library",
    "scipy": "heavy library", "jieba": "heavy library", "openpyxl": "heavy library", "bs4": "heavy library",
    "docx": "heavy library", "lxml": "heavy library", "yaml": "heavy library", "pytz": "heavy library",
}  # fmt: skip
"""what code may not bring: a library that talks to the network, or one that is not part of the language"""
_IMPORT = re.compile(r"^\s*(?:from\s+([\w.]+)\s+import|import\s+([\w., ]+))", re.MULTILINE)
_JSON_OBJECT = '{"name": "Ada", "items": [{"id": 1, "title": "One", "content": "x", "url": "https://a.example"}]}'
_TEXTS = (
    "Hello Ada, 12 apples.\nSecond line",
    _JSON_OBJECT,
    '[{"id": 1, "title": "One", "text": "x"}, {"id": 2, "title": "Two", "text": "y"}]',
    '```json\n{"a": "1", "b": ["x"]}\n```',
    "3",
    "2026-11-03",
    "https://a.example/b?c=1",
    "<think>hm</think>done",
)
_OBJECT = {"name": "Ada", "id": 1, "title": "One", "content": "x", "text": "x", "url": "https://a.example"}
_OTHERS: dict[str, tuple[Any, ...]] = {
    "number": (3, 0.5),
    "boolean": (True,),
    "object": (_OBJECT, {}),
    "array[string]": (["a", "b"], ["1"], [_JSON_OBJECT]),
    "array[number]": ([1, 2.5],),
    "array[boolean]": ([True],),
    "array[object]": ([_OBJECT], []),
    "file": ({"name": "a.pdf"},),
    "array[file]": ([{"name": "a.pdf"}],),
    "any": ([_OBJECT], ["a"], {"a": [1]}, 3),
}
_TRIES = 24


@dataclass(frozen=True)
class CodeStep:
    """One code step as the file has it."""

    file: str
    id: str
    language: str
    code: str
    outputs: dict[str, str]
    inputs: dict[str, str]
    """kinds by name; `any` where nobody can tell"""

    @property
    def imports(self) -> list[str]:
        """Modules it names."""
        found = [one or more for one, more in _IMPORT.findall(self.code)] if self.language == "python" else []
        return sorted({each.strip().split(" as ")[0] for names in found for each in names.split(",")})

    @property
    def elsewhere(self) -> str:
        """What it needs that no sandbox gives; empty where it needs nothing."""
        if self.language == "javascript":
            return "network" if re.search(r"\bfetch\(|require\(|XMLHttpRequest", self.code) else ""
        needs = {f"{ELSEWHERE[name]} {name}" for each in self.imports for name in _roots(each) if name in ELSEWHERE}
        return ", ".join(sorted(needs))


@dataclass
class Outcome:
    """How a step fared: `ran`, `own` (it ran, and its code refused our inputs), `elsewhere`, or `refused` by us."""

    step: CodeStep
    kind: str
    why: str = ""
    tries: list[str] = field(default_factory=list)


def _roots(module: str) -> Iterator[str]:
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])


def collected() -> list[CodeStep]:
    """All code steps of the public files, each once."""
    found: dict[tuple[str, str], CodeStep] = {}
    for path in sorted((*PUBLIC.glob("corpus/*.y*ml"), *PUBLIC.glob("cases/**/*.y*ml"))):
        try:
            document = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            continue
        for step in _steps(path.name, document):
            found.setdefault((step.language, step.code), step)
    return list(found.values())


def _steps(file: str, document: Any) -> Iterator[CodeStep]:
    workflow = document.get("workflow") if isinstance(document, dict) else None
    nodes = ((workflow or {}).get("graph") or {}).get("nodes") or []
    known = {str(each.get("id")): each.get("data") or {} for each in nodes}
    variables = {
        each.get("name"): str(each.get("value_type", "any"))
        for where in ("environment_variables", "conversation_variables")
        for each in (workflow or {}).get(where) or []
    }
    for name, data in known.items():
        if data.get("type") != "code":
            continue
        inputs = {
            str(each["variable"]): _kind_of(each.get("value_selector") or [], known, variables)
            for each in data.get("variables") or []
            if each.get("variable")
        }
        outputs = {name: str((each or {}).get("type")) for name, each in (data.get("outputs") or {}).items()}
        language = "javascript" if data.get("code_language") == "javascript" else "python"
        yield CodeStep(file, name, language, str(data.get("code") or ""), outputs, inputs)


def _kind_of(selector: list[str], nodes: dict[str, dict[str, Any]], variables: dict[str, str]) -> str:
    """The kind of a value by what the step says that gives it."""
    if len(selector) < 2:
        return "any"
    source, name = str(selector[0]), str(selector[1])
    if source in ("env", "conversation"):
        return {"secret": "string", "integer": "number"}.get(found := variables.get(name, "any"), found)
    if source == "sys":
        return {"files": "array[file]", "dialogue_count": "number"}.get(name, "string")
    data = nodes.get(source) or {}
    match data.get("type"):
        case "start":
            kinds = {each.get("variable"): each.get("type") for each in data.get("variables") or []}
            found = kinds.get(name)
            return {"number": "number", "file": "file", "file-list": "array[file]", "checkbox": "boolean",
                    "json_object": "object"}.get(str(found), "string")  # fmt: skip
        case "code":
            return str(((data.get("outputs") or {}).get(name) or {}).get("type", "any"))
        case "llm" | "template-transform" | "question-classifier" | "document-extractor":
            return "string" if name in ("text", "output", "class_name") else "any"
        case "http-request":
            return {"body": "string", "status_code": "number"}.get(name, "any")
        case "tool":
            return {"text": "string", "json": "array[object]", "files": "array[file]"}.get(name, "any")
        case "knowledge-retrieval":
            return "array[object]"
        case _:
            return "any"


def _tries(step: CodeStep) -> Iterator[dict[str, Any]]:
    """Inputs of the kinds asked for, in several forms."""
    for number in range(_TRIES):
        given: dict[str, Any] = {}
        for name, kind in step.inputs.items():
            choices = _TEXTS if kind == "string" else _OTHERS.get(kind, (*_TEXTS, *_OTHERS["any"]))
            if kind == "any":
                choices = (*_OTHERS["any"], *_TEXTS)
            given[name] = choices[number % len(choices)]
        yield given
        if not step.inputs:
            return


_LACKS = (
    "ModuleNotFoundError", "ImportError", "NotImplementedError", "SyntaxError", "NameError", "is not defined",
    "has no attribute", "not supported", "not yet", "unexpected keyword", "takes no keyword", "not a function",
    "LookupError", "unknown encoding",
)  # fmt: skip
"""words of a failure that speak of the language and not of the value"""


async def tried(step: CodeStep) -> Outcome:
    """Run it with one set of inputs after the other, until it comes to a result."""
    if step.elsewhere:
        return Outcome(step, "elsewhere", step.elsewhere)
    if not step.code.strip() or not step.outputs:
        return Outcome(step, "elsewhere", "no code" if not step.code.strip() else "no outputs declared")
    kinds = {name: KINDS.get(kind, "any") for name, kind in step.outputs.items()}
    tries: list[str] = []
    for given in _tries(step):
        settings = {
            "language": step.language,
            "code": step.code,
            "inputs": [{"name": name, "value": value} for name, value in given.items()],
            "outputs": [{"name": name, "kind": kind} for name, kind in kinds.items()],
        }
        try:
            await run_step(Code, settings)
        except StepFailed as error:
            tries.append(f"{error.code}: {error.message}")
        else:
            return Outcome(step, "ran", tries=tries)
    counted = Counter(tries).most_common()
    lacking = [words for words, _ in counted if any(each in words for each in _LACKS)]
    if lacking:
        return Outcome(step, "refused", lacking[0], tries)
    return Outcome(step, "own", counted[0][0], tries)


async def _all() -> list[Outcome]:
    return [await tried(each) for each in collected()]


def main() -> int:
    """Print the counts, and each step that cannot run here; those that refused what we made up only with `--all`."""
    outcomes = asyncio.run(_all())
    for language in ("python", "javascript"):
        mine = [each for each in outcomes if each.step.language == language]
        counts = Counter(each.kind for each in mine)
        print(
            f"{language}: {len(mine)} public code steps: {counts['ran']} ran, {counts['own']} ran and refused the"
            f" inputs we made up, {counts['elsewhere']} need what no sandbox gives, {counts['refused']} refused by us"
        )
    for each in outcomes:
        if each.kind in ("elsewhere", "refused") or (each.kind == "own" and "--all" in sys.argv):
            print(f"  {each.kind}: {each.step.file[:60]} {each.step.id}: {each.why[:200]}")
    return 1 if any(each.kind == "refused" for each in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
