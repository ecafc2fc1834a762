"""Names in place of ids; with things in them, see the audit page's tests."""

import pytest

from runtime.store.people import insert_person
from runtime.store.things import called

KINDS = ("person", "group", "session", "key", "workflow", "run", "app", "template", "base", "document")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_id_can_be_asked_for(reader, kind):
    assert reader.now(lambda tx: called(tx, [f"{kind}_{'0' * 32}", "fast", ""])) == {}


async def test_a_person_is_called_by_name(reader, writer):
    ada = "person_" + "a" * 32
    await writer.write(lambda tx: insert_person(tx, person=ada, name="Ada", roles=[], now=1.0))
    assert reader.now(lambda tx: called(tx, [ada, f"{ada}:1"])) == {ada: "Ada", f"{ada}:1": "Ada"}
