from builder.screens.answer import EXCERPT, excerpt_of


def test_an_excerpt_is_plain_words_and_ends_at_one():
    assert excerpt_of("# Leave\n\nThirty days.\n## Parents\n#1 of all") == "Leave\n\nThirty days.\nParents\n#1 of all"
    long = excerpt_of("word " * EXCERPT)
    assert long.endswith("word …")
    assert len(long) <= EXCERPT + 2
