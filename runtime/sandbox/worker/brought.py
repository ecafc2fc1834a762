"""What code asks for and the interpreter lacks: some modules of Python, `del`, and a few functions and methods.

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
_GLANCE = (
    *(each.partition(".")[0] for each in MODULES), "OrderedDict", "del ", ".sub(", ".utcnow", ".today", "timestamp(",
    ".translate(", ".maketrans(", "default=",
)  # fmt: skip
"""source without any of these words needs nothing"""
_METHODS = "methods"
_ROUNDS = 20
"""how deep what is changed may stand in one another: the innermost is changed first"""
_OF_DATETIME = {"utcnow": "utcnow__", "utcfromtimestamp": "fromtimestamp__", "fromtimestamp": "fromtimestamp__",
                "today": "today__"}  # fmt: skip
"""what the class `datetime` lacks"""


class Brought(NamedTuple):
    """What runs first, and the source as the interpreter can read it."""

    before: str
    source: str


class _Change(NamedTuple):
    """Another text from a byte to a byte, and one more that is put in behind it."""

    start: int
    end: int
    text: str
    at: int = -1
    before: str = ""


def texts() -> dict[str, str]:
    """The modules, each as something that runs before the source; read once, before the cage is shut."""
    folder = files("runtime.sandbox.worker.modules")
    read = {name: (folder / f"{_file(name)}.monty").read_text("utf-8") for name in (*MODULES, _METHODS)}
    return {name: text if name == _METHODS else _made(name, text) for name, text in read.items()}


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
    needed: set[str] = set()
    for _ in range(_ROUNDS):
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            break
        reading = _Reading(source)
        reading.read(tree)
        if not reading.changes:
            break
        needed |= reading.needed
        source = reading.changed()
    return Brought("".join(modules[name] for name in modules if name in needed), source)


class _Reading:
    """Finds what has to be said otherwise, and says it."""

    def __init__(self, source: str) -> None:
        self.body = source.encode()
        self.starts = [0]
        for line in self.body.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.changes: list[_Change] = []
        self.needed: set[str] = set()
        self.functions: set[str] = set()
        self.datetimes = {"datetime.datetime"}
        """how the code calls the class `datetime`"""

    def read(self, tree: ast.Module) -> None:
        nodes = list(ast.walk(tree))
        self.functions = {each.name for each in nodes if isinstance(each, ast.FunctionDef)}
        self.functions |= {
            target.id for each in nodes if isinstance(each, ast.Assign) and isinstance(each.value, ast.Lambda)
            for target in each.targets if isinstance(target, ast.Name)
        }  # fmt: skip
        for each in nodes:
            if isinstance(each, ast.ImportFrom) and each.module == "datetime":
                self.datetimes |= {one.asname or one.name for one in each.names if one.name == "datetime"}
            elif isinstance(each, ast.Import):
                known = [one.asname or one.name for one in each.names if one.name == "datetime"]
                self.datetimes |= {f"{one}.datetime" for one in known}
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
                case ast.Call(func=ast.Attribute() as function):
                    self.calls(node, function)
                case _:
                    pass

    def at(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def text(self, node: ast.expr) -> str:
        start = self.at(node.lineno, node.col_offset)
        return self.body[start : self.at(node.end_lineno or 0, node.end_col_offset or 0)].decode()

    def change(self, node: ast.stmt | ast.expr, text: str, behind: ast.expr | None = None, before: str = "") -> None:
        """Another text in the place of a node; the lines behind it keep their numbers."""
        last = node.end_lineno or node.lineno
        start, end = self.at(node.lineno, node.col_offset), self.at(last, node.end_col_offset or 0)
        at = self.at(behind.lineno, behind.col_offset) if behind is not None else end
        self.changes.append(_Change(start, end, text + "\n" * (last - node.lineno), at, before))

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
        self.helped(function, "sub__", None if own else node.args[0])

    def calls(self, node: ast.Call, function: ast.Attribute) -> None:
        """A method the interpreter lacks."""
        whose, name = self.text(function.value), function.attr
        if name in _OF_DATETIME and whose in self.datetimes:
            self.helped(function, _OF_DATETIME[name])
        elif (whose, name) == ("str", "maketrans"):
            self.helped(function, "maketrans__")
        elif name == "translate" and len(node.args) == 1 and not node.keywords:
            self.helped(function, "translate__", node.args[0])
        elif name == "dumps" and any(each.arg == "default" for each in node.keywords):
            self.helped(function, "dumps__")

    def helped(self, function: ast.Attribute, name: str, before: ast.expr | None = None) -> None:
        """A function in the place of a method; whose method it was stands `before` what is given."""
        self.needed.add(_METHODS)
        self.change(function, name, before, f"{self.text(function.value)}, " if before is not None else "")

    def changed(self) -> str:
        """The source with those changes that hold no other; the others come in the next round."""
        body = self.body
        ordered = sorted(self.changes, key=lambda each: (each.start, -each.end))
        behind = [*(each.start for each in ordered[1:]), len(body) + 1]
        inner = [each for each, start in zip(ordered, behind, strict=True) if start >= each.end]
        pieces = [(each.start, each.end, each.text) for each in inner]
        pieces += [(each.at, each.at, each.before) for each in inner if each.before]
        for start, end, text in sorted(pieces, reverse=True):
            body = body[:start] + text.encode() + body[end:]
        return body.decode()
