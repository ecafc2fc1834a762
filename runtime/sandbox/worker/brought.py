"""What code asks for and the interpreter lacks: some modules of Python, `del`, and a function given to `re.sub`.

The source is changed as little as can be, line by line at its place, so that every line keeps its number: an import of
such a module becomes an assignment, and what it stands for runs before the source. Source without any of this is left
as it is, without being looked at closely.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

MODULES = (
    "hmac", "html", "logging", "operator", "statistics", "string", "textwrap", "traceback", "urllib.parse", "uuid",
)  # fmt: skip
_NAMES = {"collections.OrderedDict": "dict", "typing.OrderedDict": "dict"}
"""names a module of the interpreter lacks, and what does the same"""
_GLANCE = (*(each.partition(".")[0] for each in MODULES), "OrderedDict", "del ", ".sub(")
"""source without any of these words needs nothing"""
_SUB = """
def sub__(pattern, repl, string, count=0, flags=0):
    import re as re__
    if isinstance(pattern, str):
        pattern = re__.compile(pattern, flags)
    pieces, at, done = [], 0, 0
    for found in pattern.finditer(string):
        if count and done == count:
            break
        pieces.append(string[at:found.start()])
        pieces.append(repl(found))
        at, done = found.end(), done + 1
    return "".join(pieces) + string[at:]
