"""`flow.leave_loop`: enough of it."""

from __future__ import annotations

from nodes.sdk import Context, Example, Exit, Node, Output, Result


class LeaveLoop(Node, label="Leave loop", icon="log-out"):
    """End the loop around this step; nothing more of the round begins.

    It ends the nearest loop, also from inside a “For each” that lies in it.
    """

    class Output(Output):
        """Nothing."""

    examples = (Example("Enough", settings={}, output={}),)

    def exits(self) -> tuple[Exit, ...]:
        """None: nothing follows."""
        return ()

    def explain(self) -> str:
        """That it ends."""
        return "Ends the loop around it."

    async def run(self, ctx: Context) -> Result:
        """Nothing to work out: that it ran is all."""
        return self.Output()
