"""Being told to stop: the way out of a server leads through its `finally`."""

from __future__ import annotations

import signal
import sys


def leave_on_sigterm() -> None:
    """Make SIGTERM end the process as Ctrl+C does, so that runs are finished or given back first.

    uvicorn takes the signal while it serves and raises it again when it is done; without a handler of ours that second
    one would kill the process before anything is given back.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
