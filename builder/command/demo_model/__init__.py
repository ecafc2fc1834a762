"""`greenlane demo-model`: a model without AI, so that everything runs with no key. It follows rules and says so.

In reading order: `protocol` (OpenAI's HTTP, streamed or not), `tickets` (made-up data, as another system hands it out),
`citing` (answers out of passages), `replying` (free text), `filling` (data by a schema), `topics` (words that belong
together), `sentences` (finding sentences, names, dates and tasks in a text)."""

from __future__ import annotations

import argparse
import sys
from threading import Thread


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=3010, help="port on this machine (3010)")
    parser.add_argument("--delay-ms", type=float, default=15.0, help="pause after each word of a stream (15)")
    parser.add_argument("--door", type=int, help="number of an open socket to answer at, instead of the port")
    parser.add_argument("--until-closed", action="store_true", help="end when standard input is closed")


def run(options: argparse.Namespace) -> int:
    import uvicorn

    from builder.command.demo_model.protocol import LABEL, app

    config = uvicorn.Config(
        app(delay_s=options.delay_ms / 1000),
        host="127.0.0.1",
        port=options.port,
        fd=options.door,
        log_level="warning",
        lifespan="off",
    )
    server = uvicorn.Server(config)
    if options.until_closed:
        Thread(target=_end_with_input, args=(server,), daemon=True).start()
    else:
        print(f"{LABEL} at http://127.0.0.1:{options.port}/v1")
    server.run()
    return 0


def _end_with_input(server: object) -> None:
    sys.stdin.buffer.read()
    server.should_exit = True  # pyright: ignore[reportAttributeAccessIssue]
