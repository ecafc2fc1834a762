"""Which runs are followed by an error run, and how the two find one another."""

import pytest

from runtime.store.error_runs import because_of, error_key, error_run_of, failed_run, words_of_version
from runtime.store.people import insert_person
from runtime.store.runs import NewRun, insert_run
from runtime.store.trials import TrialRow, insert_trial


def run(name: str, **fields: object) -> NewRun:
    row: dict[str, object] = {
        "id": name, "workflow": "w", "name": "desk", "title": "Desk", "person": "ada", "via": "key", "key": None,
        "hash": "h", "words": "", "catalogue": "c", "inputs": b"{}", "created": 5.0, "process": "",
    }  # fmt: skip
    return NewRun(**row | fields)  # pyright: ignore[reportArgumentType]


@pytest.fixture
def written(writer):
    def write(new: NewRun) -> None:
        writer.offer(lambda tx: insert_run(tx, new)).result(5)

    writer.offer(lambda tx: insert_person(tx, person="ada", name="Ada", roles={"member"}, now=1.0)).result(5)
    return write


@pytest.mark.parametrize(
    ("fields", "followed"),
    [
        ({"via": "key"}, True),
        ({"via": "browser"}, False),
        ({"via": "command"}, False),
        ({"via": "key", "version": "v"}, False),
        ({"via": "key", "key": "test:1"}, False),
        ({"via": "key", "key": "mine"}, True),
        ({"via": "browser", "app": "app_1", "version": "v"}, True),
        ({"via": "schedule", "app": "app_1", "version": "v"}, True),
        ({"via": "browser", "app": "app_1", "key": "error:run_0"}, False),
    ],
)
def test_what_fails_when_nobody_looks_is_followed(reader, written, fields, followed):
    written(run("run_1", **fields))
    found = reader.now(lambda tx: failed_run(tx, "run_1"))
    assert (found is not None) is followed
    if found is not None:
        assert (found.workflow, found.title, found.who, found.began) == ("w", "Desk", "Ada", 5.0)


def test_what_is_tried_out_is_not_followed(reader, writer, written):
    written(run("run_1"))
    writer.offer(lambda tx: insert_trial(tx, TrialRow("run_1", "from", "run_0", "a", "", "", b"{}"))).result(5)
    assert reader.now(lambda tx: failed_run(tx, "run_1")) is None


def test_both_runs_are_found_from_one_another(reader, written):
    written(run("run_1"))
    written(run("run_2", key=error_key("run_1")))
    assert reader.now(lambda tx: error_run_of(tx, "w", "run_1")) == "run_2"
    assert reader.now(lambda tx: error_run_of(tx, "w", "run_2")) == ""
    assert because_of(error_key("run_1")) == "run_1"
    assert because_of("mine") == because_of(None) == ""


def test_the_words_of_a_version_are_found_by_what_runs_and_its_name(reader, writer):
    add = (
        "INSERT INTO workflow (id, name, owner, created) VALUES ('w', 'tell-it', 'ada', 1.0)",
        "INSERT INTO version (id, workflow, number, hash, words, layout, manifest, name, note, person, created)"
        " VALUES ('v', 'w', 1, 'h', 'words', '', '', '', '', 'ada', 1.0)",
    )
    writer.offer(lambda tx: insert_person(tx, person="ada", name="Ada", roles={"member"}, now=1.0)).result(5)
    for each in add:
        writer.offer(lambda tx, each=each: tx.exec_driver_sql(each)).result(5)
    assert reader.now(lambda tx: words_of_version(tx, "tell-it", "h")) == "words"
    assert reader.now(lambda tx: words_of_version(tx, "tell-it", "gone")) == ""
