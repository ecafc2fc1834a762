"""What holds for every test."""

from hypothesis import settings

# A property is true or false; how long an example takes on a busy machine is not its business.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
