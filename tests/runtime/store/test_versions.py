import pytest

from runtime.store.versions import NewVersion, base_settings, find_version, insert_version, last_version, list_versions


def version(number: int, workflow: str = "w") -> NewVersion:
    return NewVersion(f"v{number}{workflow}", workflow, number, "h", "w", "l", "m", "", "", "p", float(number))


@pytest.fixture
async def kept(reader, writer):
    def work(tx):
        tx.exec_driver_sql("INSERT INTO person (id, name, created) VALUES ('p', 'Ada', 0)")
        for each in (version(1), version(2), version(1, "other")):
            insert_version(tx, each)

    await writer.write(work)


async def test_versions_stand_newest_first_and_apart_for_each_workflow(reader, kept):
    assert [each.number for each in reader.now(lambda tx: list_versions(tx, "w"))] == [2, 1]
    assert reader.now(lambda tx: last_version(tx, "other")).id == "v1other"
    found = reader.now(lambda tx: find_version(tx, "v2w"))
    assert (found.who, found.workflow_name) == ("Ada", "")


async def test_two_versions_never_have_one_number(writer, kept):
    with pytest.raises(Exception, match=r"(?i)unique"):
        await writer.write(lambda tx: insert_version(tx, version(2)._replace(id="v9")))


def test_a_base_that_is_not_there_has_no_settings(reader):
    assert reader.now(lambda tx: base_settings(tx, ["gone"])) == {}
