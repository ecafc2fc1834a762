import json
from pathlib import Path

from builder.canvas import canvas

TOOLS = Path("tests/canvas/package.json")


def test_the_canvas_is_checked_against_the_versions_that_run():
    tools = json.loads(TOOLS.read_text())["devDependencies"]
    for pinned in canvas.DEPENDENCIES:
        name, _, version = pinned.rpartition("@")
        assert tools[name] == version, f"tests/canvas/package.json has another {name}"


def test_icons_come_in_the_version_reflex_brings():
    from reflex_components_lucide.icon import LUCIDE_LIBRARY

    assert canvas.LUCIDE == LUCIDE_LIBRARY


def test_the_component_is_drawn_in_the_browser_only_and_says_what_it_takes():
    drawn = canvas.Canvas.create(opened={}, sync={})
    assert "ClientSide" in drawn._get_dynamic_imports()
    assert {"on_edits", "on_resync", "on_run", "on_cancel", "on_inspect", "on_stay"} <= set(drawn.get_event_triggers())
