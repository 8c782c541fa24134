"""Interim answers are read past, and what never becomes a final answer is an error."""

from pathlib import Path

import pytest

from readiness.testing import context
from readiness_checks.web.client import Answer, Client
from readiness_checks.web.network import NetworkError
from readiness_checks.web.url import parse
from support.servers import Reply, serve

FINAL = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nContent-Length: 9\r\n\r\n"


def fetched(root: Path, raw: bytes) -> Answer:
    with serve(Reply(raw=raw)) as server:
        return Client(context(root)).fetch(parse(server.url))


@pytest.mark.parametrize(
    "interim",
    [
        HINTS,
        b"HTTP/1.1 102 Processing\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + HINTS + b"HTTP/1.1 102 Processing\r\n\r\n" + HINTS,
        b"HTTP/1.1 199 Whatever\r\nA: b\r\n\r\n",
    ],
)
def test_the_final_answer_stands_behind_interim_ones(tmp_path: Path, interim: bytes) -> None:
    answer = fetched(tmp_path, interim + FINAL)
    assert (answer.status, answer.body, "link" in answer.headers) == (200, b"abc", False)


@pytest.mark.parametrize(
    "raw",
    [HINTS, HINTS * 1_000 + FINAL, HINTS + b"garbage", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"],
    ids=["alone", "endless", "garbage", "upgrade"],
)
def test_interim_answers_alone_are_no_answer(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(NetworkError, match=r"no complete HTTP|without an answer"):
        fetched(tmp_path, raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.0 200 OK\r\nServer: BaseHTTP/0.6\r\n\r\n",
        b"HTTP/1.1 200 OK\n\n",
        HINTS + b"HTTP/1.1 404 Not Found\r\n\r\n",
    ],
)
def test_a_whole_head_without_a_body_is_an_answer(tmp_path: Path, raw: bytes) -> None:
    assert fetched(tmp_path, raw).body == b""


@pytest.mark.parametrize("length", range(1, len(FINAL) - 3))
def test_a_head_that_is_cut_off_is_none(tmp_path: Path, length: int) -> None:
    with pytest.raises(NetworkError, match=r"no complete HTTP|without an answer"):
        fetched(tmp_path, FINAL[:length])
