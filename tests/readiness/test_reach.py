"""Which variables and hosts parameters refer to, and whether the hosts answer."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from readiness.reach import Address, address, addresses, unreachable, variables


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({"token": {"env": "TOKEN"}, "headers": [{"value": {"env": "KEY"}}]}, {"TOKEN", "KEY"}),
        ({"required": {"A": {}, "B": {}}}, {"A", "B"}),
        ({"source": "file", "required": {"A": {}}, "token": {"env": "TOKEN"}}, {"TOKEN"}),
        ({"env": {"A": "1"}, "required": ["A"]}, set()),
        ("text", set()),
    ],
)
def test_the_variables_that_parameters_refer_to(params: Any, names: set[str]) -> None:
    assert variables(params) == names


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://a.example.com/x", "a.example.com:443"),
        ("smtp://a.example.com", "a.example.com:25"),
        ("imap://a.example.com", "a.example.com:143"),
        ("postgresql://a.example.com", "a.example.com:5432"),
        ("http://a.example.com", "a.example.com:80"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("https://a.example.com:99999", None),
        ("https://[broken", None),
        ("/only/a/path", None),
    ],
)
def test_the_place_that_a_url_names(url: str, place: str | None) -> None:
    found = address(url)
    assert (str(found) if found else None) == place


def test_addresses_stand_under_the_usual_names_at_any_depth() -> None:
    params = {
        "urls": ["http://a.example.com", "https://[broken"],
        "hosts": ["b.example.com:8443"],
        "path": "c.example.com",
    }
    assert {str(place) for place in addresses([params])} == {"a.example.com:80", "b.example.com:8443"}


@pytest.fixture
def listening() -> Iterator[Address]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Address("127.0.0.1", server.getsockname()[1])


def test_what_cannot_be_reached_is_told_with_its_reason(listening: Address) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        closed, odd = Address("127.0.0.1", taken.getsockname()[1]), Address(f"{'a' * 64}.example.com", 443)
        reasons = unreachable([listening, closed, odd])
    assert reasons.keys() == {closed, odd}
    assert reasons[closed] == "cannot be reached: Connection refused"
    assert reasons[odd].startswith("cannot be reached: ")


def test_a_host_that_is_silent_is_given_up(listening: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("readiness.reach._ALL_HOSTS", 0.0)
    monkeypatch.setattr("readiness.reach._connect", lambda *_: None)
    assert unreachable([listening]) == {listening: "no answer within 0 s"}
