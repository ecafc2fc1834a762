import pytest

from runtime.store import keys
from tests.runtime.store.approving import ada


@pytest.fixture(autouse=True)
def _ada(writer) -> None:
    writer.offer(ada).result(5)


def insert(writer, key: str, text: str = "gl_secret", app: str | None = None) -> None:
    writer.offer(
        lambda tx: keys.insert_key(tx, key=key, text=text, label="Billing", person="ada", now=1.0, expires=9.0, app=app)
    ).result(5)


def test_only_the_hash_of_a_key_is_kept(writer, reader):
    insert(writer, "k", "gl_canary-key-text")
    [row] = reader.now(lambda tx: list(tx.exec_driver_sql("SELECT * FROM api_key")))
    assert "canary-key-text" not in str(tuple(row))


def test_a_key_is_found_until_it_is_revoked_or_expires(writer, reader):
    insert(writer, "k")
    assert reader.now(lambda tx: keys.find_key(tx, "gl_secret", 2.0)).person == "ada"
    assert reader.now(lambda tx: keys.find_key(tx, "gl_secret", 9.0)) is None
    assert not writer.offer(lambda tx: keys.revoke_key(tx, "k", "person", "somebody else", 3.0)).result(5)
    assert writer.offer(lambda tx: keys.revoke_key(tx, "k", "person", "ada", 3.0)).result(5)
    assert reader.now(lambda tx: keys.find_key(tx, "gl_secret", 4.0)) is None


def test_a_key_of_another_app_is_not_revoked(writer, reader):
    insert(writer, "k", app="app_1")
    assert not writer.offer(lambda tx: keys.revoke_key(tx, "k", "app", "app_2", 3.0)).result(5)
    assert writer.offer(lambda tx: keys.revoke_key(tx, "k", "app", "app_1", 3.0)).result(5)
    assert not writer.offer(lambda tx: keys.revoke_key(tx, "k", "app", "app_1", 4.0)).result(5)
    assert [each.revoked for each in reader.now(lambda tx: keys.list_keys(tx, "app", "app_1"))] == [3.0]


def test_a_list_of_keys_tells_how_each_begins_and_nothing_more(writer, reader):
    insert(writer, "k", "gl_canary-key-text")
    [row] = reader.now(lambda tx: keys.list_keys(tx, "person", "ada"))
    assert tuple(row) == ("k", "gl_canary-", "Billing", 1.0, 9.0, None)
