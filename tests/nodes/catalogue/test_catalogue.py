"""The catalogue: one file is one step type, and a broken file harms nobody."""

import json
import sys
from pathlib import Path

import pytest

from nodes.catalogue import document, load

HOUSE = Path(__file__).parents[3]

GOOD = '''
"""A step."""
from nodes.sdk import Context, Example, Node, Output, Result, Text, field, output


class Shout(Node, label="Shout", icon="megaphone"):
    """Say it loud."""

    text: Text = field("Text")

    class Output(Output):
        """What was said."""

        text: str = output("The text in capitals")

    examples = (Example("Hello", settings={"text": "hello"}, output={"text": "HELLO"}),)

    async def run(self, ctx: Context) -> Result:
        return self.Output(text=self.text.upper())
'''


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A package of step types of its own: `house(name=source)` writes files in its folder `data` and loads it."""
    package = f"house_{abs(hash(tmp_path))}"
    folder = tmp_path / package / "data"
    folder.mkdir(parents=True)
    for each in (folder.parent, folder):
        (each / "__init__.py").write_text('"""A package."""\n')
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def write(**sources):
        for name, source in sources.items():
            (folder / f"{name}.py").write_text(source)
        for name in [name for name in sys.modules if name.startswith(package)]:
            del sys.modules[name]
        return load(package, ["data"])

    return write


def test_one_new_file_is_enough(house):
    catalogue = house(shout=GOOD)
    assert catalogue.get("data.shout").type_id == "data.shout"
    (described,) = catalogue.describe()
    assert described["label"] == "Shout"
    assert described["summary"] == "Say it loud."
    assert [(each["name"], each["control"], each["dynamic"]) for each in described["fields"]] == [
        ("text", "paragraph", "text")
    ]
    assert [(each["name"], each["kind"]) for each in described["outputs"]] == [("text", "text")]
    assert "### Shout" in document(catalogue)


def test_an_unknown_type_is_none(house):
    assert house(shout=GOOD).get("data.whisper") is None


@pytest.mark.parametrize(
    ("source", "fix"),
    [
        ("import nothing_like_this", "ModuleNotFoundError: No module named 'nothing_like_this'"),
        ("x = (", "SyntaxError"),
        ("", "Keep exactly one"),
        (GOOD + GOOD.replace("Shout", "Whisper"), "2 classes (Shout, Whisper)"),
        (GOOD.replace('"""Say it loud."""', ""), "Give Shout a docstring"),
        (GOOD.replace("Say it loud.", "Say it loud. " * 9), "from 116 to 90 characters"),
        (GOOD.replace('label="Shout", ', ""), "Name the step"),
        (GOOD.replace(', icon="megaphone"', ""), "Give the step a picture"),
        (GOOD.replace('field("Text")', "''"), "Give the field “text” a label"),
        (GOOD.replace("text: Text", "someText: Text"), "Rename the field “someText”"),
        (GOOD.replace(' = output("The text in capitals")', ""), "Say what the output “text” holds"),
        (GOOD.replace("class Output(Output)", "class Output"), "with the base from nodes.sdk"),
        (GOOD.replace("class Output(Output)", "class Handed(Output)"), "Say what Shout hands on"),
        (GOOD.replace("examples = (", "_shown = ("), "examples = (Example(…),)"),
        (GOOD.replace("async def run", "def run"), "Write “async def run"),
        (GOOD.replace("async def run", "async def go"), "Write “async def run"),
        (GOOD.replace('field("Text")', 'field("Text", control="alias")'), "effects=(Effect.SPEND, Effect.NETWORK)"),
    ],
)
def test_a_broken_file_is_listed_with_its_fix_and_the_others_work(house, source, fix):
    catalogue = house(good=GOOD, bad=source)
    assert list(catalogue.types) == ["data.good"]
    assert fix in catalogue.broken["data.bad"]
    assert {each["type"]: each["broken"] for each in catalogue.describe()} == {
        "data.good": None,
        "data.bad": catalogue.broken["data.bad"],
    }


def test_all_breaches_of_a_file_are_told_at_once(house):
    bad = (
        GOOD.replace('"""Say it loud."""', "").replace("async def run", "def run").replace("examples = (", "_shown = (")
    )
    sentence = house(bad=bad).broken["data.bad"]
    assert "docstring" in sentence
    assert "Example(…)" in sentence
    assert "async def run" in sentence


def test_the_digest_changes_with_a_byte_of_a_source_and_not_otherwise(house):
    first = house(shout=GOOD).digest
    assert house(shout=GOOD).digest == first
    assert house(shout=GOOD + "\n# a remark\n").digest != first


def test_every_step_type_of_the_house_keeps_the_conventions():
    catalogue = load()
    assert not catalogue.broken
    assert {
        "flow.start",
        "flow.finish",
        "flow.branch",
        "flow.first_available",
        "flow.set_value",
        "data.join_text",
    } <= set(catalogue.types)


def test_descriptions_are_json():
    described = load().describe()
    assert json.loads(json.dumps(described)) == described


def test_the_page_of_all_steps_is_in_sync():
    assert (HOUSE / "docs/steps.md").read_text() == document(load()), "run `greenlane docs`"
