"""The way out: who owns every outgoing connection. In reading order: `addresses` (what may be connected to), `target`
(web addresses, read strictly), `connector` (names resolved once, every answer judged), `outlet` (leads to exactly one
host and carries its credential nowhere else), `multipart` (forms with files), `reply`, `download` (a file by its
address, with `file_name`), and `ways` and `transport` (the same for libraries that bring their own requests;
`transport` is imported by who uses it). Knows no rows and no policies: callers say where an outlet leads and how far
inwards."""

from runtime.egress.addresses import Zone, barred
from runtime.egress.connector import Barred, Lookup, system_lookup
from runtime.egress.download import Downloaded, NoFile, download
from runtime.egress.file_name import file_name
from runtime.egress.multipart import FormPart, multipart
from runtime.egress.outlet import Outlet, Outlets
from runtime.egress.reply import Dropped, NotReached, Reply, TooLarge, waiting_time
from runtime.egress.target import Refused, Target, read_target
from runtime.egress.ways import Ways

__all__ = [
    "Barred", "Downloaded", "Dropped", "FormPart", "Lookup", "NoFile", "NotReached", "Outlet", "Outlets", "Refused",
    "Reply", "Target", "TooLarge", "Ways", "Zone", "barred", "download", "file_name", "multipart", "read_target",
    "system_lookup", "waiting_time",
]  # fmt: skip
