"""Worker processes that say what a test has written down, instead of an answer."""

import sys

import pytest

from readiness.engine import worker_process
from readiness.engine.protocol import Reply, pack

READY = pack(Reply(id=0, kind="ready"))
SAYS = """
import os, socket, sys, time
connection = socket.socket(fileno=int(sys.argv[1]))
for number, part in enumerate(bytes.fromhex(text) for text in {parts!r}):
    if number:
        connection.recv(2**20)  # a request
    connection.sendall(part)
{then}
"""
WAIT = "connection.recv(1)"


def speak(monkeypatch: pytest.MonkeyPatch, *parts: bytes, then: str = WAIT) -> None:
    """Let workers be programs that say the first part by themselves, and one part more for each request."""
    code = SAYS.format(parts=[part.hex() for part in parts], then=then)
    monkeypatch.setattr(worker_process, "_PROGRAM", (sys.executable, "-I", "-S", "-c", code))
