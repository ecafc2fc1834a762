"""The editor: the canvas on its page, joined to the drafts and runs behind the door. In reading order: `page` (what is
drawn), `state` (what the browser holds and may ask for), `live` (a run's events as what the canvas shows), `trying`
(one step, from a step on, pins)."""

from builder.editor.page import screen
from builder.editor.state import Editor
from builder.editor.submitting import Submitting
from builder.editor.trying import Tried

__all__ = ["Editor", "Submitting", "Tried", "screen"]
