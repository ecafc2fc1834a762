import json

from runtime.governance.manifest import dependency, drifted, manifest, read_manifest

FAST = {"model": "openai/a", "clearance": "internal"}


def test_the_digest_is_of_what_is_in_it_in_whatever_order_it_was_found():
    one, other = dependency("model", "fast", FAST), dependency("base", "handbook", {"data_class": "internal"})
    assert manifest([one, other]).digest == manifest([other, one, one]).digest
    assert manifest([one]).digest != manifest([one, other]).digest


def test_any_fact_changes_the_digest():
    assert (
        dependency("model", "fast", FAST).digest != dependency("model", "fast", FAST | {"clearance": "public"}).digest
    )


def test_what_is_not_there_is_a_fact_too():
    gone = dependency("base", "handbook", None)
    assert gone.facts == {"missing": True}
    there = dependency("base", "handbook", {"data_class": "internal"})
    [change] = drifted(manifest([there]), manifest([gone]))
    assert change.sentence == "The knowledge base “handbook” is gone."


def test_a_manifest_that_was_kept_is_read_back_whole():
    made = manifest([dependency("model", "fast", FAST), dependency("node_type", "ai.ask_model", {"version": 1})])
    assert read_manifest(json.loads(made.as_json())) == made


def test_what_drifted_is_said_field_by_field():
    before = manifest([dependency("model", "fast", FAST)])
    after = manifest([dependency("model", "fast", {"model": "openai/b", "clearance": "public"})])
    [change] = drifted(before, after)
    assert (
        change.sentence == "The model alias “fast” changed: clearance: internal → public; model: openai/a → openai/b."
    )
    assert drifted(before, before) == []
    [called] = drifted(before, after, {"model:fast": "The quick one"})
    assert called.sentence.startswith("The model alias “The quick one” changed: ")
