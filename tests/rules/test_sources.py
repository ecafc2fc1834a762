"""How a source file looks, whoever wrote it."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from tests.rules.sources import PACKAGES, dotted, files, imported, modules, nodes, text, tree, works

LONGEST = 400
LONGER: dict[str, tuple[int, str]] = {}
"""path: (its lines, the reason). A file here may not grow, and leaves the list as soon as it fits."""

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "core", "manager", "managers", "common", "misc", "base"}
EVALUATORS = {"eval", "exec", "__import__"}
ELSEWHERE = re.compile(
    r"(?<![\w.~}])/(?:opt|root|home|Users|work)/[\w.]"  # a path of one machine
    r"|\b(?:index-url|find-links|trusted-host)\b(?!:)"
    r"|https?://[\w.-]*(?:artifactory|nexus|devpi|verdaccio|mirror|proxy)[\w.-]*"
)
PUBLIC_INDEXES = {"https://pypi.org/simple", "https://files.pythonhosted.org", "https://registry.npmjs.org"}


def none(found: Iterable[object], say: str) -> None:
    """Fails with what to do and all it found, one a line."""
    lines = sorted(str(each) for each in found)
    assert not lines, "\n".join([say, *lines])


def test_a_source_file_has_at_most_400_lines_or_a_reason():
    lengths = {path: text(path).count("\n") for path in files(".py", ".js", ".jsx", ".ts", ".tsx", ".css")}
    long = [path for path, lines in lengths.items() if lines > LONGER.get(str(path), (LONGEST, ""))[0]]
    none(long, "split these by concept, or give LONGER a reason")


def test_a_file_leaves_the_list_of_long_ones_when_it_fits():
    lengths = {str(path): text(path).count("\n") for path in files()}
    none([path for path in LONGER if lengths.get(path, 0) <= LONGEST], "take these off the list")


def test_no_file_is_named_by_a_word_that_says_nothing():
    none([path for path in files() if path.name.split(".")[0] in EMPTY_NAMES], "name these by the concept they hold")


def test_every_package_says_what_is_in_it():
    packages = [path for path in modules() if path.name == "__init__.py"]
    none([path for path in packages if not ast.get_docstring(tree(path))], "the docstring of a package is its map")


def test_every_folder_of_source_is_a_package():
    packages = {path.parent for path in modules() if path.name == "__init__.py"}
    none({path.parent for path in modules()} - packages, "these folders need an __init__.py with a docstring")


def test_nothing_is_evaluated():
    called = [
        f"{path}:{node.lineno} {node.func.id}"
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EVALUATORS
    ]
    none(called, "code of a person runs in the sandbox worker; data is parsed")


def test_connections_are_opened_by_the_egress_guard_alone():
    """Beside the packages that the contracts keep to it: the standard library has ways out of its own."""
    ways_out = {"open_connection", "create_connection", "create_datagram_endpoint", "sock_connect", "urlopen"}
    found = [
        f"{path}:{node.lineno} {ast.unparse(node.func)}"
        for path in modules()
        if path.parts[:2] != ("runtime", "egress")
        for node in nodes(path)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in ways_out
    ]
    found += [f"{path} urllib.request" for path in modules() if "urllib.request" in imported(path)]
    none(found, "what leaves goes through runtime/egress")


def test_what_is_typed_does_not_wait_for_the_server():
    """A text field with a `value` that a handler sets swallows the letters that come before its answer: give it a
    `default_value`, and a `key` that changes when it is to begin anew."""
    fields = {"search", "text_input", "paragraph_input", "input", "textarea"}
    waiting = [
        f"{path}:{node.lineno}"
        for path in modules("builder")
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in fields
        and {"value", "on_change"} <= {each.arg for each in node.keywords}
    ]
    none(waiting, "typing waits for the server in")


def test_no_registry_and_no_path_of_one_machine_is_committed():
    found = [
        f"{path}: {hit.group()}"
        for path in files()
        if path.name != "test_sources.py"
        for hit in ELSEWHERE.finditer(text(path))
    ]
    none(found, "a committed file is the same on every machine")


def test_the_locks_name_only_the_public_indexes():
    locks = [path for path in files() if path.name in {"uv.lock", "package-lock.json"}]
    address = r'(?:registry = |url = |"resolved": )"(https?://[^/"]+(?:/simple)?)'
    assert locks
    none({host for path in locks for host in re.findall(address, text(path))} - PUBLIC_INDEXES, "lock again without")


def test_every_node_and_every_file_of_the_runtime_has_a_test():
    taken = {name for path in files(".py") if path.parts[0] == "tests" for name in imported(path)}
    there = set(files(".py"))

    def tested(path: Path) -> bool:
        module = dotted(path)
        package = module.rpartition(".")[0]
        door = path.with_name("__init__.py")
        handed_on = {  # by its package, so that a test may take it from there
            f"{package}.{name.rpartition('.')[2]}"
            for name in (imported(door) if door in there else ())
            if name.startswith(f"{module}.")
        }
        own = "tests" / path.with_name(f"test_{path.stem}.py")
        return own in there or bool(taken & {module, *handed_on})

    working = [path for path in modules("nodes", "runtime") if path.name != "__init__.py" and works(path)]
    bare = [path for path in working if not tested(path)]
    none(bare, "tests/ mirrors the source: tests/<same folder>/test_<name>.py is missing for")


def test_every_room_of_the_builder_has_tests():
    rooms = {path.parts[1] for path in modules("builder") if len(path.parts) > 2}
    tested = {path.parts[2] for path in files(".py") if path.parts[:2] == ("tests", "builder")}
    none(rooms - tested, "tests/builder/<room>/ is missing for")


def test_every_folder_of_tests_mirrors_a_folder_of_source():
    rooms = {path.parent for path in modules()}
    tests = [path for path in files(".py") if path.parts[0] == "tests" and path.name.startswith("test_")]
    folders = {path.parent.relative_to("tests") for path in tests}
    none({each for each in folders if each.parts[0] in PACKAGES} - rooms, "no such source")


def test_an_effect_of_react_hands_nothing_back_by_accident():
    """What an effect returns React calls when it ends: `useEffect(() => editor.received(…))` broke the canvas on the
    day `received` returned something."""
    found = [
        f"{path}:{number}"
        for path in files(".jsx", ".js")
        if path.parts[0] == "builder"
        for number, line in enumerate(text(path).splitlines(), 1)
        if re.search(r"use(?:Layout)?Effect\(\(\) => [^{\s]", line)
    ]
    none(found, "write the body in braces, and return only a function that cleans up")
