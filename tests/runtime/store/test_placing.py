from runtime.store.connections import ConnectionRow, write_connection
from runtime.store.placing import base_places, host_places, model_places


def test_places_that_are_not_set_up_are_not_there(reader):
    assert reader.now(lambda tx: (base_places(tx, ["x"]), host_places(tx, ["x"]))) == ({}, {})
    assert reader.now(model_places) == {}


async def test_a_host_is_found_by_its_name_with_what_decides_about_it(reader, writer):
    row = ConnectionRow("c", "crm", "crm.example", False, True, "", "internal", "", "", None, 0.0)
    await writer.write(lambda tx: write_connection(tx, row))
    found = reader.now(lambda tx: host_places(tx, ["crm.example", "other.example"]))
    assert {host: (each.internal, each.clearance, each.stopped) for host, each in found.items()} == {
        "crm.example": (True, "internal", None)
    }
