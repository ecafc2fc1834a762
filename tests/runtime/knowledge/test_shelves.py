"""A base that grows gets a collection of its own, and nothing is lost on the way, whenever it is looked at."""

from threading import Thread

import pytest

from runtime.knowledge.embedding import SIZE
from runtime.knowledge.index import _client
from runtime.knowledge.shelves import Shelves, Vector

LARGE = 5


def axis(at: int) -> tuple[float, ...]:
    return tuple(float(each == at) for each in range(SIZE))


def passages(base: str, count: int, first: int = 0) -> list[Vector]:
    return [Vector(f"{base}.{at}", base, axis(at)) for at in range(first, first + count)]


@pytest.fixture
def client(tmp_path):
    made = _client(tmp_path / "chroma")
    yield made
    made.close()


@pytest.fixture
def shelves(client, monkeypatch) -> Shelves:
    monkeypatch.setattr("runtime.knowledge.shelves.LARGE", LARGE)
    made = Shelves(client, "m@1")
    made.put(passages("small", 2))
    return made


def names(client) -> set[str]:
    return {each.name for each in client.list_collections()}


def test_a_base_that_grows_large_gets_its_own_collection_and_is_found_there(shelves: Shelves, client):
    shelves.put(passages("big", LARGE - 1))
    assert names(client) == {"passages-m-1"}
    shelves.put(passages("big", 3, first=LARGE - 1))
    assert names(client) == {"passages-m-1", "of-big-m-1"}
    assert (shelves.count(), shelves._shared.count()) == (LARGE + 4, 2)
    assert max(shelves.near(axis(6), ["big"], 3).items(), key=lambda each: each[1]) == ("big.6", pytest.approx(1))
    both = shelves.near(axis(1), ["small", "big"], 2)
    assert set(both) == {"small.1", "big.1"}


def test_only_the_named_bases_are_searched_wherever_they_lie(shelves: Shelves):
    shelves.put(passages("big", LARGE))
    shelves.put(passages("other", LARGE + 1))
    assert {each.split(".")[0] for each in shelves.near(axis(0), ["small"], 50)} == {"small"}
    assert {each.split(".")[0] for each in shelves.near(axis(0), ["big"], 50)} == {"big"}
    assert shelves.near(axis(0), ["none"], 50) == {}


def test_its_collection_goes_with_its_last_passage(shelves: Shelves, client):
    shelves.put(passages("big", LARGE))
    shelves.drop([f"big.{at}" for at in range(LARGE)] + ["unknown"])
    assert names(client) == {"passages-m-1"}
    shelves.put(passages("big", 1))
    assert set(shelves.near(axis(0), ["big"], 5)) == {"big.0"}


def test_a_move_that_was_cut_short_is_finished_when_it_is_opened_again(shelves: Shelves, client):
    shelves.put(passages("big", LARGE - 1))
    half = shelves._collection("of-big-")
    half.upsert(ids=["big.0"], embeddings=[list(axis(0))], metadatas=[{"base": "big"}])
    again = Shelves(client, "m@1")
    assert set(again.near(axis(0), ["big"], 50)) == {f"big.{at}" for at in range(LARGE - 1)}
    assert (again.count(), again._shared.count()) == (LARGE + 1, 2)


def test_collections_of_another_model_are_left_alone(shelves: Shelves, client):
    shelves.put(passages("big", LARGE))
    other = Shelves(client, "m@2")
    assert other.near(axis(0), ["big", "small"], 5) == {}
    assert shelves.count() == LARGE + 2


@pytest.mark.slow
def test_a_search_never_meets_a_base_half_moved(shelves: Shelves):
    shelves.put(passages("big", LARGE - 1))
    wanted = {f"big.{at}" for at in range(LARGE - 1)}
    seen: list[set[str]] = []

    def look() -> None:
        while len(seen) < 2000 and moving.is_alive():
            seen.append(set(shelves.near(axis(0), ["big"], 50)))

    moving = Thread(target=lambda: shelves.put(passages("big", 300, first=LARGE - 1)))
    looking = Thread(target=look)
    moving.start()
    looking.start()
    moving.join()
    looking.join()
    assert seen
    assert all(wanted <= each or len(each) == 50 for each in seen)


def test_a_search_that_meets_a_passage_being_taken_out_is_asked_again_and_no_other_failure_is(shelves, monkeypatch):
    shelves.put(passages("small", 2))
    nearest, calls = shelves._nearest, []

    def meets(*asked):
        calls.append(asked)
        if len(calls) == 1:
            shelves.drop(["small.0"])
            raise RuntimeError("Error finding id")
        return nearest(*asked)

    monkeypatch.setattr(shelves, "_nearest", meets)
    assert set(shelves.near(axis(0), ["small"], 5)) == {"small.1"}
    monkeypatch.setattr(shelves, "_nearest", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        shelves.near(axis(0), ["small"], 5)
