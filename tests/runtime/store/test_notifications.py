from runtime.store import notifications, people
from runtime.store.database import Reader
from runtime.store.transaction import Tx
from runtime.store.writer import Writer


def some_people(tx: Tx) -> None:
    for name, role in (("ada", "reviewer"), ("ben", "member"), ("cleo", "reviewer"), ("gone", "reviewer")):
        people.insert_person(tx, person=name, name=name.title(), roles={role}, now=1.0)
    tx.exec_driver_sql("UPDATE person SET disabled = 2.0 WHERE id = 'gone'")
    tx.exec_driver_sql(
        "INSERT INTO people_group (id, name, description, created) VALUES ('group_1', 'Procurement', '', 1.0)"
    )
    for name in ("ada", "ben", "gone"):
        tx.exec_driver_sql("INSERT INTO group_member (group_id, person) VALUES ('group_1', ?)", (name,))


def test_everybody_behind_a_person_a_group_and_a_role_is_told_once_and_nobody_disabled(writer: Writer, reader: Reader):
    def work(tx: Tx) -> set[str]:
        some_people(tx)
        return notifications.notify_holders(tx, ["ben", "group_1", "role:reviewer", "unknown"], "Look", "/inbox", 5.0)

    assert writer.offer(work).result(5) == {"ada", "ben", "cleo"}
    told = reader.now(lambda tx: tx.exec_driver_sql("SELECT person FROM notification ORDER BY 1").scalars().all())
    assert told == ["ada", "ben", "cleo"]


def test_who_did_it_is_not_told_of_it(writer: Writer):
    def work(tx: Tx) -> set[str]:
        some_people(tx)
        return notifications.notify_holders(tx, ["group_1"], "Look", "", 5.0, but={"ada"})

    assert writer.offer(work).result(5) == {"ben"}


def test_what_came_after_the_newest_shown_stays_new(writer: Writer, reader: Reader):
    def work(tx: Tx) -> int:
        some_people(tx)
        notifications.notify(tx, ["ada", "ben"], "First", "/runs/1", 5.0)
        notifications.notify(tx, ["ada"], "Second", "", 6.0)
        return notifications.mark_seen(tx, "ada", 5.0, 7.0)

    assert writer.offer(work).result(5) == 1
    listed = reader.now(lambda tx: notifications.list_notifications(tx, "ada", 10))
    assert [(row.text, row.seen) for row in listed] == [("Second", None), ("First", 7.0)]
    assert reader.now(lambda tx: notifications.count_unseen(tx, "ada")) == 1
    assert reader.now(lambda tx: notifications.count_unseen(tx, "ben")) == 1, "somebody else's is theirs"
