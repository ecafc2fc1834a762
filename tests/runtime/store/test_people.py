from runtime.store import people
from runtime.store.database import Reader
from runtime.store.writer import Writer


def add_person(writer: Writer) -> None:
    writer.offer(lambda tx: people.insert_person(tx, person="ada", name="Ada", roles={"owner"}, now=1.0)).result(5)


def test_a_code_is_used_up_by_its_first_use(writer: Writer):
    add_person(writer)
    writer.offer(lambda tx: people.insert_code(tx, code="secret", person="ada", now=1.0, expires=10.0)).result(5)
    assert writer.offer(lambda tx: people.use_code(tx, "secret", 2.0)).result(5) == "ada"
    assert writer.offer(lambda tx: people.use_code(tx, "secret", 3.0)).result(5) is None


def test_an_expired_or_replaced_code_opens_nothing(writer: Writer):
    add_person(writer)
    for code in ("first", "second"):
        writer.offer(
            lambda tx, code=code: people.insert_code(tx, code=code, person="ada", now=1.0, expires=5.0)
        ).result(5)
    assert writer.offer(lambda tx: people.use_code(tx, "first", 2.0)).result(5) is None, "a newer one was made"
    assert writer.offer(lambda tx: people.use_code(tx, "second", 6.0)).result(5) is None, "it is too old"


def test_only_the_hash_of_a_session_is_kept(writer: Writer, reader: Reader):
    add_person(writer)
    writer.offer(
        lambda tx: people.insert_session(tx, session="s", token="canary-token", person="ada", now=1.0, expires=9.0)
    ).result(5)
    rows = reader.now(lambda tx: list(tx.exec_driver_sql("SELECT * FROM session")))
    assert rows
    assert "canary-token" not in " ".join(str(tuple(row)) for row in rows)


def test_a_revoked_session_is_not_found_any_more(writer: Writer, reader: Reader):
    add_person(writer)
    writer.offer(
        lambda tx: people.insert_session(tx, session="s", token="t", person="ada", now=1.0, expires=9.0)
    ).result(5)
    assert reader.now(lambda tx: people.find_session(tx, "t")) is not None
    writer.offer(lambda tx: people.revoke_session(tx, "s", 3.0)).result(5)
    assert reader.now(lambda tx: people.find_session(tx, "t")) is None
