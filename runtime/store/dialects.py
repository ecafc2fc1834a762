"""What SQLite and Postgres say differently, each thing once. Everywhere else the store speaks what both understand.

`postgres` rewrites the marks of values, LIKE and group_concat of every statement on its way; what needs another
statement stands here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, exc

from runtime.store.words import telling_words, words_query


def is_postgres(tx: Connection) -> bool:
    """Whether this is a Postgres, else it is a SQLite."""
    return tx.dialect.name == "postgresql"


def begin_writing(tx: Connection) -> None:
    """Open a transaction that writes. On SQLite it is the only one; on Postgres others write meanwhile."""
    tx.connection.cursor().execute("BEGIN" if is_postgres(tx) else "BEGIN IMMEDIATE")


def begin_reading(tx: Connection) -> None:
    """Open a transaction that sees one moment."""
    tx.connection.cursor().execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if is_postgres(tx) else "BEGIN")


LAYOUT_LOCK, DOOR_LOCK, BUDGET_LOCK, AUDIT_LOCK = range(7_107_001, 7_107_005)
"""what is done by one process at a time on Postgres, in the order in which a transaction may take them: making the
tables, operations of the door, reserving of a budget, adding to the audit chain"""


def lock(tx: Connection, number: int) -> None:
    """Until the end of the transaction nobody else has this lock. On SQLite every transaction has it anyway."""
    if is_postgres(tx):
        tx.connection.cursor().execute(f"SELECT pg_advisory_xact_lock({number})")


def lock_runs(tx: Connection, runs: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Attempt and status of these runs, which stay so until the end of the transaction."""
    if not is_postgres(tx):
        return {run: row for run in runs if (row := lock_run(tx, run))}
    question = "SELECT id, attempt, status FROM run WHERE id = ANY(?) ORDER BY id FOR SHARE"
    return {row[0]: (row[1], row[2]) for row in tx.exec_driver_sql(question, (sorted(set(runs)),))}


def lock_run(tx: Connection, run: str, *, to_change: bool = False) -> tuple[int, str] | None:
    """Attempt and status of a run, which stay so until the end of the transaction unless this one changes them; None
    where there is none. Who will change the row says so, or two who share it wait for one another."""
    question = "SELECT attempt, status FROM run WHERE id = ?"
    if is_postgres(tx):
        question += " FOR UPDATE" if to_change else " FOR SHARE"
    return tx.connection.cursor().execute(question, (run,)).fetchone()


def meets_another(error: BaseException) -> bool:
    """Whether a transaction failed only because it met another one, and will succeed when it is tried again."""
    cause = error.orig if isinstance(error, exc.DBAPIError) else None
    return getattr(cause, "sqlstate", None) in ("40001", "40P01")


def read_layout(tx: Connection) -> int:
    """The number of the table layout; 0 in an empty database."""
    if not is_postgres(tx):
        return tx.exec_driver_sql("PRAGMA user_version").scalar_one()
    # not `to_regclass`, which may remember within a transaction that there was none
    there = "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'greenlane_layout'"
    if tx.exec_driver_sql(there).first() is None:
        return 0
    return tx.exec_driver_sql("SELECT number FROM greenlane_layout").scalar_one()


def note_layout(tx: Connection, number: int) -> tuple[str, ...]:
    """Statements that note the number of the table layout, or note once more what is there."""
    if not is_postgres(tx):
        return (f"PRAGMA user_version={number}",)
    return (
        "CREATE TABLE IF NOT EXISTS greenlane_layout (one INTEGER PRIMARY KEY, number INTEGER NOT NULL)",
        f"INSERT INTO greenlane_layout VALUES (1, {number}) ON CONFLICT (one) DO UPDATE SET number = excluded.number",
    )


def database_clock(tx: Connection) -> str:
    """The time now, in seconds since 1970, by the clock of the database: an expression."""
    if is_postgres(tx):
        return "CAST(extract(epoch FROM clock_timestamp()) AS DOUBLE PRECISION)"
    return "((julianday('now') - 2440587.5) * 86400.0)"


def text_of(tx: Connection, column: str) -> str:
    """A column of bytes as the text it is: an expression."""
    return f"convert_from({column}, 'UTF8')" if is_postgres(tx) else f"CAST({column} AS TEXT)"


def steps_of(tx: Connection, column: str) -> str:
    """The steps of a document's meaning, a row each: something to select from."""
    if is_postgres(tx):
        return f"LATERAL json_object_keys(CAST({text_of(tx, column)} AS JSON) -> 'steps') AS step"
    return f"json_each({text_of(tx, column)}, '$.steps') AS step"


