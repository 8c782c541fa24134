"""Which page is judged: redirects, other hosts, pages that are not there, and what may be asked for."""

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.checklist import Item
from readiness.testing import context, evaluate
from readiness_checks.headers import Headers, transport
from readiness_checks.headers.page import Page
from readiness_checks.web.client import Answer, Client
from readiness_checks.web.network import NetworkError
from readiness_checks.web.url import Url, parse
from support import servers
from support.certificates import Authority
from support.headers import GOOD, judged, rules
from support.servers import Reply, Request, html, serve


def test_redirects_are_followed_and_judged(authority: Authority, tls: Any) -> None:
    with serve(html(headers=GOOD), tls) as secure, serve(Reply(301, {"Location": f"{secure.url}/"})) as plain:
        outcome = judged(plain.url, authority=authority)
        assert outcome.status == "passed"
        assert outcome.findings == ()
    with serve(html(headers=GOOD)) as plain, serve(Reply(302, {"Location": plain.url}), tls) as secure:
        outcome = judged(secure.url, authority=authority)
        assert outcome.status == "failed"
        assert rules(outcome) == {"redirect-downgrade"}
        assert plain.requests == []


@pytest.mark.parametrize("first", ["/", "/twice"])
@pytest.mark.parametrize("host", ["127.0.0.2", "127.0.0.1"])
def test_no_request_leaves_for_another_host_or_port(host: str, first: str) -> None:
    """Neither at the first redirect nor behind one that stays."""
    with serve(html(headers=GOOD), host=host) as other:
        away = {"/": f"http://{host}:{other.port}/secret", "/twice": "/"}
        with serve(lambda request: Reply(302, {"Location": away[request.target]})) as own:
            outcome = judged(f"{own.url}{first}", baseline="none", require=["X-Frame-Options"])
    assert outcome.status == "error"
    assert f"redirects to another {'host' if host == '127.0.0.2' else 'port'}, 127.0.0." in outcome.summary
    assert other.requests == []


@pytest.mark.parametrize(
    ("here", "there", "words"),
    [
        ("https://example.com/", "https://www.example.com/start", ""),
        ("https://www.example.com./", "https://example.com/", ""),
        ("http://example.com:8080/", "https://example.com:8443/", ""),
        ("http://example.com/", "http://example.com:80/other", ""),
        ("http://example.com/", "http://example.com.evil.test/", "another host, example.com.evil.test"),
        ("http://example.com/", "http://wwwexample.com/", "another host"),
        ("http://example.com/", "http://[::1]/", "another host, ::1"),
        ("http://example.com/", "http://2130706433/", "is neither a host name nor an address"),
        ("http://example.com/", "http://example.com:6379/", "another port, example.com:6379"),
        ("https://example.com/", "https://example.com:8443/", "another port"),
        ("https://example.com/", "http://example.com/", "from https to http"),
        ("http://example.com/", "http://user:word@example.com/", "holds no credentials"),
        ("http://example.com/", "//evil.test/", "another host, evil.test"),
    ],
)
def test_each_redirect_is_compared_before_it_is_followed(
    monkeypatch: pytest.MonkeyPatch, here: str, there: str, words: str
) -> None:
    from urllib3 import HTTPHeaderDict

    asked: list[str] = []

    def fetch(_client: Client, url: Url, **_options: Any) -> Answer:
        asked.append(str(url))
        moved = len(asked) == 1
        headers = HTTPHeaderDict({"Location": there}) if moved else HTTPHeaderDict()
        return Answer(url, 302 if moved else 200, headers, b"", 1.0)

    monkeypatch.setattr(Client, "fetch", fetch)
    client = Client.make(context(Path("/"), item=Item(id="headers", title="Headers", check="headers")), None)
    if not words:
        assert [str(answer.url) for answer in client.follow(parse(here))] == asked
        assert len(asked) == 2
        return
    with pytest.raises(NetworkError, match=re.escape(words)):
        client.follow(parse(here))
    assert asked == [here]


