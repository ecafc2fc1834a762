"""Attacks the real web app and API as everybody: each event handler and each HTTP route, with what is not one's own.

- `house`     people of every role, and the things of somebody else
- `server`    the product, in this process, with its database at hand
- `line`      one socket, and what a browser would show of what it hears
- `pages`     what may stand in an address
- `payloads`  arguments for any signature, and some that fit none
- `sockets`   every handler × every role, over a raw socket
- `frames`    what no browser sends, and tokens of somebody else's tab
- `routes`    every route × everybody, by cookie and by key
- `forging`   what was never approved, or is not any more, is neither decided nor run
- `canaries`  what stands in a knowledge base, wherever it might come out
- `tally`     cells, denials, escapes
- `sabotage`  holes made on purpose, to see that they are found

Handlers, routes and tables are found by introspection: what is added is attacked. `python -m tests.attack`.
"""
