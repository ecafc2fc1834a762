"""The HTTP API: `app` (everything put together), `auth` (whose key), `errors` (the family as JSON), `runs`,
`tryouts`, `workflows`, `apps` and `conversations` (the routes), `files` and `uploads` (files by key, and beside the
pages), `answers` (how a file leaves). It translates and decides nothing; no Reflex here."""

from builder.api.app import create_api

__all__ = ["create_api"]
