"""Looking after an app: the example to copy."""

from builder.screens.app_manage import curl_of
from runtime.operations.forms import FormField


def asked(name: str, kind: str, *, required: bool = True, default: object = None, options: tuple[str, ...] = ()):
    return FormField(name, kind, name, "", required, default, list(options), None, None, None)


def test_the_example_gives_what_a_start_cannot_do_without():
    asks = [
        asked("question", "paragraph"), asked("days", "number"), asked("tone", "choice", options=("Formal", "Kind")),
        asked("since", "date", required=False), asked("short", "yes_no", default=True),
    ]  # fmt: skip
    told = curl_of("https://lane.example", "policy", asks)
    assert told.startswith("curl https://lane.example/api/v1/apps/policy/runs")
    assert '{"inputs": {"question": "…", "days": 1, "tone": "Formal"}, "mode": "wait"}' in told


def test_an_apostrophe_does_not_end_the_example():
    assert curl_of("", "a", [asked("who", "choice", options=("it's me",))]).count("'") % 2 == 0
