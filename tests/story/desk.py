"""The help desk of the story: a real HTTP server that keeps what it was sent, and greets whoever looks."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


class Desk:
    """Runs as long as the story."""

    def __init__(self, data: Path) -> None:
        """`data` is the folder of the product: what was kept of an act names the port there was then."""
        self.received: list[str] = []
        kept = data / "desk-port"
        port = int(kept.read_text()) if kept.exists() else 0
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        kept.write_text(str(self._server.server_address[1]))
        self.host = f"localhost:{self._server.server_address[1]}"

    def start(self) -> None:
        """Serve in a thread of its own."""
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        received = self.received

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                received.append(self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode())
                self._answer()

            def _answer(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b'{"ticket": 1}')

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the library gives
                """Nothing is printed between the steps."""

        return Handler
