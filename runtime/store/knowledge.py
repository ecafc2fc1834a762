"""Knowledge bases, their documents and passages: the truth of all that is found; the search index is made of this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row

from runtime.store.database import execute, execute_many
from runtime.store.dialects import word_search
from runtime.store.log import read_blob
from runtime.store.rights import HOLDERS, LEVELS

FILE, TEXT = "file:", "text:"
"""what keys of blobs begin with: an uploaded file is never taken for a value of a run that says the same"""
VECTORS_AT_ONCE = 1_000
_DOCUMENT = ", ".join(
    f"document.{name}"
    for name in ("id", "base", "name", "media", "size", "blob", "text", "status", "error", "run", "pages", "passages",
                 "done")
)  # fmt: skip


class NewBase(NamedTuple):
    """A base as it is created."""

    id: str
    name: str
    title: str
    purpose: str
    data_class: str
    owner: str
    model: str


class NewPassage(NamedTuple):
    """A passage as it is kept, in the order of the columns."""

    id: str
    document: str
    base: str
    number: int
    page: int
    start: int
    end: int
    heading: str
    text: str
    vector: bytes


def insert_base(tx: Connection, base: NewBase, now: float) -> None:
    tx.exec_driver_sql(
        "INSERT INTO knowledge_base (id, name, title, purpose, data_class, owner, model, tokens, overlap, created,"
        " updated) VALUES (?, ?, ?, ?, ?, ?, ?, 180, 20, ?, ?)",
        (*base, now, now),
    )


def taken_base_names(tx: Connection, start: str) -> set[str]:
    """The names in use that begin like this."""
    return {row[0] for row in tx.exec_driver_sql("SELECT name FROM knowledge_base WHERE name LIKE ? || '%'", (start,))}


def find_base(tx: Connection, name: str) -> Row[Any] | None:
    """The whole row of a base, by name or id, and `who`, the name of its owner."""
    return tx.exec_driver_sql(
        "SELECT knowledge_base.*, person.name AS who FROM knowledge_base JOIN person ON person.id = owner"
        " WHERE knowledge_base.name = ?1 OR knowledge_base.id = ?1",
        (name,),
    ).first()


def change_base(tx: Connection, base: str, *, title: str, purpose: str, data_class: str, now: float) -> None:
    tx.exec_driver_sql(
        "UPDATE knowledge_base SET title = ?, purpose = ?, data_class = ?, updated = ? WHERE id = ?",
        (title, purpose, data_class, now, base),
    )


def remove_base(tx: Connection, base: str) -> None:
    """The base, its documents and passages."""
    tx.exec_driver_sql("DELETE FROM knowledge_base WHERE id = ?", (base,))


def list_bases(tx: Connection, person: str) -> list[Row[Any]]:
    """Bases this person may read, by title. Columns id, name, title, purpose, data_class, who (owner), documents,
    passages, unready (documents still being indexed), level (highest held)."""
    return list(
        tx.exec_driver_sql(
            "SELECT knowledge_base.id, knowledge_base.name, title, purpose, data_class, person.name AS who,"
            " (SELECT count(*) FROM document WHERE base = knowledge_base.id) AS documents,"
            " (SELECT coalesce(sum(passages), 0) FROM document WHERE base = knowledge_base.id AND status = 'ready')"
            " AS passages,"
            " (SELECT count(*) FROM document WHERE base = knowledge_base.id"
            " AND status IN ('waiting', 'reading', 'indexing')) AS unready,"
            " held.level FROM knowledge_base JOIN person ON person.id = owner JOIN"
            f" (SELECT thing, max(level) AS level FROM thing_right WHERE holder IN ({HOLDERS}) GROUP BY thing) AS held"
            " ON held.thing = knowledge_base.id"
            " ORDER BY title, knowledge_base.id",
            (person,),
        )
    )


def bases_named(tx: Connection, names: Iterable[str]) -> dict[str, str]:
    """Ids of bases by name; names of none are left out."""
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    rows = execute(tx, f"SELECT name, id FROM knowledge_base WHERE name IN ({_marks(wanted)})", wanted)
    return dict(rows.fetchall())


def readable_bases(tx: Connection, holder: str) -> set[str]:
    """Ids of the bases that a person (or an app with rights of its own) may read."""
    rows = execute(
        tx,
        "SELECT DISTINCT knowledge_base.id FROM knowledge_base JOIN thing_right ON thing = knowledge_base.id"
        f" WHERE level >= ?2 AND holder IN ({HOLDERS})",
        (holder, LEVELS.index("see")),
    )
    return {row[0] for row in rows}


def readable_names(tx: Connection, names: Iterable[str], holder: str) -> list[str]:
    """Those of these names that are bases somebody may read."""
    named = bases_named(tx, names)
    readable = readable_bases(tx, holder) if named else ()
    return [name for name, base in named.items() if base in readable]


def insert_document(
    tx: Connection,
    *,
    document: str,
    base: str,
    name: str,
    media: str,
    body: bytes,
    blob: str,
    run: str,
    person: str,
    now: float,
) -> None:
    """A document that waits to be indexed by `run`, with its file."""
    _keep(tx, FILE + blob, body)
    tx.exec_driver_sql(
        "INSERT INTO document (id, base, name, media, size, blob, status, error, run, pages, passages, done, person,"
        " created) VALUES (?, ?, ?, ?, ?, ?, 'waiting', '', ?, 0, 0, 0, ?, ?)",
        (document, base, name, media, len(body), blob, run, person, now),
    )


def read_file(tx: Connection, blob: str) -> bytes | None:
    """A file as it was uploaded."""
    return read_blob(tx, FILE + blob)


def read_text(tx: Connection, text: str) -> list[str]:
    """The pages read from a file; none where it has been removed."""
    body = read_blob(tx, TEXT + text)
    return [] if body is None else orjson.loads(body)


def _keep(tx: Connection, key: str, body: bytes) -> None:
    execute(tx, "INSERT INTO blob (digest, body) VALUES (?, ?) ON CONFLICT DO NOTHING", (key, body))


def find_document(tx: Connection, document: str) -> Row[Any] | None:
    """A document with the name of its base (`in_base`), the settings it is split by, and how its run ended
    (`run_status`, `run_error`)."""
    return tx.exec_driver_sql(
        f"SELECT {_DOCUMENT}, knowledge_base.name AS in_base, tokens, overlap, run.status AS run_status,"
        " run.error AS run_error FROM document JOIN knowledge_base ON knowledge_base.id = document.base"
        " LEFT JOIN run ON run.id = document.run WHERE document.id = ?",
        (document,),
    ).first()


def list_documents(tx: Connection, base: str) -> list[Row[Any]]:
    """The documents of a base, newest first; columns as `find_document`, with `created` and `who` brought each."""
    return list(
        tx.exec_driver_sql(
            f"SELECT {_DOCUMENT}, document.created, person.name AS who, run.status AS run_status,"
            " run.error AS run_error FROM document LEFT JOIN person ON person.id = document.person"
            " LEFT JOIN run ON run.id = document.run WHERE document.base = ?"
            " ORDER BY document.created DESC, document.id",
            (base,),
        )
    )


def twin_of(tx: Connection, base: str, name: str, blob: str) -> str | None:
    """The name of a document of a base that has this name, or else of one that is the very same file."""
    row = execute(
        tx,
        "SELECT name FROM document WHERE base = ?1 AND (name = ?2 OR blob = ?3) ORDER BY name <> ?2 LIMIT 1",
        (base, name, blob),
    ).fetchone()
    return row[0] if row else None


def begin_reading(tx: Connection, document: str) -> None:
    tx.exec_driver_sql("UPDATE document SET status = 'reading', error = '' WHERE id = ?", (document,))


def note_text(tx: Connection, document: str, *, text: str, body: bytes, pages: int, passages: int) -> bool:
    """The text of a document is known; False when it has been removed meanwhile."""
    done = tx.exec_driver_sql(
        "UPDATE document SET text = ?, pages = ?, passages = ?, status = 'indexing' WHERE id = ?",
        (text, pages, passages, document),
    )
    if done.rowcount != 1:
        return False
    _keep(tx, TEXT + text, body)
    return True


def fail_document(tx: Connection, document: str, sentence: str) -> None:
    tx.exec_driver_sql("UPDATE document SET status = 'failed', error = ? WHERE id = ?", (sentence, document))


def retry_document(tx: Connection, document: str, run: str) -> None:
    """Once more, by another run; what is embedded stays."""
    tx.exec_driver_sql("UPDATE document SET status = 'waiting', error = '', run = ? WHERE id = ?", (run, document))


def finish_document(tx: Connection, document: str) -> None:
    """From here on its passages are found."""
    tx.exec_driver_sql("UPDATE document SET status = 'ready', error = '' WHERE id = ?", (document,))


def remove_document(tx: Connection, document: str) -> list[str]:
    """A document, its passages and its file; the ids of passages the search index holds."""
    row = tx.exec_driver_sql("SELECT blob, text FROM document WHERE id = ?", (document,)).first()
    if row is None:
        return []
    held = tx.exec_driver_sql("SELECT id FROM passage WHERE document = ? AND indexed", (document,)).scalars().all()
    tx.exec_driver_sql("DELETE FROM document WHERE id = ?", (document,))
    for key, column, digest in ((FILE, "blob", row.blob), (TEXT, "text", row.text)):
        tx.exec_driver_sql(
            f"DELETE FROM blob WHERE digest = ? AND NOT EXISTS (SELECT 1 FROM document WHERE {column} = ?)",
            (f"{key}{digest}", digest),
        )
    return list(held)


def insert_passages(tx: Connection, document: str, passages: Sequence[NewPassage]) -> bool:
    """Keep passages of a document and count them; those that are there already stay. False when the document has been
    removed meanwhile: then nothing is kept."""
    if tx.exec_driver_sql("SELECT 1 FROM document WHERE id = ?", (document,)).first() is None:
        return False
    execute_many(
        tx,
        'INSERT INTO passage (id, document, base, number, page, start, "end", heading, text, vector, indexed)'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, FALSE) ON CONFLICT DO NOTHING",
        passages,
    )
    tx.exec_driver_sql(
        "UPDATE document SET done = (SELECT count(*) FROM passage WHERE document = ?1) WHERE id = ?1", (document,)
    )
    return True


def kept_numbers(tx: Connection, document: str) -> set[int]:
    """Which passages of a document are kept already."""
    return {row[0] for row in execute(tx, "SELECT number FROM passage WHERE document = ?", (document,))}


def list_passages(tx: Connection, document: str, after: int, most: int) -> list[tuple[Any, ...]]:
    """Passages of a document in order: id, number, page, start, end, heading, text."""
    return execute(
        tx,
        'SELECT id, number, page, start, "end", heading, text FROM passage WHERE document = ? AND number > ?'
        " ORDER BY number LIMIT ?",
        (document, after, most),
    ).fetchall()


def unindexed(tx: Connection, document: str | None = None, most: int = 512) -> list[tuple[str, str, bytes]]:
    """Passages the search index does not have yet: id, base, vector. Without a document: of all that are ready."""
    if document is not None:
        return execute(
            tx, "SELECT id, base, vector FROM passage WHERE document = ? AND indexed = false LIMIT ?", (document, most)
        ).fetchall()
    return execute(
        tx,
        "SELECT passage.id, passage.base, vector FROM passage JOIN document ON document.id = document"
        " WHERE indexed = false AND status = 'ready' LIMIT ?",
        (most,),
    ).fetchall()


def mark_indexed(tx: Connection, passages: Iterable[str], *, indexed: bool = True) -> None:
    """The search index has these, or has lost them."""
    execute_many(tx, "UPDATE passage SET indexed = ? WHERE id = ?", [(indexed, each) for each in passages])


def indexed_ids(tx: Connection) -> set[str]:
    return {row[0] for row in execute(tx, "SELECT id FROM passage WHERE indexed")}


def by_words(tx: Connection, question: str, bases: Sequence[str], most: int) -> dict[str, float]:
    """Passages of these bases in which words of the question stand: id and BM25, larger is better."""
    search = word_search(tx, question, bases, most) if bases else None
    return dict(execute(tx, *search).fetchall()) if search else {}


def vectors_of(tx: Connection, passages: Sequence[str]) -> dict[str, bytes]:
    """Vectors by passage."""
    if not passages:
        return {}
    rows = execute(tx, f"SELECT id, vector FROM passage WHERE id IN ({_marks(passages)})", list(passages))
    return dict(rows.fetchall())


def vectors_in(tx: Connection, bases: Sequence[str]) -> Iterator[Sequence[tuple[str, bytes]]]:
    """Of all passages of ready documents in these bases: id and vector, a batch at a time."""
    rows = execute(
        tx,
        "SELECT passage.id, vector FROM passage JOIN document ON document.id = document"
        f" WHERE passage.base IN ({_marks(bases)}) AND status = 'ready'",
        list(bases),
    )
    while some := rows.fetchmany(VECTORS_AT_ONCE):
        yield some


def read_passages(tx: Connection, passages: Sequence[str], bases: Sequence[str]) -> dict[str, Row[Any]]:
    """Passages of ready documents in these bases, by id: whatever the search index said, the rows decide. Columns of
    `passage` without the vector, and title (of the document), in_base (name of the base), cited (the page, 0 where the
    document has only one)."""
    if not passages or not bases:
        return {}
    rows = tx.exec_driver_sql(
        'SELECT passage.id, document, passage.base, number, page, start, "end", heading, passage.text,'
        " document.name AS title, knowledge_base.name AS in_base, knowledge_base.title AS base_title, media,"
        " document.text AS content, document.pages AS pages, CASE WHEN document.pages > 1 THEN page ELSE 0 END AS cited"
        " FROM passage JOIN document ON document.id = passage.document"
        " JOIN knowledge_base ON knowledge_base.id = passage.base"
        f" WHERE passage.id IN ({_marks(passages)}) AND passage.base IN ({_marks(bases)})"
        " AND document.status = 'ready'",
        (*passages, *bases),
    )
    return {row.id: row for row in rows}


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("?" for _ in values)
