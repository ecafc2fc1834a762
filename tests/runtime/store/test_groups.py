from runtime.store import groups
from runtime.store.database import Reader
from runtime.store.people import insert_person
from runtime.store.rights import give_right, rights_on
from runtime.store.writer import Writer


def test_a_name_is_taken_however_it_is_capitalised(writer: Writer, reader: Reader):
    writer.offer(lambda tx: groups.insert_group(tx, "group_1", "Finance", "", 1.0)).result(5)
    assert reader.now(lambda tx: groups.group_named(tx, "fiNANCE")) == "group_1"
    assert reader.now(lambda tx: groups.group_named(tx, "Finances")) is None


def test_a_group_goes_with_its_members_and_its_rights(writer: Writer, reader: Reader):
    def fill(tx) -> None:
        insert_person(tx, person="ada", name="Ada", roles=["analyst"], now=1.0)
        groups.insert_group(tx, "group_1", "Finance", "", 1.0)
        groups.set_members(tx, "group_1", ["ada", "ada"])
        give_right(tx, "workflow_1", "group_1", "see")

    writer.offer(fill).result(5)
    [row] = reader.now(groups.list_groups)
    assert row.members == "ada"
    writer.offer(lambda tx: groups.remove_group(tx, "group_1")).result(5)
    assert reader.now(groups.list_groups) == []
    assert reader.now(lambda tx: rights_on(tx, "workflow_1")) == []
    assert reader.now(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM group_member").scalar_one()) == 0
