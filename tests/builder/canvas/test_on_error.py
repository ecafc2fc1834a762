"""The canvas says what an error workflow is told in the words of the server."""

import re
from pathlib import Path

from runtime.graph.document import ERROR_INPUTS
from runtime.graph.problems import FAILING

PANEL = Path("builder/canvas/panel/OnError.jsx").read_text(encoding="utf-8")


def test_the_inputs_it_names_are_those_that_are_given():
    listed = re.search(r"TOLD = \[(.*?)\]", PANEL)
    assert listed
    assert re.findall(r'"(\w+)"', listed[1]) == list(ERROR_INPUTS)


def test_it_shows_the_problems_of_the_error_workflow():
    assert f'ERROR_WORKFLOW = "{FAILING}"' in PANEL
