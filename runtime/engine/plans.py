"""Plans, compiled once and kept by what they are made of."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from pydantic import ValidationError

from nodes.catalogue import Catalogue
from runtime.cache import Cache
from runtime.graph.compiling import Compiled, compile_document
from runtime.graph.document import Document, Meaning, Words
from runtime.graph.hashing import content_hash, words_digest
from runtime.graph.plan import Plan
from runtime.store.database import Reader
from runtime.store.runs import read_content

MOST = 256
"""plans kept in memory"""


class Plans:
    """A cache in front of the compiler, for one catalogue."""

    def __init__(self, catalogue: Catalogue, reader: Reader) -> None:
        self._catalogue, self._reader = catalogue, reader
        self._kept: Cache[tuple[str, str], Compiled] = Cache(MOST)

    def compile(self, document: Document, *, without: Set[str] = frozenset()) -> Compiled:
        """All that is known of a document: its plan, or what hinders it in the document's own words; as if workflows
        that are called `without` being seen were not there."""
        if without:
            return compile_document(
                document, self._catalogue, lambda each: None if each in without else self.called(each)
            )
        key = (content_hash(document), words_digest(document))
        if (found := self._kept.get(key)) is not None:
            return found
        made = compile_document(document, self._catalogue, self.called)
        return made if made.waits else self._kept.keep(key, made)  # what it calls may be here later

    def called(self, digest: str) -> Document | None:
        """A workflow that is called, by its content hash; its steps go by their ids."""
        body = self._reader.now(lambda tx: read_content(tx, digest))
        try:
            return None if body is None else Document(name="called", meaning=Meaning.model_validate_json(body))
        except ValidationError:  # words, a manifest: other things are kept under their digests too
            return None

    def plan_of(self, digest: str, words: str) -> Plan | None:
        """The plan of a run, by the digests of its meaning and words.

        It is compiled with today's catalogue: node types carry versions, and `upgrade()` never changes what they mean.
        None where it cannot be compiled any more.
        """
        found = self._found(digest, words)
        return None if found is None else found.plan

    def plan_to_go_on(self, digest: str, words: str) -> Plan | None:
        """The plan of a run that is taken up again. Where only its error workflow cannot be compiled any more, the run
        goes on without one; where the run itself cannot, its plan has no steps, and still says what runs now that it
        fails."""
        found = self._found(digest, words)
        if found is None or found.plan is not None:
            return found and found.plan
        meaning = found.document.meaning
        alone = meaning.model_copy(update={"run": meaning.run.model_copy(update={"error_workflow": None})})
        plan = self.compile(found.document.model_copy(update={"meaning": alone})).plan
        return replace(plan, hash=digest) if plan is not None else replace(Plan.empty(), on_error=found.after_failure)

    def _found(self, digest: str, words: str) -> Compiled | None:
        found = self._kept.get((digest, words))
        if found is not None:
            return found
        kept = self._reader.now(lambda tx: (read_content(tx, digest), read_content(tx, words)))
        if kept[0] is None:
            return None
        meaning = Meaning.model_validate_json(kept[0])
        return self.compile(Document(name="run", meaning=meaning, words=Words.model_validate_json(kept[1] or b"{}")))
