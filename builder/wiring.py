"""The one running product of this process, for everything in builder that needs it."""

from __future__ import annotations

import os
from functools import cache

from runtime.assembly import assemble
from runtime.operations.runtime import Runtime
from runtime.settings import read_settings


@cache
def runtime() -> Runtime:
    """The parts, assembled and started at the first call."""
    return assemble(read_settings(os.environ))
