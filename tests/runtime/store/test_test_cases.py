import pytest

from runtime.store.test_cases import CaseRow, list_cases, remove_case, run_key, write_case


def case(**changes) -> CaseRow:
    return CaseRow("t1", "w", "Greets", "{}", "[]", "p", 1.0)._replace(**changes)


@pytest.fixture
async def kept(writer):
    def work(tx):
        tx.exec_driver_sql("INSERT INTO person (id, name, created) VALUES ('p', 'Ada', 0)")
        for each in ("w", "x"):
            tx.exec_driver_sql("INSERT INTO workflow (id, name, owner, created) VALUES (?, ?, 'p', 0)", (each, each))
        write_case(tx, case())

    await writer.write(work)


async def test_a_case_is_changed_in_place_and_never_moves_to_another_workflow(reader, writer, kept):
    await writer.write(lambda tx: write_case(tx, case(name="Greets kindly")))
    await writer.write(lambda tx: write_case(tx, case(workflow="x", name="Stolen")))
    assert [each.name for each in reader.now(lambda tx: list_cases(tx, "w"))] == ["Greets kindly"]
    assert reader.now(lambda tx: list_cases(tx, "x")) == []


async def test_a_case_is_removed_only_from_its_own_workflow(writer, kept):
    assert not await writer.write(lambda tx: remove_case(tx, "x", "t1"))
    assert await writer.write(lambda tx: remove_case(tx, "w", "t1"))


def test_the_key_of_a_run_tells_its_case():
    assert run_key("t1", "9") == "test:t1:9"
