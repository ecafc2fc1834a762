"""Attacks the real web app and API as everybody: each event handler and each HTTP route, with what is not one's own.

- `house`     people of every role, and the things of somebody else
- `server`    the product, in this process, with its database at hand
- `payloads`  arguments for any signature
- `sockets`   every handler × every role, over a raw socket
- `routes`    every route × every role, by cookie and by key
- `tally`     cells, denials, escapes

Handlers, routes and tables are found by introspection: what is added is attacked. `python -m tests.attack`.
"""
