"""The rate of a socket, and the headers of an answer."""

from pathlib import Path

from builder.session.address import our_address
from builder.session.bucket import Bucket
from builder.session.headers import content_security_policy, inline_scripts, security_headers
from runtime.settings import Settings


def test_a_bucket_gives_a_burst_and_then_its_rate():
    clock = [0.0]
    bucket = Bucket(rate=2, burst=3, now=lambda: clock[0])
    assert [bucket.take() for _ in range(5)] == [True, True, True, False, False]
    clock[0] = 1
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    clock[0] = 100
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_inline_scripts_of_the_build_are_allowed_by_hash(tmp_path: Path):
    page = tmp_path / "index.html"
    page.write_text('<script>one()</script><script src="/a.js"></script><script type="module" async="">two()</script>')
    policy = content_security_policy([page])
    assert inline_scripts(page.read_text()) == ["one()", "two()"]
    assert policy.count("'sha256-") == 2
    # printf 'one()' | openssl sha256 -binary | base64
    assert "'sha256-HR7iaask9daLMRRskMI++QeJtjWDOjyPA6lGzYGzKW4='" in policy
    assert "unsafe" not in policy.partition("script-src")[2].partition(";")[0]


def test_only_https_promises_to_stay_https():
    def names(settings: Settings) -> set[bytes]:
        return {name for name, _ in security_headers(our_address(settings), [])}

    assert b"strict-transport-security" in names(Settings(public_url="https://a.example"))
    assert b"strict-transport-security" not in names(Settings())
