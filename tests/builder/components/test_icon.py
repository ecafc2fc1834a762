import pytest
from reflex_components_lucide.icon import LUCIDE_ICON_LIST

from builder.components.icon import WORKFLOW_ICONS, icon


def test_an_icon_that_is_not_there_is_refused():
    with pytest.raises(AssertionError, match="no icon 'sparkle-pony'"):
        icon("sparkle-pony")


def test_every_mark_of_a_workflow_is_there():
    assert not [name for name in WORKFLOW_ICONS if name.replace("-", "_") not in LUCIDE_ICON_LIST]