def first_text_of(tx: Connection, column: str) -> str:
    """How the first text in a JSON object begins: an expression."""
    if is_postgres(tx):  # which cannot take the character 0 out of JSON
        text = text_of(tx, column)
        fit = f"{text} LIKE '{{%' AND position('\\u0000' IN {text}) = 0"
        read = f"CAST(CASE WHEN {fit} THEN {text} ELSE '{{}}' END AS JSON)"
        value = "value #>> '{}'"
        return (
            f"(SELECT substr({value}, 1, 160) FROM json_each({read}) WHERE json_typeof(value) = 'string'"
            f" AND trim({value}) <> '' LIMIT 1)"
        )
    return (
        f"(SELECT substr(value, 1, 160) FROM json_each({text_of(tx, column)}) WHERE type = 'text'"
        " AND trim(value) <> '' LIMIT 1)"
    )


def word_search(
    tx: Connection, question: str, bases: Sequence[str], most: int
) -> tuple[str, tuple[object, ...]] | None:
    """The passages of ready documents in these bases in which words of the question stand, best first: a statement
    with columns id and weight (BM25, larger is better), and its values. None where there is nothing to look for."""
    if is_postgres(tx):
        wanted = telling_words(question)
        return (_WORDS_IN_POSTGRES, (wanted, list(bases), most)) if wanted else None
    wanted = words_query(question)
    inside = ", ".join("?" * len(bases))
    return (_WORDS_IN_SQLITE.format(bases=inside), (wanted, *bases, *bases, most)) if wanted else None


# whatever can be is asked of the indexes alone: of the passages themselves only the best are read
_WORDS_IN_SQLITE = (
    "SELECT passage.id, weight FROM (SELECT rowid AS at, -bm25(passage_words, 2.0, 1.0) AS weight"
    " FROM passage_words WHERE passage_words MATCH ?"
    " AND +rowid IN (SELECT row FROM passage WHERE base IN ({bases}))"
    " AND +rowid NOT IN (SELECT row FROM passage WHERE document IN"
    " (SELECT id FROM document WHERE base IN ({bases}) AND status != 'ready'))"
    " ORDER BY weight DESC LIMIT ?) JOIN passage ON passage.row = at ORDER BY weight DESC"
)
# Postgres has no BM25: its index finds, its rank chooses the thousand that are weighed; k1 = 1.2, b = 0.75, and a word
# of the heading counts twice, as on SQLite
_WORDS_IN_POSTGRES = """
WITH asked AS (SELECT phraseto_tsquery('simple', passage_plain(each)) AS phrase, passage_plain(each) AS plain
               FROM unnest(CAST(?1 AS TEXT[])) AS each),
     wanted AS (SELECT CAST(string_agg('(' || CAST(phrase AS TEXT) || ')', ' | ') AS TSQUERY) AS query FROM asked
                WHERE numnode(phrase) > 0),
     terms AS (SELECT term, (SELECT count(*) FROM passage_words WHERE words @@ CAST(quote_literal(term) AS TSQUERY))
               AS rows FROM (SELECT DISTINCT unnest(tsvector_to_array(to_tsvector('simple', plain))) AS term
                             FROM asked) AS each),
     hits AS (SELECT passage.id, passage_words.words, passage_words.size FROM passage_words
              JOIN passage ON passage.row = passage_words.row JOIN document ON document.id = passage.document
              JOIN wanted ON passage_words.words @@ query
              WHERE passage.base = ANY(CAST(?2 AS TEXT[])) AND document.status = 'ready'
              ORDER BY ts_rank(passage_words.words, query) DESC LIMIT 1000),
     usual AS (SELECT CAST(count(*) AS DOUBLE PRECISION) AS number, greatest(avg(size), 1) AS size FROM passage_words),
     counted AS (SELECT hits.id, hits.size, terms.rows, CAST((SELECT sum(CASE weight WHEN 'A' THEN 2 ELSE 1 END)
                 FROM unnest(weights) AS weight) AS DOUBLE PRECISION) AS count
                 FROM hits, LATERAL unnest(hits.words) AS found JOIN terms ON terms.term = found.lexeme)
SELECT id, sum(ln(1 + greatest(number - rows + 0.5, 0) / (rows + 0.5)) * count * 2.2
       / (count + 1.2 * (0.25 + 0.75 * counted.size / usual.size))) AS weight
FROM counted, usual GROUP BY id ORDER BY weight DESC LIMIT ?3
"""
