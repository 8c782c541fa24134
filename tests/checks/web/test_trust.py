"""Why a handshake failed: by the server's will, or because the client saw a mistake."""

import ssl

import pytest

from readiness_checks.web.trust import ended_by_server


def error(reason: str, kind: type[ssl.SSLError] = ssl.SSLError) -> ssl.SSLError:
    made = kind(1, "in words")
    made.reason = reason
    return made


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (error("SSLV3_ALERT_HANDSHAKE_FAILURE"), True),
        (error("TLSV13_ALERT_CERTIFICATE_REQUIRED"), True),
        (error("UNEXPECTED_EOF_WHILE_READING"), True),
        (error("", ssl.SSLEOFError), True),
        (error("BAD_SIGNATURE"), False),
        (error("BAD_DH_VALUE"), False),
        (error("CERTIFICATE_VERIFY_FAILED", ssl.SSLCertVerificationError), False),
    ],
)
def test_only_an_alert_and_a_closed_connection_are_the_servers_will(found: ssl.SSLError, *, expected: bool) -> None:
    assert ended_by_server(found) is expected
