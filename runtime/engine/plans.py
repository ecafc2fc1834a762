"""Plans, compiled once and kept by (content hash, catalogue digest)."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from nodes.catalogue import Catalogue
from runtime.graph.compiling import Compiled, compile_document
from runtime.graph.document import Document, Meaning
from runtime.graph.hashing import content_hash
from runtime.graph.plan import Plan
from runtime.store.database import Reader
from runtime.store.runs import read_content

MOST = 256
"""plans kept in memory"""


class Plans:
    """A cache in front of the compiler."""

    def __init__(self, catalogue: Catalogue, reader: Reader) -> None:
        self._catalogue, self._reader = catalogue, reader
        self._kept: OrderedDict[str, Compiled] = OrderedDict()
        self._lock = Lock()

    def compile(self, document: Document) -> Compiled:
        """All that is known of a document: its plan or what hinders it. Words in sentences may be of another draft
        with the same meaning."""
        key = content_hash(document)
        with self._lock:
            if (found := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return found
        compiled = compile_document(document, self._catalogue)
        with self._lock:
            self._kept[key] = compiled
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return compiled

    def plan_of(self, digest: str, catalogue: str) -> Plan | None:  # noqa: ARG002 - see below
        """The plan of a run that is taken up again, compiled with today's catalogue: node types carry versions, and
        `upgrade()` never changes what they mean. None where it cannot be compiled any more."""
        with self._lock:
            found = self._kept.get(digest)
        if found is None:
            body = self._reader.now(lambda tx: read_content(tx, digest))
            if body is None:
                return None
            found = self.compile(Document(name="run", meaning=Meaning.model_validate_json(body)))
        return found.plan
