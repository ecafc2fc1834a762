import pytest

from builder.screens.audit import short_thing, told_of


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("hidden: There is no run x.", "There is no run x. (It is there, but not for them.)"),
        ("not there: There is no run x.", "There is no run x."),
        ("To decide one has to be IT reviewer.", "To decide one has to be IT reviewer."),
        ("", ""),
    ],
)
def test_the_log_tells_what_was_hidden_from_what_was_never_there(kept, shown):
    assert told_of(kept) == shown


def test_a_handler_is_named_by_its_state_and_itself():
    name = "reflex___state____state.builder___screens___policies____policies.save"
    assert short_thing(name) == "policies.save"
    assert short_thing("leave-assistant") == "leave-assistant"
    assert short_thing("x" * 90) == "x" * 40 + "…"