def test_page_of_another_host_is_not_taken_for_the_one_that_was_named(authority: Authority, tls: Any) -> None:
    def answer(request: Request) -> Reply:
        there = f"https://localhost:{request.headers['host'].rpartition(':')[2]}/login"
        return html(headers=GOOD) if request.target == "/login" else Reply(302, {"Location": there})

    with serve(answer, tls) as server:
        outcome = judged(server.url, authority=authority)
    assert outcome.status == "error"
    assert "redirects to another host, localhost" in outcome.summary


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        (["http://example.com", "https://example.com"], set()),
        (["http://example.com", "https://example.com", "https://www.example.com"], {"redirect-away"}),
        (["http://example.com", "https://www.example.com"], {"redirect-host", "redirect-away"}),
        (["http://example.com"], {"no-tls"}),
    ],
)
def test_way_to_tls(urls: list[str], expected: set[str]) -> None:
    from urllib3 import HTTPHeaderDict

    answers = [Answer(parse(url), 200, HTTPHeaderDict(), b"", 1.0) for url in urls]
    assert {each.rule for each in transport.redirects(Page(tuple(answers), answers[-1]))} == expected


@pytest.mark.parametrize(
    ("location", "words"),
    [("/", "redirects in a circle"), ("ftp://example.com/", "redirects to `ftp://example.com/`: a URL begins with")],
)
def test_redirect_that_leads_nowhere_is_an_error(location: str, words: str) -> None:
    with serve(Reply(302, {"Location": location})) as server:
        outcome = judged(f"{server.url}/")
    assert outcome.status == "error"
    assert words in outcome.summary


def test_too_many_redirects_are_an_error() -> None:
    numbers = itertools.count()
    with serve(lambda _: Reply(302, {"Location": f"/{next(numbers)}"})) as server:
        outcome = judged(f"{server.url}/start")
    assert outcome.status == "error"
    assert "redirects more than 5 times" in outcome.summary


@pytest.mark.parametrize("status", [404, 500, 401])
def test_page_that_is_not_the_one_that_was_meant_is_an_error(status: int) -> None:
    with serve(html(headers=GOOD, status=status)) as server:
        outcome = judged(server.url)
        assert outcome.status == "error"
        assert outcome.examined == 0
        assert f"answers {status}, expected 2xx" in outcome.summary
        assert judged(server.url, expect_status=status).status == "passed"


def test_page_that_is_down_does_not_hide_behind_one_that_is_sound_nor_hide_a_defect() -> None:
    down = f"http://127.0.0.1:{servers.free_port()}"
    with serve(html(headers=GOOD)) as good, serve(html()) as bad:
        assert judged(down).status == "error"
        outcome = judged(good.url, down)
        assert outcome.status == "error"
        assert f"{down.removeprefix('http://')} refused the connection" in outcome.summary
        both = judged(good.url, bad.url, down)
        assert both.status == "failed"
        assert "1 page could not be judged" in both.summary


@pytest.mark.parametrize(
    "params",
    [
        {"urls": []},
        {"urls": ["example.com"]},
        {"baseline": "none"},
        {"require": {"X": "("}},
        {"require": ["bad name"]},
        {"baseline": "strict"},
    ],
)
def test_wrong_parameters_are_refused(tmp_path: Path, params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        evaluate(Headers, tmp_path, **{"urls": ["https://example.com"], **params})


def test_urls_statuses_and_required_headers_may_be_written_shortly(tmp_path: Path) -> None:
    with serve(html(headers={"X-One": "0", "X-Two": "b"}, status=401)) as server:
        for require, status in (
            ("X-One", "passed"),
            ({"X-One": 0, "X-Two": None}, "passed"),
            ({"X-One": 1}, "failed"),
            ("X-Three", "failed"),
        ):
            for expected in ("401", [200, 401], "4XX"):
                params: dict[str, Any] = {
                    "urls": server.url,
                    "baseline": "none",
                    "require": require,
                    "expect_status": expected,
                }
                assert evaluate(Headers, tmp_path, **params).status == status
        wrong = evaluate(Headers, tmp_path, urls=server.url, expect_status=[200, 204])
        assert "answers 401, expected 200 or 204" in wrong.summary
