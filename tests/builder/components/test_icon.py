from pathlib import Path

import pytest
from reflex_components_lucide.icon import LUCIDE_ICON_LIST

from builder.components.icon import WORKFLOW_ICONS, icon
from runtime.graph.reading import read
from runtime.operations.examples import FOLDER


def test_an_icon_that_is_not_there_is_refused():
    with pytest.raises(AssertionError, match="no icon 'sparkle-pony'"):
        icon("sparkle-pony")


def test_every_mark_of_a_workflow_is_there():
    assert not [name for name in WORKFLOW_ICONS if name.replace("-", "_") not in LUCIDE_ICON_LIST]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_mark_of_every_shipped_workflow_is_one_of_them(path: Path):
    document = read(path.read_bytes()).document
    assert document
    assert document.words.icon in WORKFLOW_ICONS
