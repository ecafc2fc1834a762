"""Versions: a draft as it was at one moment, under the digests of its meaning, its words and what it depends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runtime.errors import BadInput, NotFound
from runtime.governance.manifest import manifest
from runtime.governance.materiality import Ranked, first_things_first
from runtime.graph.applying import apply_all
from runtime.graph.diffing import diff
from runtime.graph.document import Document, Layout, Meaning, Words
from runtime.graph.edits import EDITS
from runtime.graph.hashing import canonical, content_hash, layout_digest, words_digest
from runtime.graph.restoring import edits_to
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do, look
from runtime.operations.manifests import Manifest, drifted, keep_manifest, manifest_of, manifest_under
from runtime.operations.runtime import Runtime
from runtime.operations.titles import known_titles, muted, unreadable
from runtime.operations.workflows import as_row, draft_of, workflow_id
from runtime.store import versions as rows
from runtime.store import workflows
from runtime.store.ids import new_id
from runtime.store.runs import keep_content, read_content
from runtime.store.transaction import Row, Tx
from runtime.store.versions import NewVersion

LONGEST_TITLE, LONGEST_NOTE = 100, 2000


@dataclass(frozen=True, slots=True)
class VersionCard:
    """A version in a list."""

    id: str
    number: int
    hash: str
    words: str
    manifest: str
    title: str
    note: str
    person: str
    """who saved it, by name"""
    created: float


async def save_version(
    runtime: Runtime, actor: Actor | None, *, name: str, title: str = "", note: str = ""
) -> VersionCard:
    """Keep the draft as it is. Where nothing changed since the last version, that one is answered."""
    person = await allowed(runtime, actor, "version.save", name)

    def work(tx: Tx) -> VersionCard:
        return save_in(tx, runtime, person, workflow_id(tx, name), title=title, note=note)

    return await do(runtime, actor, "version.save", name, work)


def save_in(
    tx: Tx, runtime: Runtime, person: Actor, workflow: str, *, title: str = "", note: str = "", fresh_title: str = ""
) -> VersionCard:
    """Keep the draft inside another operation's transaction. A version with the same meaning, words and dependencies
    as the last one is that one; only a title or note given now is written to it. `fresh_title` is for one that is
    made."""
    title, note = _words(title, note)
    draft = workflows.read_draft(tx, workflow)
    if draft is None:
        raise NotFound("There is no such workflow.", hint="It may have been deleted.")
    document = Document.model_validate_json(draft.document)
    made = manifest_of(tx, runtime, document)
    hashed, words = content_hash(document), words_digest(document)
    last = rows.last_version(tx, workflow)
    if last is not None and (last.hash, last.words, last.manifest) == (hashed, words, made.digest):
        if title or note:
            rows.name_version(tx, last.id, title or last.name, note or last.note)
        return _card(rows.last_version(tx, workflow))
    layout = layout_digest(document)
    for digest, part in ((hashed, document.meaning), (words, document.words), (layout, document.layout)):
        keep_content(tx, digest, canonical(part))
    keep_manifest(tx, made)
    number = (last.number if last is not None else 0) + 1
    rows.insert_version(
        tx,
        NewVersion(
            new_id("version"), workflow, number, hashed, words, layout, made.digest, title or fresh_title, note,
            person.id, runtime.clock.now(),
        ),
    )  # fmt: skip
    return _card(rows.last_version(tx, workflow))


async def list_versions(runtime: Runtime, actor: Actor | None, *, name: str) -> list[VersionCard]:
    """All versions of a workflow, newest first."""
    await allowed(runtime, actor, "version.see", name)
    return [_card(each) for each in await runtime.reader.ask(lambda tx: rows.list_versions(tx, workflow_id(tx, name)))]


async def name_version(
    runtime: Runtime, actor: Actor | None, *, name: str, version: str, title: str, note: str = ""
) -> VersionCard:
    """Give a version a title and a note. They are words about it; nothing of the version itself changes."""

    def work(tx: Tx) -> VersionCard:
        found = _version_of(tx, workflow_id(tx, name), version)
        rows.name_version(tx, found.id, *_words(title, note))
        return _card(rows.find_version(tx, version))

    return await do(runtime, actor, "version.save", name, work)


async def restore_version(runtime: Runtime, actor: Actor | None, *, name: str, version: str) -> int:
    """Make the draft what a version was, as edits like any others: they stand in its journal. What it was before is
    kept as a version of its own where it was not one yet. Gives the draft's revision."""
    person = await allowed(runtime, actor, "version.restore", name)
    now, batch = runtime.clock.now(), new_id("batch")

    def work(tx: Tx) -> int:
        draft = draft_of(tx, name)
        found = _version_of(tx, draft.workflow, version)
        before = Document.model_validate_json(draft.document)
        edits = edits_to(before, version_document(tx, found.id))
        if not edits:
            return draft.revision
        save_in(tx, runtime, person, draft.workflow, fresh_title=f"Before restoring version {found.number}")
        after, _ = apply_all(before, edits)
        workflows.write_draft(tx, as_row(draft.workflow, draft.revision + 1, after, now))
        workflows.insert_change(
            tx, workflow=draft.workflow, revision=draft.revision + 1, batch=batch, client="restore", person=person.id,
            at=now, edits=EDITS.dump_json(edits, by_alias=True).decode(),
        )  # fmt: skip
        return draft.revision + 1

    return await do(runtime, actor, "version.restore", name, work)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side."""

    before: Document | None
    after: Document
    changes: list[Ranked]
    """the most material first, those of what it depends on among them"""


async def compare_versions(
    runtime: Runtime, actor: Actor | None, *, name: str, before: str | None, after: str | None
) -> Comparison:
    """What changed from one version to another; None stands for nothing at all (before) or the draft (after)."""

    def find(tx: Tx) -> Comparison:
        workflow = workflow_id(tx, name)
        old = _version_of(tx, workflow, before) if before else None
        new = _version_of(tx, workflow, after) if after else None
        return comparison(tx, runtime, actor, old.id if old else None, new.id if new else _drafted(tx, name))

    return await look(runtime, actor, "version.see", name, find)


def comparison(tx: Tx, runtime: Runtime, actor: Actor | None, before: str | None, after: str | Document) -> Comparison:
    """What changed from one version (None: nothing at all) to another, or to a document with its dependencies as they
    are now; told in the titles this person may know."""
    old = version_document(tx, before) if before else None
    new = version_document(tx, after) if isinstance(after, str) else after
    was = _manifest(tx, before) if before else manifest([])
    now = _manifest(tx, after) if isinstance(after, str) else manifest_of(tx, runtime, after)
    first, second = runtime.plans.compile(old or Document(name=new.name)), runtime.plans.compile(new)
    titles = known_titles(tx, actor, first.touched, second.touched)
    hidden = unreadable(tx, actor, (*first.touched.bases, *second.touched.bases))
    drift = [each for each in muted(drifted(was, now, titles), hidden) if each.before and each.after] if before else []
    changes = first_things_first(diff(old, new, runtime.catalogue, titles), first.parts, second.parts, drift)
    return Comparison(old, new, changes)


def _manifest(tx: Tx, version: str) -> Manifest:
    row = rows.find_version(tx, version)
    assert row is not None, "its document was just read"
    return manifest_under(tx, row.manifest)


def version_document(tx: Tx, version: str) -> Document:
    """The document of a version, put together from its parts. Raises `NotFound`."""
    row = rows.find_version(tx, version)
    if row is None:
        raise NotFound("There is no such version.", hint="Open the list of versions again.")
    meaning, words, layout = (read_content(tx, digest) for digest in (row.hash, row.words, row.layout))
    return Document(
        name=row.workflow_name or "deleted-workflow",
        meaning=Meaning.model_validate_json(meaning or b"{}"),
        words=Words.model_validate_json(words or b"{}"),
        layout=Layout.model_validate_json(layout or b"{}"),
    )


def _drafted(tx: Tx, name: str) -> Document:
    return Document.model_validate_json(draft_of(tx, name).document)


def _version_of(tx: Tx, workflow: str, version: str) -> Row[Any]:
    """A version of this very workflow; one of another is not there."""
    row = rows.find_version(tx, version)
    if row is None or row.workflow != workflow:
        raise NotFound("This workflow has no such version.", hint="Open the list of versions again.")
    return row


def _words(title: str, note: str) -> tuple[str, str]:
    title, note = " ".join(title.split()), note.strip()
    if len(title) > LONGEST_TITLE or len(note) > LONGEST_NOTE:
        raise BadInput(
            f"A version's name may have {LONGEST_TITLE} characters, its note {LONGEST_NOTE}.", hint="Say it shorter."
        )
    return title, note


def _card(row: Row[Any] | None) -> VersionCard:
    assert row is not None, "it was written in this very transaction"
    return VersionCard(row.id, row.number, row.hash, row.words, row.manifest, row.name, row.note, row.who, row.created)
