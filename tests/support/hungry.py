"""What runs in a limited child in tests: it wants more than it gets."""

import os
import signal
import tempfile
import time
from pathlib import Path


def main(given: bytes) -> bytes:
    match given.decode().split()[0]:
        case "sleep":
            time.sleep(60)
        case "spin":
            while True:
                pass
        case "memory":
            return b"x" * 2_000_000_000
        case "answer":
            return b"x" * 2_000_000
        case "die":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "raise":
            raise ValueError("no")
        case "write":
            Path(tempfile.gettempdir(), "greenlane-hungry").write_bytes(b"x" * 100)
        case "environment":
            return repr(dict(os.environ)).encode()
        case _:
            pass
    return given
