"""What `expect.body` asks of the text of an answer."""

from typing import Any

import pytest
from pydantic import ValidationError

from readiness_checks.http import Http, comparison
from readiness_checks.web.client import Answer
from readiness_checks.web.url import parse

URL = "http://127.0.0.1/"
PAGE = "<h1>Willkommen, Jürgen</h1>\nVersion 4.2.1\n"


def findings(expected: Any, body: bytes, kind: str = "text/html; charset=utf-8") -> list[str]:
    from urllib3 import HTTPHeaderDict

    check = Http.model_validate({"url": URL, "expect": {"body": expected}})
    assert check.expect.body is not None
    answer = Answer(parse(URL), 200, HTTPHeaderDict({"Content-Type": kind} if kind else {}), body, 1.0)
    return [f"{each.rule}: {each.message}" for each in comparison.text(check.expect.body, answer)]


@pytest.mark.parametrize(
    "expected",
    [
        "Willkommen",
        ["Willkommen", "Version"],
        {"contains": "Jürgen"},
        {"matches": r"Version \d+\.\d+\.\d+"},
        {"matches": ["^<h1>", "(?m)^Version"]},
        {"not": "Traceback"},
        {"not": ["Traceback", "Fatal error"]},
        {"not": {"matches": "(?i)error|exception"}},
        {"contains": "h1", "matches": "4.2", "not": {"contains": "h2", "matches": r"5\.\d"}},
    ],
)
def test_a_body_with_what_is_expected_is_fine(expected: Any) -> None:
    assert findings(expected, PAGE.encode()) == []


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("willkommen", ['body: the body does not contain "willkommen"']),
        (["Version", "a", "b"], ['body: the body does not contain "a"', 'body: the body does not contain "b"']),
        ({"matches": "^Version"}, ['body: the body does not match "^Version"']),
        ({"not": "Version"}, ['body-not: the body contains "Version", which must not be there']),
        ({"not": {"matches": "J.rgen"}}, ['body-not: the body matches "J.rgen", which must not be there']),
    ],
)
def test_a_body_without_what_is_expected_is_told(expected: Any, found: list[str]) -> None:
    assert findings(expected, PAGE.encode()) == found


@pytest.mark.parametrize(
    ("kind", "charset"),
    [
        ("text/html; charset=ISO-8859-1", "latin-1"),
        ("text/html", "latin-1"),
        ('text/plain; charset="UTF-16LE"', "utf-16-le"),
        ("text/plain", "utf-16"),
        ("", "utf-8-sig"),
    ],
)
def test_the_charset_of_the_answer_is_read(kind: str, charset: str) -> None:
    assert findings({"matches": "^<h1>Willkommen, Jürgen"}, PAGE.encode(charset), kind) == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [(PAGE.encode("utf-16-le"), ""), (b"PK\0\3", "application/zip"), (b"a", "text/plain; charset=x-no")],
)
def test_what_is_no_text_is_not_free_of_anything(body: bytes, kind: str) -> None:
    (found,) = findings({"not": "Error"}, body, kind)
    assert found.startswith("no-text: ")


def test_an_empty_body_is_not_free_of_anything() -> None:
    (found,) = findings({"not": "Error"}, b" \r\n")
    assert found.startswith("body-empty: ")
    assert findings({"matches": r"^\s*$"}, b"") == []


@pytest.mark.parametrize("expected", [{}, [], "", {"contains": []}, {"not": {}}, {"matches": "("}, {"contain": "a"}, 5])
def test_a_body_that_asks_for_nothing_is_refused(expected: Any) -> None:
    with pytest.raises(ValidationError):
        Http.model_validate({"url": URL, "expect": {"body": expected}})


@pytest.mark.parametrize("expect", [{"body": "a"}, {"json": None}])
def test_the_answer_to_head_has_no_body(expect: Any) -> None:
    with pytest.raises(ValidationError, match="has no body"):
        Http.model_validate({"url": URL, "method": "head", "expect": expect})
