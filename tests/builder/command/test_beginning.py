"""Loading without the garbage collector."""

import gc

import pytest

from builder.command.beginning import uncollected


def test_nothing_is_collected_while_it_loads_and_what_is_loaded_stays():
    try:
        with pytest.raises(ImportError), uncollected():
            assert not gc.isenabled()
            raise ImportError
        assert gc.isenabled()
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()
        gc.enable()
