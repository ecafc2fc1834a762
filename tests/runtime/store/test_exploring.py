import pytest

from runtime.store.exploring import Wanted, explore, ran_things
from runtime.store.people import insert_person
from tests.runtime.store.test_writer import started


@pytest.fixture
def runs(writer) -> dict[str, str]:
    """Three runs by the word that is in their inputs."""
    for name in ("Ada Byron", "Bob_Y"):
        writer.offer(
            lambda tx, name=name: insert_person(tx, person=name[:3].lower(), name=name, roles=["member"], now=1.0)
        ).result(5)
    return {
        "plum": started(writer, person="ada", workflow="w", inputs=b'{"q": "plum 100%"}', created=1.0),
        "pear": started(writer, person="ada", workflow="a_1", app="a_1", inputs=b'{"q": "pear"}', created=2.0),
        "quoted": started(writer, person="bob", workflow="w", inputs=b'{"q": "a \\"b\\""}', created=3.0),
    }


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ["quoted", "pear", "plum"]),
        (Wanted(person="ada"), ["pear", "plum"]),
        (Wanted(who="byr"), ["pear", "plum"]),
        (Wanted(who="yron"), []),
        (Wanted(who="bob_"), ["quoted"]),
        (Wanted(who="bob%"), []),
        (Wanted(of="a_1"), ["pear"]),
        (Wanted(status="queued"), []),
        (Wanted(since=2.0, before=3.0), ["pear"]),
        (Wanted(words="100% PLUM"), ["plum"]),
        (Wanted(words="plum pear"), []),
        (Wanted(words='"b"'), ["quoted"]),
    ],
)
def test_runs_are_found_newest_first_by_everything_that_is_asked(reader, runs, wanted: Wanted, found: list[str]):
    assert [each.id for each in reader.now(lambda tx: explore(tx, wanted, 10))] == [runs[each] for each in found]


def test_no_more_come_than_are_asked_for(reader, runs):
    assert [each.id for each in reader.now(lambda tx: explore(tx, Wanted(), 1))] == [runs["quoted"]]


def test_what_was_run_stands_once_for_whoever_ran_it(reader, runs):
    ran = reader.now(lambda tx: ran_things(tx, None))
    assert sorted((each.id, each.app) for each in ran) == [("a_1", "a_1"), ("w", None)]
    assert [each.id for each in reader.now(lambda tx: ran_things(tx, "bob"))] == ["w"]
