"""The public code steps run in our sandbox."""

import pytest

from tests.conformance.code_steps import PUBLIC, CodeStep, collected, tried

pytestmark = pytest.mark.slow


async def test_no_public_code_step_is_refused():
    if not PUBLIC.exists():
        pytest.skip("the public workflows of Dify (../shared/dify) are not on this machine")
    outcomes = [await tried(each) for each in collected()]
    assert len(outcomes) >= 90
    assert [(each.step.file, each.step.id, each.why) for each in outcomes if each.kind == "refused"] == []
    assert sum(each.kind == "ran" for each in outcomes) >= 70


@pytest.mark.parametrize(
    ("language", "code", "kind"),
    [
        ("python", "import json\ndef main(a):\n    return {'out': json.dumps(a)}", "ran"),
        ("python", "def main(a):\n    return {'out': a['nobody has this']}", "own"),
        ("python", "import requests\ndef main(a):\n    return {'out': requests.get(a).text}", "elsewhere"),
        ("python", "import nobody_knows\ndef main(a):\n    return {'out': a}", "refused"),
        ("javascript", "const main = ({a}) => ({out: JSON.stringify(a)});", "ran"),
        ("javascript", "async function main({a}) { return {out: (await fetch(a)).text()}; }", "elsewhere"),
    ],
)
async def test_how_a_step_fared_is_told(language, code, kind):
    step = CodeStep("a file", "1", language, code, {"out": "string"}, {"a": "string"})
    assert (await tried(step)).kind == kind
