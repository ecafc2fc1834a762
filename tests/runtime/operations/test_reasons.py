import pytest

from runtime.errors import BadInput
from runtime.operations.reasons import LONGEST_TEXT, reasoned, written


@pytest.mark.parametrize("given", ["", "  because  ", "x" * (LONGEST_TEXT + 1)])
def test_a_reason_is_a_sentence_and_no_book(given):
    with pytest.raises(BadInput, match="say why"):
        reasoned(given)


def test_what_is_written_is_kept_without_the_space_around_it():
    assert reasoned(" It moved to another host. ") == "It moved to another host."
    assert written(" x ", "A remark needs words.", 1) == "x"
