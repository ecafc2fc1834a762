import socket

import pytest

from runtime.local_model.doors import HERE, open_door, port_of


def test_a_door_is_at_a_free_port_of_this_machine_only():
    with open_door() as first, open_door() as second:
        assert port_of(first) != port_of(second)
        assert first.getsockname()[0] == HERE
        socket.create_connection((HERE, port_of(first))).close()


def test_a_port_that_somebody_listens_on_is_not_taken():
    with open_door() as door, pytest.raises(OSError, match="in use"):
        open_door(port_of(door))
