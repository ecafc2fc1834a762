"""Rows of knowledge: bases, their documents, the passages that are searched."""

from __future__ import annotations

from sqlalchemy import DDL, Column, ForeignKey, Index, LargeBinary, Text, event
from sqlmodel import Field, SQLModel


class KnowledgeBase(SQLModel, table=True):
    """Documents that steps may search, with a purpose and a data class. Who may read it stands in `thing_right`."""

    __tablename__ = "knowledge_base"  # pyright: ignore[reportAssignmentType] - SQLModel types it as a method
    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    """what steps write: small letters and hyphens; it never changes"""
    title: str
    purpose: str
    data_class: str
    owner: str = Field(foreign_key="person.id")
    model: str
    """embedding model, by name and version"""
    tokens: int = 180
    """most tokens of a passage"""
    overlap: int = 20
    created: float
    updated: float


class Document(SQLModel, table=True):
    """A file of a knowledge base."""

    id: str = Field(primary_key=True)
    base: str = Field(sa_column=Column(ForeignKey("knowledge_base.id", ondelete="CASCADE"), nullable=False, index=True))
    name: str
    media: str
    """pdf, docx, markdown, html, text or csv"""
    size: int
    blob: str
    """digest of the file as it was uploaded"""
    text: str | None = None
    """digest of the text read from it: JSON, a list of pages"""
    status: str
    """waiting, reading, indexing, ready or failed"""
    error: str = ""
    run: str = ""
    """the run that indexes it"""
    pages: int = 0
    passages: int = 0
    done: int = 0
    """passages embedded so far"""
    person: str
    created: float


class Passage(SQLModel, table=True):
    """A piece of a document, as it is found and cited."""

    row: int | None = Field(default=None, primary_key=True)
    """what its words stand under in `passage_words`; never the same again"""
    id: str = Field(unique=True)
    """made of document and number, so that indexing again writes the same"""
    document: str = Field(sa_column=Column(ForeignKey("document.id", ondelete="CASCADE"), nullable=False))
    base: str = Field(index=True)
    number: int
    page: int
    """from 1; the only one where the format has no pages"""
    start: int
    """of its characters in the text of the page"""
    end: int
    heading: str = ""
    text: str = Field(sa_column=Column(Text, nullable=False))
    vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """384 float32, little endian, of length 1"""
    indexed: bool = False
    """whether the search index has it"""

    __table_args__ = (
        Index("passage_number", "document", "number", unique=True),
        Index("passage_indexed", "indexed"),
        {"sqlite_autoincrement": True},
    )


WORDS = {
    # the words of passages, for BM25; the text itself stays in `passage`, and triggers keep the two together
    "sqlite": (
        "CREATE VIRTUAL TABLE passage_words USING fts5(heading, text, content='passage', content_rowid='row',"
        " tokenize='unicode61 remove_diacritics 2')",
        "CREATE TRIGGER passage_words_in AFTER INSERT ON passage BEGIN"
        " INSERT INTO passage_words (rowid, heading, text) VALUES (new.row, new.heading, new.text); END",
        "CREATE TRIGGER passage_words_out AFTER DELETE ON passage BEGIN"
        " INSERT INTO passage_words (passage_words, rowid, heading, text)"
        " VALUES ('delete', old.row, old.heading, old.text); END",
    ),
    "postgresql": (
        # small letters, no accents, nothing but letters and digits
        "CREATE FUNCTION passage_plain(TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$ SELECT regexp_replace("
        "regexp_replace(normalize(lower($1), NFKD), '[\\u0300-\\u036f]+', '', 'g'), '[^[:alnum:]]+', ' ', 'g') $$",
        "CREATE TABLE passage_words (row BIGINT PRIMARY KEY REFERENCES passage (row) ON DELETE CASCADE,"
        " words TSVECTOR NOT NULL, size INTEGER NOT NULL)",
        "CREATE INDEX passage_words_in ON passage_words USING gin (words)",
        "CREATE FUNCTION passage_words_in() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO passage_words VALUES (new.row, setweight(to_tsvector('simple', passage_plain(new.heading)), 'A')"
        " || to_tsvector('simple', passage_plain(new.text)),"
        " length(to_tsvector('simple', passage_plain(new.text)))); RETURN NULL; END $$",
        "CREATE TRIGGER passage_words_in AFTER INSERT ON passage FOR EACH ROW EXECUTE FUNCTION passage_words_in()",
    ),
}
for _dialect, _statements in WORDS.items():
    for _statement in _statements:
        event.listen(
            Passage.__table__,  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType] - SQLModel adds it
            "after_create",
            DDL(_statement).execute_if(dialect=_dialect),
        )
