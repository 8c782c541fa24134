import pytest

from readiness_checks.web.url import is_loopback, parse


@pytest.mark.parametrize(
    ("text", "expected", "authority"),
    [
        ("https://Example.COM", "https://example.com/", "example.com:443"),
        ("http://example.com:80/a b".replace(" ", "%20"), "http://example.com/a%20b", "example.com:80"),
        ("https://[::1]:8443/x?y=ü#part", "https://[::1]:8443/x?y=%C3%BC", "[::1]:8443"),
        ("https://127.0.0.1", "https://127.0.0.1/", "127.0.0.1:443"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example/", "xn--bcher-kva.example:443"),
        ("https://example.com?x=1", "https://example.com/?x=1", "example.com:443"),
    ],
)
def test_url_is_read_as_a_client_sends_it(text: str, expected: str, authority: str) -> None:
    url = parse(text)
    assert str(url) == expected
    assert url.authority == authority
    assert parse(str(url)) == url


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("example.com", "begins with http"),
        ("file:///etc/passwd", "begins with http"),
        ("https://", "host is missing"),
        ("https:///path", "host is missing"),
        ("https://user@example.com", "no credentials"),
        ("https://user:pass@example.com", "no credentials"),
        ("https://exa\tmple.com", "no blank"),
        ("https://example.com\\@evil.com", "backslash"),
        ("https://bücher.example", "xn--"),
        ("https://example.com:0", "port 0"),
        ("https://example.com:99999", "not a URL"),
        ("https://[::1", "not a URL"),
        ("https://1.2.3", "neither a host name nor an address"),
        ("https://a..b", "neither a host name nor an address"),
    ],
)
def test_what_is_no_url_of_a_service_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse(text)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/login", "https://example.com/login"),
        ("next", "https://example.com/a/next"),
        ("//other.example/x", "https://other.example/x"),
        ("?q=a b", "https://example.com/a/b?q=a%20b"),
    ],
)
def test_reference_is_followed(location: str, expected: str) -> None:
    assert str(parse("https://example.com/a/b").join(location)) == expected


def test_loopback_is_told_from_other_machines() -> None:
    assert all(map(is_loopback, ["127.0.0.1", "127.1.2.3", "::1", "localhost", "api.localhost"]))
    assert not any(map(is_loopback, ["127.0.0.1.example.com", "localhost.example.com", "10.0.0.1", "::2"]))
