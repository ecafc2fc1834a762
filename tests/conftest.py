"""What holds for every test."""

from hypothesis import HealthCheck, settings

# A property is true or false; how long an example takes on a busy machine is not its business.
_house = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("check", _house, max_examples=15)
settings.register_profile("thorough", _house, max_examples=200)  # of `make test`; asked for on the command line
settings.load_profile("check")
