"""The boot check names what is open, and how to close it."""

from typing import Any

import pytest
import reflex as rx
from reflex_base.event import EventHandler

from builder.session.builtins import CLOSED, OPEN
from builder.session.policy import internal, policy_of, requires
from builder.session.surface import check_surface
from runtime.errors import Misconfigured


async def wipe(self: Any, what: str): ...


async def vague(self: Any, what): ...


def test_a_handler_without_policy_is_named_with_the_fix():
    with pytest.raises(Misconfigured, match=r"wipe.*@requires"):
        check_surface({"desk.wipe": EventHandler(fn=wipe)})


def test_a_signature_that_cannot_be_checked_is_named():
    with pytest.raises(Misconfigured, match=r"vague.*what: str"):
        check_surface({"desk.vague": EventHandler(fn=requires("workflow.edit")(vague))})


def test_an_action_that_nobody_judges_is_named():
    async def dust(self: Any): ...

    with pytest.raises(Misconfigured, match=r"dust.*desk\.dust.*ACTIONS"):
        check_surface({"desk.dust": EventHandler(fn=requires("desk.dust")(dust))})


def test_everything_wrong_is_said_at_once():
    with pytest.raises(Misconfigured) as refusal:
        check_surface(
            {"a": EventHandler(fn=wipe)},
            computed=[("desk.total", "drawer.items")],
            stored_in_browser=["desk.role"],
        )
    for named in ("wipe", "desk.total", "drawer.items", "desk.role"):
        assert named in str(refusal.value)


def test_gated_handlers_pass():
    async def gated(self: Any, what: str): ...
    async def chained(self: Any, what: str): ...

    check_surface({"a": EventHandler(fn=requires("workflow.edit")(gated)), "b": EventHandler(fn=internal(chained))})


class Drawer(rx.State, mixin=True):
    """What several states have in common."""

    @requires("workflow.edit")
    async def pull(self, what: str): ...


class Cupboard(Drawer, rx.State):
    """One of them."""


def test_a_handler_of_a_mixin_keeps_its_policy_in_each_state_that_has_it():
    handler = Cupboard.event_handlers["pull"]
    policy = policy_of(handler.fn)
    assert policy is not None
    assert policy.action == "workflow.edit"
    check_surface({"cupboard.pull": handler})


def test_every_exception_has_a_reason_and_none_is_both():
    assert all(OPEN.values())
    assert all(CLOSED.values())
    assert not OPEN.keys() & CLOSED.keys()
