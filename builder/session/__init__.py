"""The gate: who is at the other end, and what they may call.

Reflex makes every method of a State callable by anyone who opens a socket. This package closes that surface
and opens it again one handler at a time. In reading order:

- `keeper`      what the gate needs to know about people: sign in, look up, sign out, refuse
- `policy`      `@requires("workflow.edit")`, the one decorator that makes a handler callable; `@internal`
- `arguments`   a handler's signature as a strict schema
- `surface`     the boot check: the server does not start while a handler is open
- `builtins`    Reflex's own handlers, each with the reason why it is open or closed
- `address`     our own origins and hosts; no bind beyond this machine without https
- `tokens`      the session cookie; the client token that only its own session can address
- `wrapper`     the outermost ASGI app: decides before a page, an upload or a socket is reached
- `headers`     security headers and the content security policy
- `bucket`, `sockets`   one socket: no session no connection, a rate, unknown names dropped
- `events`      every event: session looked up again, policy, arguments, refusals recorded
- `sign_in`     signing in and out, plain HTTP because it sets a cookie; `sign_in_page`, what a stranger sees
- `gate`        puts all of it around a Reflex app
- `gathering`   events in batches on their way to a browser
- `reflex_private`   every private name of Reflex that this needs, in one place
"""

from builder.session.address import Address, our_address
from builder.session.events import current_actor, current_session
from builder.session.gate import close_surface
from builder.session.keeper import RuntimeKeeper
from builder.session.policy import internal, requires
from builder.session.wrapper import SESSION

__all__ = [
    "SESSION",
    "Address",
    "RuntimeKeeper",
    "close_surface",
    "current_actor",
    "current_session",
    "internal",
    "our_address",
    "requires",
]
