"""The examples are what a newcomer sees first: they are sound, well laid out, and come with inputs that fit."""

import json
from itertools import combinations
from pathlib import Path

import pytest

from builder.command.demo_model.protocol import answer
from nodes.catalogue import load
from nodes.flow.start import Start
from nodes.sdk.answer import read_answer
from runtime.graph.reading import read

FOLDER = Path(__file__).parents[2] / "examples"
FILES = sorted(FOLDER.glob("*.yaml"))
CATALOGUE = load()
CARD_WIDTH, GAP = 240, 80


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def file(request):
    return request.param


@pytest.fixture
def document(file):
    reading = read(file.read_bytes())
    assert not reading.problems
    assert reading.document
    return reading.document


@pytest.fixture
def steps(document):
    return {
        name: CATALOGUE.types[each.type].model_validate(each.settings) for name, each in document.meaning.steps.items()
    }


def test_there_are_examples():
    assert {path.stem for path in FILES} == {
        "contract-summary", "csv-cleanup", "feedback-roundup", "invoice-check", "meeting-notes", "reply-two-tones",
        "ticket-triage", "weekly-report",
    }  # fmt: skip


def test_an_example_is_named_like_its_file(document, file):
    assert document.name == file.stem


def test_its_settings_have_no_troubles(steps):
    assert {name: step.troubles() for name, step in steps.items() if step.troubles()} == {}


def test_every_edge_leaves_by_an_exit_there_is_and_every_exit_is_used(document, steps):
    used = {(edge.step, edge.exit) for edge in document.meaning.edges}
    inside = {name for name, each in document.meaning.steps.items() if each.inside}
    there = {(name, each.id) for name, step in steps.items() for each in step.exits()}
    assert used <= there
    assert {name for name, _ in there - used} <= inside  # an item may end anywhere
    assert set(steps) - {edge.to for edge in document.meaning.edges} - inside == {"start"}


def test_its_inputs_fit_its_start(file, steps):
    start = next(step for step in steps.values() if isinstance(step, Start))
    given = json.loads(file.with_suffix(".inputs.json").read_text())
    for name, value in given.items():
        if str(value).startswith("@"):  # a file beside it, as `greenlane run --input table=@…` takes it
            assert (FOLDER / value[1:]).is_file()
            given[name] = "file_of_the_example"
    values, problems = start.check_inputs(given)
    assert problems == []
    assert all(values.values())


def test_every_step_has_a_title_and_a_place(document):
    names = set(document.meaning.steps)
    assert {name for name, each in document.words.steps.items() if each.title} == names
    assert set(document.layout.steps) == names


def test_cards_stand_apart_and_edges_lead_to_the_right(document):
    places, drawn = document.layout.steps, document.meaning.steps
    for (here, one), (there, other) in combinations(places.items(), 2):
        if drawn[here].inside == drawn[there].inside:
            assert abs(one.x - other.x) >= CARD_WIDTH + GAP or abs(one.y - other.y) >= 200
    assert all(places[edge.step].x < places[edge.to].x for edge in document.meaning.edges)


@pytest.mark.parametrize(
    ("ticket", "way"),
    [
        (
            "Our server is down and nobody can work. Please help immediately!",
            {"category": "technical", "priority": "high"},
        ),
        ("The invoice of October was charged twice.", {"category": "billing", "priority": "normal"}),
        ("How do I change my password?", {"category": "account", "priority": "normal"}),
    ],
)
def test_the_demo_model_takes_every_way_of_the_triage(ticket, way):
    document = read((FOLDER / "ticket-triage.yaml").read_bytes()).document
    assert document
    settings = document.meaning.steps["classify"].settings
    text = answer([("system", settings["messages"][0]["text"]), ("user", ticket)], settings["answer_schema"])
    assert way.items() <= read_answer(text, settings["answer_schema"]).items()


def test_the_demo_model_finds_the_actions_of_the_notes():
    document = read((FOLDER / "meeting-notes.yaml").read_bytes()).document
    assert document
    settings = document.meaning.steps["extract"].settings
    notes = json.loads((FOLDER / "meeting-notes.inputs.json").read_text())["notes"]
    text = answer([("system", settings["messages"][0]["text"]), ("user", notes)], settings["answer_schema"])
    data = read_answer(text, settings["answer_schema"])
    assert [each["who"] for each in data["actions"]] == ["Ada", "Grace", "Linus"]
    assert data["decisions"]
    assert data["open_questions"]