"""


class Brought(NamedTuple):
    """What runs first, and the source as the interpreter can read it."""

    before: str
    source: str


class _Change(NamedTuple):
    start: int
    end: int
    text: str


def texts() -> dict[str, str]:
    """The modules, each as something that runs before the source; read once, before the cage is shut."""
    folder = files("runtime.sandbox.worker.modules")
    return {name: _made(name, (folder / f"{_file(name)}.monty").read_text("utf-8")) for name in MODULES}


def _file(name: str) -> str:
    return name.replace(".", "_")


def _made(name: str, text: str) -> str:
    """A module as an object, with its names as attributes; none of them is seen by the code."""
    tree = ast.parse(text)
    names = [found for each in tree.body for found in _bound(each) if not found.startswith("_")]
    lines = [f"def {_called(name)}():", *(f"    {line}" if line else "" for line in text.split("\n"))]
    lines += ["    class Module:", "        pass", "    made = Module()"]
    lines += [f"    made.{each} = {each}" for each in names]
    return "\n".join([*lines, "    return made", f"{_called(name)} = {_called(name)}()", ""])


def _bound(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            for target in targets:
                yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))
        case _:
            pass


def _called(name: str) -> str:
    return f"{_file(name)}__"


def brought(source: str, modules: dict[str, str]) -> Brought:
    """The source with what it needs. Source that nobody can read is left as it is: the interpreter says why."""
    if not any(each in source for each in _GLANCE):
        return Brought("", source)
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Brought("", source)
    reading = _Reading(source)
    reading.read(tree)
    before = [modules[name] for name in modules if name in reading.needed]
    return Brought("".join([*before, _SUB if reading.subs else ""]), reading.changed())


class _Reading:
    """Finds what has to be said otherwise, and says it."""

    def __init__(self, source: str) -> None:
        self.body = source.encode()
        self.starts = [0]
        for line in self.body.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.changes: list[_Change] = []
        self.needed: set[str] = set()
        self.subs = False
        self.functions: set[str] = set()

    def read(self, tree: ast.Module) -> None:
        nodes = list(ast.walk(tree))
        self.functions = {each.name for each in nodes if isinstance(each, ast.FunctionDef)}
        self.functions |= {
            target.id for each in nodes if isinstance(each, ast.Assign) and isinstance(each.value, ast.Lambda)
            for target in each.targets if isinstance(target, ast.Name)
        }  # fmt: skip
        for node in nodes:
            match node:
                case ast.Import():
                    self.imports(node)
                case ast.ImportFrom(module=str(), level=0):
                    self.imports_from(node)
                case ast.Delete():
                    self.deletes(node)
                case ast.Call(func=ast.Attribute(attr="sub") as function):
                    self.substitutes(node, function)
                case _:
                    pass

    def at(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def text(self, node: ast.expr) -> str:
        start = self.at(node.lineno, node.col_offset)
        return self.body[start : self.at(node.end_lineno or 0, node.end_col_offset or 0)].decode()

    def change(self, node: ast.stmt | ast.expr, text: str) -> None:
        """Another text in the place of a node; the lines behind it keep their numbers."""
        last = node.end_lineno or node.lineno
        start, end = self.at(node.lineno, node.col_offset), self.at(last, node.end_col_offset or 0)
        self.changes.append(_Change(start, end, text + "\n" * (last - node.lineno)))

    def imports(self, node: ast.Import) -> None:
        if not any(each.name in MODULES or each.name == "urllib" for each in node.names):
            return
        said: list[str] = []
        for each in node.names:
            if each.name in ("urllib", "urllib.parse"):
                self.needed.add("urllib.parse")
                whole = (
                    f"{_called('urllib.parse')}.parse = {_called('urllib.parse')}"  # found in itself, as `urllib.parse`
                )
                name = each.asname or "urllib"
                said += [whole, f"{name} = {_called('urllib.parse')}"]
            elif each.name in MODULES:
                self.needed.add(each.name)
                said.append(f"{each.asname or each.name} = {_called(each.name)}")
            else:
                said.append(f"import {each.name}" + (f" as {each.asname}" if each.asname else ""))
        self.change(node, "; ".join(said))

    def imports_from(self, node: ast.ImportFrom) -> None:
        module = "urllib.parse" if node.module == "urllib" and [each.name for each in node.names] == ["parse"] else ""
        if module:
            self.needed.add(module)
            self.change(node, f"{node.names[0].asname or 'parse'} = {_called(module)}")
            return
        known = node.module in MODULES
        if not known and not any(f"{node.module}.{each.name}" in _NAMES for each in node.names):
            return
        said: list[str] = []
        for each in node.names:
            name = each.asname or each.name
            if known and each.name != "*":
                self.needed.add(node.module or "")
                said.append(f"{name} = {_called(node.module or '')}.{each.name}")
            elif (other := _NAMES.get(f"{node.module}.{each.name}")) is not None:
                said.append(f"{name} = {other}")
            else:
                said.append(f"from {node.module} import {each.name}" + (f" as {each.asname}" if each.asname else ""))
        self.change(node, "; ".join(said))

    def deletes(self, node: ast.Delete) -> None:
        said: list[str] = []
        for each in node.targets:
            match each:
                case ast.Name(id=name):
                    said.append(f"{name} = None")
                case ast.Subscript(value=value, slice=key) if not isinstance(key, ast.Slice):
                    said.append(f"{self.text(value)}.pop({self.text(key)})")
                case _:
                    return
        self.change(node, "; ".join(said))

    def substitutes(self, node: ast.Call, function: ast.Attribute) -> None:
        """`re.sub(pattern, function, text)`, and `pattern.sub(function, text)`."""
        own = isinstance(function.value, ast.Name) and function.value.id == "re"
        given = node.args[1] if own and len(node.args) > 1 else node.args[0] if not own and node.args else None
        named = next((each.value for each in node.keywords if each.arg == "repl"), given)
        if not (isinstance(named, ast.Lambda) or (isinstance(named, ast.Name) and named.id in self.functions)):
            return
        self.subs = True
        pattern = "" if own else self.text(function.value)
        self.change(function, "sub__")
        if pattern and node.args:
            start = self.at(node.args[0].lineno, node.args[0].col_offset)
            self.changes.append(_Change(start, start, f"{pattern}, "))

    def changed(self) -> str:
        """The source with all changes; one inside another is left for the interpreter to refuse."""
        body, end = self.body, len(self.body)
        for each in sorted(self.changes, reverse=True):
            if each.end <= end:
                body = body[: each.start] + each.text.encode() + body[each.end :]
                end = each.start
        return body.decode()
