"""The error family as HTTP: one shape for every refusal."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from runtime.errors import GreenlaneError

log = logging.getLogger(__name__)

_HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "60"}, 503: {"Retry-After": "2"}}


def answer(status: int, code: str, message: str, hint: str = "", **details: object) -> JSONResponse:
    """`{"error": {"code", "message", "hint", …}}`."""
    error = {"code": code, "message": message, "hint": hint} | details
    return JSONResponse({"error": error}, status, headers=_HEADERS.get(status))


def translate_errors(app: FastAPI) -> None:
    """Teach an app the family, and give its own refusals the same shape."""

    async def ours(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, GreenlaneError), "registered for this class only"
        return answer(error.status, error.code, error.sentence, error.hint, **error.details)

    async def malformed(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError), "registered for this class only"
        problems = [{"field": ".".join(map(str, each["loc"])), "message": each["msg"]} for each in error.errors()]
        return answer(422, "bad_request", "The request does not have the form this route takes.", problems=problems)

    async def http(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException), "registered for this class only"
        known = {404: "not_found", 405: "method_not_allowed"}
        return answer(error.status_code, known.get(error.status_code, "http_error"), str(error.detail))

    async def unknown(request: Request, error: Exception) -> JSONResponse:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return answer(500, "internal", "Something went wrong on the server; its log has the details.")

    app.add_exception_handler(GreenlaneError, ours)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unknown)
