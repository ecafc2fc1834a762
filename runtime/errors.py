"""Every refusal a person may meet: a stable code, a sentence, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class GreenlaneError(Exception):
    """A refusal or failure with words for a person.

    Screens and HTTP translate this one family: `code` never changes, `status` is the HTTP status, `sentence` says what
    happened, `hint` what to do next, `details` carries data a program can use.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    def __init__(self, sentence: str, *, hint: str = "", details: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.hint, self.details = sentence, hint, dict(details or {})

    def as_dict(self) -> dict[str, Any]:
        """The error as programs get it."""
        return {"code": self.code, "message": self.sentence, "hint": self.hint, **self.details}


class NotSignedIn(GreenlaneError):
    """Nobody is behind this request: no session, no key, or an ended one."""

    code, status = "not_signed_in", 401


class NotAllowed(GreenlaneError):
    """The actor may see the thing but not do this to it."""

    code, status = "not_allowed", 403


class ProveYourself(NotAllowed):
    """The action needs a fresh proof of who acts: the password again, then the same action."""

    code, status = "prove_yourself", 403


class AppStopped(NotAllowed):
    """The app does not start: stopped, its approval over, or something it depends on changed."""

    code, status = "app_stopped", 403


class NotFound(GreenlaneError):
    """There is no such thing, or the actor may not see it: the two answers are the same."""

    code, status = "not_found", 404


class Conflict(GreenlaneError):
    """The thing changed since it was looked at, or is in a state that does not allow this."""

    code, status = "conflict", 409


class BadInput(GreenlaneError):
    """What was given cannot be used; `details["problems"]` names every place."""

    code, status = "bad_input", 422


class TooManyTries(GreenlaneError):
    """Too many attempts in a short time, to sign in or to test a connection: no more are looked at for a while."""

    code, status = "too_many_tries", 429


class TooManyStarts(GreenlaneError):
    """More runs were started in this minute than a person or an app may; none of this start was kept."""

    code, status = "too_many_starts", 429


class TooBusy(GreenlaneError):
    """More is waiting to be written than the queue takes; nothing was accepted, try again."""

    code, status = "too_busy", 503


class StorageUnavailable(GreenlaneError):
    """The database cannot be written (disk full, locked, gone); nothing was accepted, runs go on when it is back."""

    code, status = "storage_unavailable", 503


class NotFetched(GreenlaneError):
    """A package of the local model did not arrive, or is not the one it should be; nothing was installed."""

    code, status = "not_fetched", 502


class Misconfigured(GreenlaneError):
    """The product refuses to start with these settings."""

    code, status = "misconfigured", 500


class Fenced(BaseException):
    """This attempt lost its run: somebody claimed or cancelled it. The executor stops and writes no more."""
