"""The tooltip and the help are one docstring."""

from nodes.catalogue.conventions import LONGEST_SUMMARY, summary_and_help
from nodes.flow.start import Start


def test_the_first_line_is_the_tooltip_and_the_rest_the_help():
    summary, rest = summary_and_help(Start)
    assert summary == "Begin here: what a run needs to know before it starts."
    assert rest.startswith("Each input becomes")
    assert "    " not in rest
    assert len(summary) <= LONGEST_SUMMARY
