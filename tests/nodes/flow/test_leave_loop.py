"""The leave-loop step only has to be reached."""

from nodes.flow.leave_loop import LeaveLoop
from tests.support.context import run_step


async def test_nothing_follows_and_nothing_is_handed_on():
    assert (await run_step(LeaveLoop, {})).output == {}
    assert LeaveLoop().exits() == ()
    assert LeaveLoop().outputs() == {}


def test_it_explains_itself():
    assert LeaveLoop().explain() == "Ends the loop around it."
