"""What is assumed of Reflex's private names; an upgrade that breaks one of these breaks the gate."""

import inspect
from collections.abc import Iterator

import pytest
import reflex as rx
from reflex.app import EventNamespace
from reflex_base.event.context import EventContext
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.registry import RegistrationContext
from socketio import AsyncServer

from builder.session import builtins, reflex_private
from builder.session.reflex_private import registered_handlers


@pytest.fixture(scope="module", autouse=True)
def two_states() -> Iterator[None]:
    """Two states that exist in these tests only: registered in a copy of the registry."""
    before = RegistrationContext.set(RegistrationContext.ensure_context().fork())

    class Counter(rx.State):
        count: int = 0
        stored: str = rx.LocalStorage("")

        @rx.event
        async def count_up(self): ...

    class Mirror(rx.State):
        @rx.var
        async def seen(self) -> int:
            return (await self.get_state(Counter)).count

        @rx.var
        def host(self) -> str:
            return self.router.headers.host

    assert Mirror
    yield
    RegistrationContext.reset(before)


def test_reflex_is_the_version_the_gate_was_written_for():
    assert rx.constants.Reflex.VERSION == "0.10.1"


def test_every_own_handler_of_reflex_is_listed_as_open_or_closed():
    own = {
        name
        for name, handler in registered_handlers().items()
        if handler.fn.__module__.startswith("reflex") and not reflex_private.is_setvar(handler)
    }
    assert own == builtins.OPEN.keys() | builtins.CLOSED.keys()


def test_every_state_has_a_setvar_and_it_is_recognised():
    setvars = [handler for name, handler in registered_handlers().items() if name.endswith(".setvar")]
    assert len(setvars) >= 3
    assert all(map(reflex_private.is_setvar, setvars))


def test_the_table_of_handlers_is_what_events_are_dispatched_from():
    assert any(name.endswith("counter.count_up") for name in registered_handlers())
    assert "event_handlers[" in inspect.getsource(BaseStateEventProcessor._process_queue)


def test_computed_vars_over_other_states_are_found():
    found = [f"{computed} {other}" for computed, other in reflex_private.cross_state_computed_vars()]
    assert any("mirror.seen" in one and "counter.count" in one for one in found)
    assert any("mirror.host" in one and "rx_router_headers" in one for one in found)


def test_vars_stored_in_the_browser_are_found():
    assert any(var.endswith("counter.stored") for var in reflex_private.client_storage_vars())


def test_the_namespace_has_the_methods_that_are_overridden():
    expected = {
        "on_connect": ["self", "sid", "environ", "auth"],
        "on_disconnect": ["self", "sid"],
        "on_event": ["self", "sid", "data"],
        "emit_update": ["self", "update", "token"],
        "link_token_to_sid": ["self", "sid", "token", "update_state"],
    }
    for name, parameters in expected.items():
        assert list(inspect.signature(getattr(EventNamespace, name)).parameters) == parameters


def test_an_event_knows_what_chained_it():
    fields = {field.name for field in EventContext.__dataclass_fields__.values()}
    assert {"token", "parent_txid"} <= fields


def test_the_gate_is_asked_before_the_handler_with_the_payload_it_then_gets():
    source = inspect.getsource(BaseStateEventProcessor._execute_event)
    assert source.index("middleware._preprocess(state, event)") < source.index("payload=event.payload")


def test_a_message_called_connect_is_dispatched_as_a_connection_is():
    """The reason for `came_from_transport`: what would tell them apart, Socket.IO does not look at."""
    assert "_trigger_event(data[0]" in inspect.getsource(AsyncServer._handle_event_internal)
    assert "self.environ[eio_sid]" in inspect.getsource(AsyncServer._handle_connect)
    source = inspect.getsource(AsyncServer._handle_disconnect)
    assert source.index("pre_disconnect") < source.index("_trigger_event")
