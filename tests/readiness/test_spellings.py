"""Secrets are masked where their characters are written as numbers."""

from collections.abc import Callable

import pytest

from readiness.redaction import MASK, Redactor


@pytest.mark.parametrize(
    "write",
    [
        lambda text: "".join(f"&#{ord(char)};" for char in text),
        lambda text: "".join(f"&#x{ord(char):04X};" for char in text),
        lambda text: "".join(f"&amp;#{ord(char)};" for char in text),
        lambda text: "".join(f"&#{ord(char)};" if at % 2 else char for at, char in enumerate(text)),
        lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
        lambda text: "".join(f"\\\\u{ord(char):04X}" for char in text),
        lambda text: ", ".join(f"0x{byte:02x}" for byte in text.encode()),
        lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
        lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    ],
)
@pytest.mark.parametrize("secret", ["kJ8sLq2vX9zR4tWm", "ü/kJ8s+Lq2vX9z"])
def test_letters_and_digits_that_are_written_as_numbers_are_masked(write: Callable[[str], str], secret: str) -> None:
    redactor = Redactor()
    redactor.register(secret)
    told = redactor.text(f"see <b>{write(secret)}</b> &#103;ood")
    assert MASK in told
    assert len(told) < len(f"see <b>&#x{MASK};</b> &#103;ood") + 2
    assert told.endswith("</b> &#103;ood")
