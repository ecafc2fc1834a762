"""Signing in and out, and proving who one is: plain HTTP, because only an HTTP answer can set an HttpOnly cookie."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from builder.session import sign_in_page as pages
from builder.session.keeper import SessionKeeper
from builder.session.tokens import cookie_for, cookie_gone, session_token_in
from runtime.errors import BadInput, GreenlaneError, NotSignedIn, TooBusy, TooManyTries
from runtime.operations.sessions import NewSession, Visit

LONGEST_FORM = 4096

_DEAD_LINK = "This link has been used already or has expired. Sign in, or ask for a new one."


@dataclass(frozen=True)
class SignIn:
    """The routes that are open to strangers."""

    keeper: SessionKeeper
    disconnect: Callable[[str], Awaitable[None]]
    """Closes the sockets of a session."""

    def routes(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/sign-in", self.ask, methods=["GET"]),
                Route("/sign-in", self.enter, methods=["POST"]),
                Route("/sign-out", self.leave, methods=["POST"]),
                Route("/prove", self.prove, methods=["POST"]),
            ]
        )

    async def ask(self, request: Request) -> Response:
        code = request.query_params.get("code")
        return await self._by_code(code) if code else pages.by_password()

    async def _by_code(self, code: str, alert: str = "", name: str = "", status: int = 200) -> Response:
        who = await self.keeper.invited(code)
        if who is None:
            return pages.by_password(_DEAD_LINK, status=403 if status == 200 else status)
        return pages.by_link(code) if who.purpose == "sign_in" else pages.come_in(code, who, alert, name, status)

    async def enter(self, request: Request) -> Response:
        form = await _form(request)
        if form is None:
            return PlainTextResponse("This form is too long.", 413)
        code, email, name = form.get("code", ""), form.get("email", ""), form.get("name", "")
        try:
            new = await self._entered(form, _visit(request))
        except (NotSignedIn, TooManyTries, TooBusy, BadInput) as refusal:
            said, status = (
                f"{refusal.sentence} {refusal.hint}",
                403 if isinstance(refusal, NotSignedIn) else refusal.status,
            )
            if isinstance(refusal, BadInput):
                return await self._by_code(code, said, name, status)
            return pages.by_password(said, "" if code else email, status)
        # The session before ends here: a new person or a new privilege never continues an old secret.
        await self._end(request)
        response = RedirectResponse("/", 303)
        response.headers.append("set-cookie", cookie_for(new.token, new.expires))
        return response

    async def _entered(self, form: Mapping[str, str], visit: Visit) -> NewSession:
        match form:
            case {"code": code, "password": password}:
                return await self.keeper.accept(code, form.get("name", ""), password, visit)
            case {"code": code}:
                return await self.keeper.sign_in(code, visit)
            case _:
                return await self.keeper.sign_in_by_password(form.get("email", ""), form.get("password", ""), visit)

    async def prove(self, request: Request) -> Response:
        session = await self.keeper.session_of(session_token_in(request.scope["headers"]))
        form = await _form(request)
        if session is None or form is None:
            return JSONResponse({"message": "Your session has ended. Sign in again."}, 401)
        try:
            await self.keeper.prove(session, form.get("password", ""), _visit(request))
        except GreenlaneError as refusal:
            status = 403 if isinstance(refusal, NotSignedIn) else refusal.status
            return JSONResponse({"message": f"{refusal.sentence} {refusal.hint}"}, status)
        return Response(status_code=204)

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


def browser_named(agent: str) -> str:
    """`Firefox on Linux`, as far as a browser tells it; people know their places by that."""
    browsers = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS X": "macOS",
               "Linux": "Linux"}  # fmt: skip
    browser = next((name for mark, name in browsers.items() if mark in agent), "A browser")
    system = next((name for mark, name in systems.items() if mark in agent), "")
    return f"{browser} on {system}" if system else browser


def _visit(request: Request) -> Visit:
    address = request.client.host if request.client else ""
    return Visit(address, browser_named(request.headers.get("user-agent", "")))


async def _form(request: Request) -> dict[str, str] | None:
    """A short form, or nothing: strangers may send here, so what is read is bounded before it is kept."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            return None
    return {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}
