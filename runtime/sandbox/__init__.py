"""Child processes with limits, for all work whose cost a stranger's bytes can choose.

`limited` (start a module of ours in a child, hand it bytes, take bytes back) · `cell` (what runs in the child first:
sets the limits, then the module)."""

from runtime.sandbox.limited import Broke, Limits, run_limited

__all__ = ["Broke", "Limits", "run_limited"]
