"""The way out: who owns every outgoing connection. `outlet` leads to exactly one host and carries its credential
nowhere else. Knows no rows and no policies: callers say where an outlet leads."""

from runtime.egress.outlet import Dropped, NotReached, Outlet, Reply, TooLarge, http_client

__all__ = ["Dropped", "NotReached", "Outlet", "Reply", "TooLarge", "http_client"]
