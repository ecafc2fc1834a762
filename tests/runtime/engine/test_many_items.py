"""Ten thousand items with one poison among them: the policy holds, memory stays small, the log is read page by page."""

import json
import subprocess
import sys

import pytest

COUNT, AT_ONCE, PAGE = 10_000, 10, 500
MOST_MB = 200
POISON = COUNT // 2


def thousands(policy: str) -> dict:
    """What a child process with its own memory came to."""
    command = [sys.executable, "-m", "tests.support.thousands", policy, str(COUNT), str(AT_ONCE)]
    child = subprocess.run(command, check=False, capture_output=True, text=True, timeout=110)
    assert child.returncode == 0, child.stderr[-2000:]
    found = json.loads(child.stdout.splitlines()[-1])
    print(
        f"{policy}: {found['seconds']:.1f} s, {found['more_mb']:.0f} MB more, {found['records']:,} records in "
        f"{found['pages']} pages, {found['reading_mb']:.1f} MB to read them"
    )
    return found


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["stop", "null", "skip"])
def test_ten_thousand_items_with_one_poison_follow_the_policy_and_take_little_memory(policy):
    found = thousands(policy)
    numbers = [None if at == POISON else at + 1 for at in range(COUNT)]
    if policy == "stop":
        assert (found["status"], found["error"]["step"], found["error"]["code"]) == ("failed", "e", "not_comparable")
        assert str(POISON + 1) in found["error"]["message"]
        assert found["items"]["failed"] == 1
        assert POISON - AT_ONCE < found["items"]["done"] < POISON + AT_ONCE
    else:
        wanted = numbers if policy == "null" else [each for each in numbers if each is not None]
        assert (found["status"], found["failed"], found["output"]) == ("partly_succeeded", 1, wanted)
        assert found["items"] == {"done": COUNT - 1, "failed": 1}
    assert found["more_mb"] < MOST_MB
    assert found["pages"] == -(-found["records"] // PAGE) > 1
    assert found["reading_mb"] < MOST_MB / 10
