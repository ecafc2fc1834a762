from runtime.operations.manifests import chain, keep_manifest, manifest_of, manifest_under
from runtime.store.models import AliasRow
from tests.runtime.operations.flows import summary


def alias(name: str, fallback: str | None) -> AliasRow:
    return AliasRow(
        name=name, description="", model="a/b", base_url="", key_env="", fast=False, fallback=fallback, price_in=None,
        price_out=None, max_tokens=1, timeout_s=1, month_limit=None, hosting="here", clearance="public", demo=False,
        updated=0.0,
    )  # fmt: skip


def test_a_manifest_names_models_and_step_types_and_is_read_back(runtime):
    made = runtime.reader.now(lambda tx: manifest_of(tx, runtime, summary()))
    assert [each.id for each in made.dependencies] == [
        "model:fast", "node_type:ai.ask_model", "node_type:flow.finish", "node_type:flow.start"
    ]  # fmt: skip


async def test_a_kept_manifest_is_read_back_whole(runtime):
    made = runtime.reader.now(lambda tx: manifest_of(tx, runtime, summary()))
    await runtime.writer.write(lambda tx: keep_manifest(tx, made))
    assert runtime.reader.now(lambda tx: manifest_under(tx, made.digest)) == made


def test_fallbacks_are_followed_also_round_a_circle():
    aliases = {"a": alias("a", "b"), "b": alias("b", "a")}
    assert chain(["a"], aliases) == ["a", "b"]
