"""The HTTPS service, with the sandbox of the vendors' APIs that staging talks to."""

import hmac
import json
import os
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from deedpro import health
from deedpro.documents import Refused, generate

SECURITY_HEADERS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "origin-when-cross-origin",
    "X-XSS-Protection": "1; mode=block",
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-eval' 'unsafe-inline' "
    "*.googletagmanager.com *.google-analytics.com; style-src 'self' 'unsafe-inline'",
}
STATIC = Path(__file__).resolve().parents[2] / "frontend" / "src"
COUNTERS = health.Counters()


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    server_version = "deedpro"
    sys_version = ""
    database = ":memory:"

    def do_GET(self) -> None:
        routes = {
            "/": lambda: self.answer(200, "text/html; charset=utf-8", "<!doctype html><title>DeedPro</title><p>DeedPro"),
            "/health": self.health,
            "/metrics": lambda: self.answer(200, "text/plain; version=0.0.4", health.metrics(COUNTERS)),
            "/static/wizard.js": self.static,
            "/sandbox/openai/v1/models": self.openai,
            "/sandbox/titlepoint/v1/ping": self.titlepoint,
        }
        routes.get(self.path, lambda: self.problem(404, "no such page"))()

    def do_POST(self) -> None:
        if self.path != "/api/documents":
            self.problem(404, "no such page")
            return
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 65536))
        try:
            self.answer(200, "text/html; charset=utf-8", generate(json.loads(body)))
        except (Refused, ValueError) as error:
            self.problem(422, str(error))

    def health(self) -> None:
        answer = health.health(self.database)
        self.json(200 if answer["status"] == "healthy" else 503, answer)

    def static(self) -> None:
        text = (STATIC / "wizard.js").read_text(encoding="utf-8")
        self.answer(200, "text/javascript", text, {"Cache-Control": "public, max-age=31536000, immutable"})

    def openai(self) -> None:
        if self.authorised("OPENAI_API_KEY"):
            limits = {"x-ratelimit-limit-requests": "5000", "x-ratelimit-remaining-requests": "4999"}
            self.json(200, {"object": "list", "data": [{"id": "gpt-4o", "object": "model"}]}, limits)

    def titlepoint(self) -> None:
        if self.authorised("TITLEPOINT_API_KEY"):
            self.json(200, {"status": "ok", "account": {"active": True}})

    def authorised(self, variable: str) -> bool:
        expected = f"Bearer {os.environ.get(variable, '')}"
        given = self.headers.get("Authorization", "")
        if len(expected) > len("Bearer ") and hmac.compare_digest(given.encode(), expected.encode()):
            return True
        self.problem(401, "invalid API key")
        return False

    def problem(self, status: int, text: str) -> None:
        self.json(status, {"error": text})

    def json(self, status: int, value: dict, headers: dict[str, str] | None = None) -> None:
        self.answer(status, "application/json", json.dumps(value), headers)

    def answer(self, status: int, kind: str, text: str, headers: dict[str, str] | None = None) -> None:
        COUNTERS.count(error=status >= 500)
        body = text.encode()
        self.send_response(status)
        for name, value in {**SECURITY_HEADERS, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: the access log is not what this example is about."""


class Server(ThreadingHTTPServer):
    """Serves each connection in a thread of its own; a client that breaks off is no news."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet: a refused handshake is the client's affair."""


def server(port: int, certificate: Path, key: Path, database: str) -> ThreadingHTTPServer:
    """Make the service, bound to this machine alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    httpd = Server(("127.0.0.1", port), type("DatabaseHandler", (Handler,), {"database": database}))
    httpd.socket = context.wrap_socket(httpd.socket, server_side=True, do_handshake_on_connect=False)
    return httpd
