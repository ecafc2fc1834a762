from runtime.store import knowledge
from runtime.store.database import execute
from runtime.store.people import insert_person
from tests.support.database import on_sqlite


def test_of_a_document_that_was_removed_meanwhile_no_text_is_kept(writer, reader):
    read = {"text": "t", "body": b'["a page"]', "pages": 1, "passages": 1}
    assert not writer.offer(lambda tx: knowledge.note_text(tx, "document_1", **read)).result(5)
    assert reader.now(lambda tx: knowledge.read_text(tx, "t")) == []


def test_only_what_stands_in_the_bases_that_are_asked_is_found_by_words_or_read(writer, reader):
    def fill(tx) -> None:
        insert_person(tx, person="ada", name="Ada", roles={"analyst"}, now=1.0)
        for base in ("mine", "theirs"):
            document, said = f"document_{base}", f"Zanzibarium is {base}"
            knowledge.insert_base(tx, knowledge.NewBase(base, base, base, "", "internal", "ada", "model"), 1.0)
            knowledge.insert_document(
                tx, document=document, base=base, name="a.txt", media="text/plain", body=b"x", blob=base, run="run",
                person="ada", now=1.0,
            )  # fmt: skip
            passage = knowledge.NewPassage(f"passage_{base}", document, base, 1, 1, 0, 4, "", said, b"\0" * 4)
            assert knowledge.insert_passages(tx, document, [passage])
            knowledge.finish_document(tx, document)

    writer.offer(fill).result(5)
    everything = ["passage_mine", "passage_theirs"]
    for bases, found in (["mine"], {"passage_mine"}), (["mine", "theirs"], set(everything)), ([], set()):
        assert reader.now(lambda tx, b=bases: knowledge.by_words(tx, "Zanzibarium", b, 10)).keys() == found
        assert reader.now(lambda tx, b=bases: knowledge.read_passages(tx, everything, b)).keys() == found


@on_sqlite
def test_what_the_search_index_lacks_is_found_without_reading_what_it_has(reader):
    asked: list[str] = []

    def plan(tx) -> str:
        driver = tx.connection.dbapi_connection
        driver.set_trace_callback(asked.append)
        knowledge.unindexed(tx)
        driver.set_trace_callback(None)
        return str(execute(tx, f"EXPLAIN QUERY PLAN {asked[0]}").fetchall())

    found = reader.now(plan)
    assert "passage_indexed" in found
    assert "SCAN" not in found, "every search asks this"
