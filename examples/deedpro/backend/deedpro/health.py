"""What the health and metrics endpoints answer."""

import sqlite3
import threading
import time
from datetime import UTC, datetime

from deedpro import VERSION
from deedpro.documents import TEMPLATES


class Counters:
    """Requests and errors since the start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests = 0
        self.errors = 0

    def count(self, *, error: bool) -> None:
        with self._lock:
            self.requests += 1
            self.errors += error


def timed(probe) -> dict:
    """Run a probe and say how it went and how long it took."""
    started = time.perf_counter()
    try:
        probe()
        status = "healthy"
    except Exception:
        status = "unhealthy"
    return {"status": status, "response_time_ms": round((time.perf_counter() - started) * 1000, 3)}


def health(database: str) -> dict:
    """Overall and per-component status."""
    def query() -> None:
        with sqlite3.connect(database) as connection:
            connection.execute("SELECT 1").fetchone()

    def templates() -> None:
        if not list(TEMPLATES.glob("*.html")):
            raise FileNotFoundError("no templates")

    answer = {
        "status": "healthy",
        "timestamp": datetime.now(UTC).isoformat(),
        "version": VERSION,
        "database": timed(query),
        "templates": timed(templates),
    }
    if any(answer[name]["status"] != "healthy" for name in ("database", "templates")):
        answer["status"] = "unhealthy"
    return answer


def metrics(counters: Counters) -> str:
    """The counters in Prometheus' text format."""
    return (
        "# HELP wizard_requests_total Total number of wizard requests\n"
        "# TYPE wizard_requests_total counter\n"
        f"wizard_requests_total {counters.requests}\n"
        "# HELP wizard_errors_total Total number of errors\n"
        "# TYPE wizard_errors_total counter\n"
        f"wizard_errors_total {counters.errors}\n"
    )
