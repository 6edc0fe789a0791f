"""A mail server and an SMS gateway, both real and on this machine, that answer as they are told."""

from __future__ import annotations

import email
import json
import threading
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from tests.environment import free_port


class MailServer:
    """`replies` are given to the next recipients, `after_data` to the next letters; then all is accepted."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.replies: list[str] = []
        self.after_data: list[str] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802  aiosmtpd's own
        if self.replies:
            return self.replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        reply = self.after_data.pop(0) if self.after_data else "250 OK"
        if reply.startswith("2") or reply == "hang up":
            self.letters.append(email.message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
            self.recipients += envelope.rcpt_tos
        if reply == "hang up":
            server.transport.close()
        return reply

    def stop(self) -> None:
        """May be called again."""
        if not self._controller.loop.is_closed():
            self._controller.stop()


class Gateway:
    """`answers` are (status, JSON) for the next requests; `held` keeps the answer back until `release` is called."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[tuple[int, Any]] = []
        self.arrived, self._go = threading.Event(), threading.Event()
        self._go.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=[0.01], daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/send"

    def hold(self) -> None:
        self._go.clear()

    def release(self) -> None:
        self._go.set()

    def stop(self) -> None:
        """May be called again."""
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def _handler(gateway) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.requests.append(json.loads(content))
                gateway.headers.append(dict(self.headers))
                gateway.arrived.set()
                gateway._go.wait(20)
                status, answer = gateway.answers.pop(0) if gateway.answers else (200, {"id": f"g{len(gateway.requests)}"})
                if status == 0:
                    self.connection.close()
                    return
                self.send_response(status)
                if status in range(300, 400):
                    self.send_header("Location", gateway.url + "?again")
                self.end_headers()
                self.wfile.write(answer.encode() if isinstance(answer, str) else json.dumps(answer).encode())

            def log_message(self, *_args: Any) -> None:
                """Nothing."""

        return Handler
