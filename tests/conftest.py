"""What holds for every test."""

import gc

from hypothesis import HealthCheck, settings

# A property is true or false; how long an example takes on a busy machine is not its business.
settings.register_profile("house", deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_unconfigure():
    """What is left goes with the process: taking a million objects apart first takes Python five seconds."""
    gc.freeze()
