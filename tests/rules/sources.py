"""The files these rules look at: what git tracks or would track."""

import ast
import subprocess
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).parents[2]
PACKAGES = ("builder", "runtime", "nodes")


@cache
def files(*suffixes: str) -> list[Path]:
    """Paths from the root of the house, of files that end in one of `suffixes` (of all files without any)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE, check=True, capture_output=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    there = (Path(name) for name in sorted(set(listed)) if name and (HOUSE / name).is_file())
    return [path for path in there if not suffixes or path.suffix in suffixes]


def modules(*packages: str) -> list[Path]:
    """Python files of our packages."""
    return [path for path in files(".py") if path.parts[0] in (packages or PACKAGES)]


@cache
def text(path: Path) -> str:
    """What is in a file, nothing for a binary one."""
    try:
        return (HOUSE / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def tree(path: Path) -> ast.Module:
    """A Python file, parsed."""
    return ast.parse(text(path), filename=str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All that a Python file is made of; walked once, however many rules look at it."""
    return tuple(ast.walk(tree(path)))


def dotted(path: Path) -> str:
    """The name a module is imported by."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imported(path: Path) -> set[str]:
    """The dotted names a file imports: each module, and `module.name` for each name taken from one."""
    found: set[str] = set()
    for node in nodes(path):
        match node:
            case ast.Import(names=names):
                found |= {each.name for each in names}
            case ast.ImportFrom(module=str(module), names=names):
                found |= {module, *(f"{module}.{each.name}" for each in names)}
            case _:
                pass
    return found


def works(path: Path) -> bool:
    """Whether a module does anything; one of protocols, rows or constants only declares."""
    bodies = [node.body for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return any(not isinstance(statement, ast.Expr) for body in bodies for statement in body)
