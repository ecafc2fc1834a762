"""The one decorator that makes an event handler callable from a browser."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, TypeVarTuple

import reflex as rx

from builder.session.arguments import Arguments
from builder.session.reflex_private import BaseState, EventCallback

State = TypeVar("State", bound=BaseState)
Given = TypeVarTuple("Given")

_MARK = "_greenlane_policy"


@dataclass(frozen=True)
class Policy:
    """Who may call a handler from a browser, and with what."""

    action: str | None
    function: Callable[..., Any]

    @property
    def is_internal(self) -> bool:
        return self.action is None

    @cached_property
    def arguments(self) -> Arguments:
        # Not when decorating: the types in the signature may be defined further down in the module.
        return Arguments.of(self.function)


def requires(
    action: str, *, background: bool = False
) -> Callable[[Callable[[State, *Given], Any]], EventCallback[*Given]]:
    """Make an event handler callable by actors who may do `action`, with exactly the arguments of its signature.

    The action is one of `runtime.operations.actors.ACTIONS`; "page.see" is for what only changes this person's own
    screen. It is checked before the handler runs; the operation asks again about the very thing. A background handler
    runs beside others and takes the state with `async with self`, as `rx.event` has it.
    Without this, or `@internal`, the server refuses to start.
    """
    return lambda function: _marked(function, action, background)


def internal(function: Callable[[State, *Given], Any]) -> EventCallback[*Given]:
    """Let only other handlers and page loads call this one; from a browser it is refused."""
    return _marked(function, None, background=False)


def policy_of(function: Callable[..., Any]) -> Policy | None:
    """The policy that was put on a handler's function."""
    return getattr(function, _MARK, None)


def _marked(function: Callable[[State, *Given], Any], action: str | None, background: bool) -> EventCallback[*Given]:
    setattr(function, _MARK, Policy(action, function))
    return rx.event(function, background=background)
