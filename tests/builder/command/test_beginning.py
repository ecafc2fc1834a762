"""Loading without the garbage collector."""

import gc

from builder.command.beginning import uncollected


def test_nothing_is_collected_while_it_loads_and_what_is_loaded_stays():
    try:
        with uncollected():
            assert not gc.isenabled()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()
