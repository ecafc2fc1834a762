"""The way out: who owns every outgoing connection. In reading order: `addresses` (what may be connected to), `target`
(web addresses, read strictly), `connector` (names resolved once, every answer judged), `outlet` (leads to exactly one
host and carries its credential nowhere else), `reply`, and `transport` (the same for libraries that bring their own
requests). Knows no rows and no policies: callers say where an outlet leads and how far inwards."""

from runtime.egress.addresses import Zone, barred
from runtime.egress.connector import Barred, Lookup, system_lookup
from runtime.egress.outlet import Outlet
from runtime.egress.reply import Dropped, NotReached, Reply, TooLarge
from runtime.egress.target import Refused, Target, read_target
from runtime.egress.transport import Nowhere, Transport, Ways, http_client, silent_client

__all__ = [
    "Barred", "Dropped", "Lookup", "NotReached", "Nowhere", "Outlet", "Refused", "Reply", "Target", "TooLarge",
    "Transport", "Ways", "Zone", "barred", "http_client", "read_target", "silent_client", "system_lookup",
]  # fmt: skip
