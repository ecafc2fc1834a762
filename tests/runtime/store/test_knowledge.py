from runtime.store import knowledge


def test_of_a_document_that_was_removed_meanwhile_no_text_is_kept(writer, reader):
    read = {"text": "t", "body": b'["a page"]', "pages": 1, "passages": 1}
    assert not writer.offer(lambda tx: knowledge.note_text(tx, "document_1", **read)).result(5)
    assert reader.now(lambda tx: knowledge.read_text(tx, "t")) == []
