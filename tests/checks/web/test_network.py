import errno

import pytest

from readiness_checks.web.network import Address, Deadline, NetworkError, NoRouteError, connect_any, describe
from support import servers


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "did not answer in time"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "refused the connection"),
        (ConnectionResetError(errno.ECONNRESET, "x"), "closed the connection"),
        (OSError(errno.ENETUNREACH, "x"), "no route"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "cannot be reached: No route to host"),
    ],
)
def test_errors_of_sockets_are_put_into_words(error: OSError, words: str) -> None:
    found = describe(error, "example.com:443")
    assert str(found).startswith("example.com:443")
    assert words in str(found)
    assert found.remedy
    assert isinstance(found, NoRouteError) is (error.errno == errno.ENETUNREACH)


def test_first_address_that_accepts_is_used() -> None:
    with servers.listen(servers.closing) as server:
        closed = Address("127.0.0.1", servers.free_port())
        connect_any("localhost", [closed, Address("127.0.0.1", server.port)], Deadline(5)).close()


def test_reason_is_told_when_no_address_accepts() -> None:
    closed = Address("127.0.0.1", servers.free_port())
    with pytest.raises(NetworkError, match="refused the connection"):
        connect_any("localhost", [closed, closed], Deadline(5))
    with pytest.raises(NetworkError, match="has no address"):
        connect_any("localhost", [], Deadline(5))


def test_deadline_ends() -> None:
    deadline = Deadline(0)
    assert deadline.over
    assert 0 < deadline.left < 1
