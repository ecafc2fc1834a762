from dataclasses import replace

from runtime.governance.checks.places import check
from runtime.governance.manifest import dependency, manifest
from tests.runtime.governance.gathered import facts
from tests.runtime.operations.flows import summary


def test_what_is_set_up_is_named():
    assert check(facts(summary())).sentence == "All are set up: fast."


def test_what_is_missing_or_switched_off_fails():
    gone = replace(facts(summary()), manifest=manifest([dependency("model", "fast", None)]))
    assert check(gone).sentence == "There is no model alias “fast”."
    stopped = replace(facts(summary()), stopped={"model:fast": "The model alias “fast” is switched off."})
    assert check(stopped).ok == "failed"
