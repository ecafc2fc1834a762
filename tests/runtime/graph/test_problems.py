import ast
from pathlib import Path

from runtime.graph import problems
from runtime.graph.document import Edge
from runtime.graph.problems import CODES, Problem, errors

FOLDER = Path(problems.__file__).parent


def words_of(path):
    """Every text in a source file that is no docstring."""
    return {node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)}


def test_every_code_is_used_somewhere_and_has_a_meaning():
    doors = FOLDER.parent / "operations"  # these know what there is and whose it is, and tell it as this package tells
    beside = [doors / "passages.py", doors / "connected.py"]
    used = set().union(*(words_of(path) for path in (*beside, *FOLDER.glob("*.py")) if path.name != "problems.py"))
    assert not CODES.keys() - used
    assert all(meaning.endswith(".") for meaning in CODES.values())


def test_every_problem_has_a_code_from_the_list():
    called = [
        node.args[0].value
        for path in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        if getattr(node.func, "id", getattr(node.func, "attr", "")) in {"Problem", "note", "refuse", "stop"}
    ]
    assert len(called) > 50
    assert not set(called) - CODES.keys()


def test_a_problem_is_data_for_programs():
    problem = Problem("cycle", "Round.", step="a", edge=Edge.between("a.x", "b"))
    assert problem.as_dict() == {
        "code": "cycle",
        "sentence": "Round.",
        "hint": "",
        "severity": "error",
        "step": "a",
        "field": None,
        "edge": {"from": "a.x", "to": "b"},
    }
    assert errors([problem, Problem("dead_end", "x", severity="warning")]) == (problem,)
