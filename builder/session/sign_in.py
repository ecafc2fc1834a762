"""Signing in and out: plain HTTP, because only an HTTP answer can set an HttpOnly cookie."""

import html
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from builder.session.keeper import SessionKeeper
from builder.session.tokens import cookie_for, cookie_gone, session_token_in
from runtime.errors import NotSignedIn

LONGEST_FORM = 4096

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in · Greenlane</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/greenlane.css">
</head>
<body>
<main class="gl-sign-in">
<div class="gl-card">
<h1>Greenlane</h1>
{inside}
</div>
</main>
</body>
</html>
"""

_WITHOUT_CODE = "<p>Open the sign-in link that was printed when Greenlane started. Each link works once.</p>"

# A button rather than signing in at once: mail programs and chats open links to look at them, and a code works once.
_WITH_CODE = """<p>You are one click away.</p>
<form method="post" action="/sign-in">
<input type="hidden" name="code" value="{code}">
<button class="gl-button gl-button--primary" type="submit" autofocus>Sign in</button>
</form>"""


@dataclass(frozen=True)
class SignIn:
    """The two routes that are open to strangers."""

    keeper: SessionKeeper
    disconnect: Callable[[str], Awaitable[None]]
    """Closes the sockets of a session."""

    def routes(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/sign-in", self.ask, methods=["GET"]),
                Route("/sign-in", self.enter, methods=["POST"]),
                Route("/sign-out", self.leave, methods=["POST"]),
            ]
        )

    async def ask(self, request: Request) -> Response:
        code = request.query_params.get("code")
        return _page(_WITH_CODE.format(code=html.escape(code)) if code else _WITHOUT_CODE)

    async def enter(self, request: Request) -> Response:
        form = await _form(request)
        if form is None:
            return PlainTextResponse("This form is too long.", 413)
        try:
            new = await self.keeper.sign_in(form.get("code", ""))
        except NotSignedIn as refusal:
            return _page(f'<p role="alert">{html.escape(f"{refusal.sentence} {refusal.hint}")}</p>', status=403)
        # The session before ends here: a new person or a new privilege never continues an old secret.
        await self._end(request)
        response = RedirectResponse("/", 303)
        response.headers.append("set-cookie", cookie_for(new.token, new.expires))
        return response

    async def leave(self, request: Request) -> Response:
        await self._end(request)
        response = RedirectResponse("/sign-in", 303)
        response.headers.append("set-cookie", cookie_gone())
        return response

    async def _end(self, request: Request) -> None:
        session = await self.keeper.session_of(session_token_in(request.scope["headers"]))
        if session is not None:
            await self.keeper.sign_out(session)
            await self.disconnect(session.id)


def _page(inside: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(inside=inside), status, {"cache-control": "no-store"})


async def _form(request: Request) -> dict[str, str] | None:
    """A short form, or nothing: strangers may send here, so what is read is bounded before it is kept."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            return None
    return {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}
