import pytest

from runtime.operations.naming import LONGEST, free_name


def named(title: str, *taken: str) -> str:
    return free_name(title, lambda start: {each for each in taken if each.startswith(start)}, otherwise="flow")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Ticket triage", "ticket-triage"),
        ("  Größe & Maße!  ", "groesse-masse"),
        ("24 hours", "flow-24-hours"),
        ("日本", "flow"),
        ("../../etc", "etc"),
    ],
)
def test_a_name_is_made_of_small_letters_digits_and_hyphens(title: str, name: str):
    assert named(title) == name


def test_a_name_that_is_taken_gets_the_next_free_number():
    assert named("Triage", "triage") == "triage-2"
    assert named("Triage", "triage", "triage-2", "triage-4") == "triage-3"


def test_a_long_title_makes_a_name_that_ends_with_a_letter():
    name = named("ab " * 100)
    assert len(name) <= LONGEST
    assert not name.endswith("-")
