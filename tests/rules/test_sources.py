"""How a source file looks, whoever wrote it."""

import ast
import re
from pathlib import Path

from tests.rules.sources import dotted, files, modules, text, tree

LONGEST = 400
LONGER: dict[str, tuple[int, str]] = {}
"""path: (its lines, the reason). A file here may not grow, and leaves the list as soon as it fits."""

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "core", "manager", "managers", "common", "misc", "base"}
EVALUATORS = {"eval", "exec", "__import__"}
ELSEWHERE = re.compile(
    r"file:///"
    r"|(?<![\w.~}])/(?:opt|root|home|Users|work)/[\w.]"  # a path of one machine
    r"|\b(?:index-url|find-links|trusted-host)\b(?!:)"
    r"|https?://[\w.-]*(?:artifactory|nexus|devpi|verdaccio|mirror|proxy)[\w.-]*"
)
PUBLIC_INDEXES = {"https://pypi.org/simple", "https://files.pythonhosted.org", "https://registry.npmjs.org"}


def test_a_source_file_has_at_most_400_lines_or_a_reason():
    long = {
        str(path): lines
        for path in files(".py", ".js", ".jsx", ".ts", ".tsx", ".css")
        if (lines := text(path).count("\n")) > LONGER.get(str(path), (LONGEST, ""))[0]
    }
    assert not long, "split these by concept, or give LONGER a reason"


def test_a_file_leaves_the_list_of_long_ones_when_it_fits():
    lengths = {str(path): text(path).count("\n") for path in files()}
    assert not [path for path in LONGER if lengths.get(path, 0) <= LONGEST]


def test_no_file_is_named_by_a_word_that_says_nothing():
    assert not [path for path in files() if EMPTY_NAMES & {part.split(".")[0] for part in path.parts}]


def test_every_package_says_what_is_in_it():
    silent = [path for path in modules() if path.name == "__init__.py" and not ast.get_docstring(tree(path))]
    assert not silent, "its docstring is the map of the package"


def test_every_folder_of_source_is_a_package():
    folders = {path.parent for path in modules()}
    assert not folders - {path.parent for path in modules() if path.name == "__init__.py"}


def test_nothing_is_evaluated():
    called = [
        f"{path}:{node.lineno} {node.func.id}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EVALUATORS
    ]
    assert not called, "code of a person runs in the sandbox worker; data is parsed"


def test_no_registry_and_no_path_of_one_machine_is_committed():
    found = [
        f"{path}: {hit.group()}"
        for path in files()
        if path.suffix not in {".woff2", ".svg"} and path.name != "test_sources.py"
        for hit in ELSEWHERE.finditer(text(path))
    ]
    assert not found


def test_the_locks_name_only_the_public_indexes():
    locks = [path for path in files() if path.name in {"uv.lock", "package-lock.json"}]
    hosts = {
        url
        for path in locks
        for url in re.findall(r'(?:registry = |url = |"resolved": )"(https?://[^/"]+(?:/simple)?)', text(path))
    }
    assert locks
    assert hosts <= PUBLIC_INDEXES


def test_every_node_and_every_file_of_the_runtime_has_a_test():
    tests = {path: text(path) for path in files(".py") if path.name.startswith("test_")}

    def tested(path: Path) -> bool:
        own = "tests" / path.with_name(f"test_{path.stem}.py")
        return own in tests or any(imports(content, dotted(path)) for content in tests.values())

    bare = [str(path) for path in modules("nodes", "runtime") if path.name != "__init__.py" and not tested(path)]
    assert not bare, "tests/ mirrors the source: tests/<same folder>/test_<name>.py"


def imports(content: str, module: str) -> bool:
    """Whether a test imports the module, in either way of writing it."""
    package, _, name = module.rpartition(".")
    either = rf"\b{re.escape(module)}\b|^from {re.escape(package)} import \(?[^)\n]*\b{name}\b"
    return bool(re.search(either, content, re.MULTILINE))


def test_every_room_of_the_builder_has_tests():
    rooms = {path.parts[1] for path in modules("builder") if len(path.parts) > 2}
    assert not rooms - {path.parts[2] for path in files(".py") if path.parts[:2] == ("tests", "builder")}


def test_every_folder_of_tests_mirrors_a_folder_of_source():
    rooms = {path.parent.parts for path in modules()}
    folders = {path.parent.parts[1:] for path in files(".py") if path.name.startswith("test_")}
    assert not {each for each in folders if each[:1] in {("builder",), ("runtime",), ("nodes",)}} - rooms
