"""What holds for every test."""

import gc

from hypothesis import HealthCheck, settings

# A property is true or false; how long an example takes on a busy machine is not its business.
# `make nightly` looks at five times as many examples.
QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("house", max_examples=200, **QUIET)
settings.register_profile("search", max_examples=1000, **QUIET)
settings.load_profile("house")


# What is loaded stays. To look through all of it for garbage again and again took a third of the time of `make check`.
gc.disable()


def pytest_collection_finish():
    """From here on there is garbage; what is there by now is none."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    gc.enable()


def pytest_unconfigure():
    """What is left goes with the process: taking a million objects apart first takes Python five seconds."""
    gc.freeze()
