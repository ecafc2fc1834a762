"""The HTTP API: `app` (everything put together), `auth` (whose key), `errors` (the family as JSON), `runs` and
`workflows` (the routes), `uploads` (files people bring, beside the pages). It translates and decides nothing; no
Reflex here."""

from builder.api.app import create_api

__all__ = ["create_api"]
