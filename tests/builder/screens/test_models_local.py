from builder.screens.models_local import local_rows
from runtime.local_model import LocalModel, ModelStanding
from runtime.operations.local_models import LocalCard, is_demo_quality


def card(*standings, aliases=None):
    return LocalCard(engine=True, command="x", models=list(standings), aliases=aliases or {})


def test_a_model_is_told_with_its_size_its_memory_and_who_uses_it():
    model = LocalModel("smollm2-135m-demo-quality", "/data/m.gguf", 98_362_432, "")
    standing = ModelStanding(model, "running", 4711, 346, "")
    (row,) = local_rows(card(standing, aliases={model.name: ["careful", "fast"]}))
    assert (row["size"], row["memory"], row["aliases"], row["demo"]) == ("98 MB", "346 MB", "careful, fast", True)


def test_what_rests_uses_no_memory_and_what_failed_says_why():
    model = LocalModel("mine", "/data/m.gguf", 500_000, "d")
    rows = local_rows(
        card(ModelStanding(model, "resting", None, None, ""), ModelStanding(model, "failing", None, None, "No."))
    )
    assert [(row["size"], row["memory"], row["error"], row["aliases"]) for row in rows] == [
        ("under 1 MB", "none", "", "none yet"),
        ("under 1 MB", "none", "No.", "none yet"),
    ]


def test_where_its_file_lies_does_not_reach_the_browser():
    model = LocalModel("mine", "/data/secret-folder/m.gguf", 500_000, "digest")
    (row,) = local_rows(card(ModelStanding(model, "resting", None, None, "")))
    assert "secret-folder" not in str(row)
    assert "digest" not in str(row)


def test_only_the_model_that_comes_with_it_is_of_demo_quality():
    named = ("local/smollm2-135m-demo-quality", "local/mine", "openai/smollm2-135m-demo-quality")
    assert [is_demo_quality(each) for each in named] == [True, False, False]
