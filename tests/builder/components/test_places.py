"""Where somebody begins, and what a page says that cannot be loaded."""

from typing import Any

import pytest
import reflex as rx

from builder import routes
from builder.components import places
from builder.components.places import Me, start_of
from builder.components.toast import Notices, told
from builder.session import internal
from runtime.errors import NotFound


@pytest.mark.parametrize(
    ("roles", "route"),
    [
        ({"member", "owner"}, routes.WORKFLOWS),
        ({"member", "analyst", "reviewer"}, routes.WORKFLOWS),
        ({"member", "reviewer"}, routes.REVIEWS),
        ({"member", "reviewer", "auditor"}, routes.REVIEWS),
        ({"member", "auditor"}, routes.AUDIT),
        ({"member"}, routes.APPS),
        (set(), routes.APPS),
    ],
)
def test_everybody_begins_with_what_they_come_for(roles: set[str], route: str):
    assert start_of(roles) == route


WRONG: list[Exception] = []
"""what the page fails with"""


class Fickle(rx.State):
    """A page that fails until it does not."""

    seen: bool = False

    @internal
    async def load(self) -> Any:
        async with told(self):
            if WRONG:
                raise WRONG[0]
            self.seen = True
        return "next"


async def loaded(monkeypatch: pytest.MonkeyPatch, *errors: Exception) -> tuple[Any, Any, list[Any], Any]:
    root: Any = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    me, page, notices = (await root.get_state(Me), await root.get_state(Fickle), await root.get_state(Notices))
    monkeypatch.setitem(places._LOADS, "/fickle", (Fickle.load,))
    WRONG[:] = errors
    me._route = "/fickle"
    return me, page, await me._load(), notices


async def test_a_page_that_loads_says_nothing_and_goes_on(monkeypatch: pytest.MonkeyPatch):
    me, page, following, _ = await loaded(monkeypatch)
    assert (me.failed, page.seen, following) == ("", True, ["next"])


async def test_a_refusal_while_a_page_loads_stands_in_the_page_and_is_no_toast(monkeypatch: pytest.MonkeyPatch):
    me, page, following, notices = await loaded(monkeypatch, NotFound("It is gone.", hint="Ask who had it."))
    assert (me.failed, page.seen, following) == ("It is gone. Ask who had it.", False, [])
    assert notices.told == []
    async with told(page):
        raise NotFound("It is gone.")
    assert [each["title"] for each in notices.told] == ["It is gone."]


async def test_a_failure_nobody_foresaw_is_recorded_and_the_page_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    me, _, _, _ = await loaded(monkeypatch, RuntimeError("the disk is full"))
    assert me.failed.startswith("The failure was recorded. Try again")
    assert "disk" not in me.failed
    assert "the disk is full" in caplog.text
