"""Hostile texts in the settings of every step type, and the rule that from a text field no evaluator is in reach."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import grimp
import pytest
from pydantic import ValidationError

from nodes.catalogue import load
from nodes.sdk import Dynamic, Effect, Node
from nodes.sdk.fields import Verbatim
from runtime.graph.binding import bind
from runtime.graph.marks import Marks
from runtime.graph.references import parse_template
from runtime.sandbox.limited import Limits, run_limited
from tests.hostile.house import NAME, SECRET, house
from tests.hostile.payloads import BOMBS, ESCAPES
from tests.hostile.running import CAGED, WORDLESS
from tests.hostile.settings import narrowed, settings_of
from tests.hostile.test_readers import SLOW_S
from tests.rules.sources import HOUSE, files, text, tree

NODES: dict[str, type[Node]] = dict(load().types)
LOADED = """
import sys, runtime.assembly
print([each for each in sys.modules if each.split(".")[0] in {"jinja2", "quickjs", "_quickjs", "pydantic_monty"}])
"""
TEXTS = [*ESCAPES.values(), *BOMBS.values()]
EVALUATORS = ("runtime.sandbox.worker", "jinja2", "_quickjs", "pydantic_monty")


@pytest.mark.slow
@pytest.mark.parametrize("type_id", NODES)
def test_no_setting_of_any_step_evaluates_what_is_written_in_it(type_id, tmp_path, monkeypatch):
    node, valid = NODES[type_id], 0
    with house(tmp_path, monkeypatch) as canaries:
        for each in TEXTS:
            written = canaries.armed(each)
            for settings in narrowed(node, settings_of(node, written)):
                try:
                    made = node.model_validate(settings)
                except ValidationError:
                    continue
                valid += 1
                said = [made.troubles(), made.explain(), made.outputs(), made.exits(), made.draws(), made.reaches()]
                assert canaries.harm(said) == [], each
    assert valid or not settings_of(node, "a")


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> dict[str, Any]:
    """What came of running every step type with every text, in a child that may read the canary's file."""
    file = tmp_path_factory.mktemp("canary") / "secret.txt"
    file.write_text(SECRET)
    armed = {"@FILE@": str(file), "@PORT@": "1", "@NAME@": NAME}
    limits = Limits(seconds=240, memory=1_500_000_000)
    return json.loads(
        run_limited("tests.hostile.running", json.dumps(armed).encode(), limits, also=[HOUSE / "tests", file])
    )


@pytest.mark.slow
def test_every_step_runs_on_hostile_texts_to_a_value_or_to_an_error_in_words(ran):
    assert set(ran) == set(NODES)
    assert {type_id: wrong for type_id, (_, _, wrong) in ran.items() if wrong} == {}
    assert {
        type_id: times for type_id, (times, _, _) in ran.items() if times < 60 and type_id not in CAGED | WORDLESS
    } == {}
    assert {type_id: slowest for type_id, (_, slowest, _) in ran.items() if slowest > SLOW_S} == {}


@pytest.mark.parametrize(
    "given", ["{{ b.c }}", "{{ 7 * 7 }}", "{% for a in b %}", "\\{{ a }}", "}}", "{{", "${a}", "%s"]
)
def test_a_value_that_is_put_into_a_text_is_never_looked_at_again(given):
    template = parse_template("[{{ a.text }}|{{ a.text | upper }}]")
    assert not template.mistakes
    binding = bind({"text": "[{{ a.text }}]"}, Marks(fields=(("text", Marks(Dynamic.TEXT, str)),)))
    asked: list[Any] = []

    def read(*where: Any) -> Any:
        asked.append(where)
        return given

    assert binding.make is not None
    assert binding.make(read) == {"text": f"[{given}]"}
    assert len(asked) == 1


def uses_of_the_sandbox() -> dict[str, list[ast.Call]]:
    """Files of step types → their calls of `ctx.sandbox.run`."""
    found: dict[str, list[ast.Call]] = {}
    for path in files(".py"):
        if path.parts[0] != "nodes" or "sandbox" not in text(path):
            continue
        calls = [
            each
            for each in ast.walk(tree(path))
            if isinstance(each, ast.Call) and ast.unparse(each.func).endswith("sandbox.run")
        ]
        if calls:
            found[str(path)] = calls
    return found


def test_what_is_run_as_code_is_a_setting_marked_as_code_and_nothing_else():
    uses = uses_of_the_sandbox()
    assert set(uses) == {"nodes/data/code.py", "nodes/data/calculate.py", "nodes/data/template.py"}, "a new evaluator?"
    for path, calls in uses.items():
        node = NODES[path.removeprefix("nodes/").removesuffix(".py").replace("/", ".")]
        for call in calls:
            source = ast.unparse(call.args[1]).removesuffix(".strip()")
            assert source.startswith("self."), f"{path}: only a setting as it is written may be run, not {source}"
            marks = node.model_fields[source.removeprefix("self.")].metadata
            assert any(isinstance(each, Verbatim) for each in marks), f"{path}: {source} is no Source field"


def test_a_setting_marked_as_code_takes_no_references():
    for node in NODES.values():
        for each in node.model_fields.values():
            if any(isinstance(mark, Verbatim) for mark in each.metadata):
                assert not any(isinstance(mark, Dynamic) for mark in each.metadata)


def test_every_step_that_uses_the_sandbox_says_so_to_the_reviewer():
    for type_id, node in NODES.items():
        if "ctx.sandbox" in text(Path("nodes", *type_id.split(".")).with_suffix(".py")):
            assert Effect.COMPUTE in node.effects, type_id


def test_from_a_text_field_no_evaluator_is_in_reach():
    graph = grimp.build_graph("runtime", "nodes", include_external_packages=True)
    known = [each for each in EVALUATORS if each in graph.modules]
    assert len(known) == len(EVALUATORS)
    texts = [each for each in graph.modules if each.split(".")[0] == "nodes" or each.startswith("runtime.graph")]
    assert len(texts) > 40
    for evaluator in known:
        near = graph.find_downstream_modules(evaluator, as_package=evaluator.startswith("runtime"))
        assert near & set(texts) == set(), f"these come to {evaluator}"


@pytest.mark.slow
def test_the_evaluators_are_loaded_in_no_process_of_ours():
    command = [sys.executable, "-c", LOADED]
    told = subprocess.run(command, cwd=HOUSE, check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"
