"""The boot check: the server does not start while any handler is open to whoever finds it."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from builder.session.arguments import SignatureError
from builder.session.builtins import CLOSED, OPEN
from builder.session.policy import Policy, policy_of
from builder.session.reflex_private import EventHandler, handler_named, is_setvar
from runtime.errors import Misconfigured
from runtime.operations.actors import ACTIONS


def policy_for(name: str) -> Policy | None:
    """The policy of a handler by its full name; none means nobody may call it from a browser."""
    handler = handler_named(name)
    if handler is None or is_setvar(handler):
        return None
    return _builtin_policy(name) if name in OPEN else policy_of(handler.fn)


@lru_cache
def _builtin_policy(name: str) -> Policy | None:
    # Kept, because a policy builds its schema once.
    handler = handler_named(name)
    return Policy("page.see", handler.fn) if handler else None


def check_surface(
    handlers: Mapping[str, EventHandler],
    *,
    computed: Iterable[tuple[str, str]] = (),
    stored_in_browser: Iterable[str] = (),
) -> None:
    """Raise `Misconfigured` with everything that is wrong, all at once."""
    problems = [problem for name, handler in handlers.items() if (problem := _problem(name, handler))]
    problems += [
        f"{var} is computed from {other}: a computed var reads only vars of its own state, because it is sent with "
        "every change of what it reads. Set a base var of its own in a handler instead."
        for var, other in computed
    ]
    problems += [
        f"{var} lives in a cookie or the local storage of the browser, so its value is whatever the browser says: "
        "keep it in a plain var, or in the database if it is to last."
        for var in stored_in_browser
    ]
    if problems:
        raise Misconfigured("Greenlane does not start, because:\n" + "\n".join(f"- {problem}" for problem in problems))


def _problem(name: str, handler: EventHandler) -> str | None:
    if is_setvar(handler) or name in OPEN or name in CLOSED:
        return None
    where = f"{handler.fn.__qualname__} ({handler.fn.__module__})"
    policy = policy_of(handler.fn)
    if policy is None:
        return (
            f'{where} could be called by anyone: put @requires("<action>") above it; @internal if only other handlers '
            "call it; or begin its name with _ if it is no handler."
        )
    if policy.action is not None and policy.action not in ACTIONS:
        return f"{where} requires {policy.action!r}, which is no action: see ACTIONS in runtime/operations/actors.py."
    try:
        _ = policy.is_internal or policy.arguments
    except (SignatureError, NameError) as error:
        return f"{where} has a signature that cannot be checked: {error}."
    return None
