"""Names of tests are small in a report, plain in memory, and bounded when they are read."""

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from readiness.outcome import Outcome, Status, TestNames
from readiness.packed_lines import LARGEST, MOST, fits, pack, unpack
from readiness.redaction import MASK, Redactor

NAMES = TestNames.of(ran=["a\tone", "a\ttwo"], broken=["a\tthree"], skipped=["a\tfour"], counted="ran")


def packed(data: bytes) -> str:
    return "zlib:" + base64.b64encode(zlib.compress(data)).decode()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_packed_comes_back(text: str) -> None:
    assert unpack(pack(text)) == text


def test_names_are_packed_in_json_alone() -> None:
    outcome = Outcome(status=Status.PASSED, summary="S", examined=2, tests=NAMES)
    assert outcome.model_dump()["tests"]["ran"] == "a\tone\na\ttwo"
    written = outcome.model_dump_json()
    assert "one" not in written
    assert Outcome.model_validate_json(written) == outcome


def test_ten_thousand_names_take_a_tenth_of_their_length() -> None:
    names = "\n".join(f"tests.module_{n % 97}.TestThing\ttest_case_{n}" for n in range(10_000))
    assert len(pack(names)) < len(names) / 6


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("plain text", "no list of lines"),
        ("zlib:!!!", "no list of lines"),
        ("zlib:aGVsbG8=", "no list of lines"),
        (packed(b"\xff\xfe"), "no list of lines"),
        (packed(b"a\tone")[:-8], "no list of lines"),
        (packed(b"a\tone" + b" " * LARGEST), "more than 16 MiB"),
        (packed(b"\n" * (MOST + 1)), "more than 16 MiB or 200,000 lines"),
        ("zlib:" + base64.b64encode(zlib.compress(b"a\tone") + b"more").decode(), "no list of lines"),
    ],
    ids=["plain", "base64", "zlib", "utf-8", "cut off", "a bomb", "lines", "a tail"],
)
def test_what_no_run_wrote_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        TestNames.model_validate_json('{"ran": "' + text + '"}')


def test_a_bomb_is_not_unpacked() -> None:
    """A thousandth of its size in memory is all that it may cost."""
    reader = zlib.compressobj(1)
    data = b"".join(reader.compress(b"\0" * 2**20) for _ in range(100)) + reader.flush()
    with pytest.raises(ValueError, match="more than 16 MiB"):
        unpack("zlib:" + base64.b64encode(data).decode())


def test_what_is_too_much_does_not_fit() -> None:
    assert fits("a\tone")
    assert not fits("\n" * MOST)
    assert not fits("x" * (LARGEST + 1))


def test_a_secret_in_a_name_is_masked_before_it_is_packed() -> None:
    redactor = Redactor()
    redactor.register("hunter2hunter2")
    names = TestNames.of(ran=["a\ttest_login[hunter2hunter2]", "a\tone"], broken=(), skipped=(), counted="ran")
    outcome = redactor.model(Outcome(status=Status.PASSED, summary="S", examined=2, tests=names))
    assert outcome.tests is not None
    assert outcome.tests.ran == f"a\tone\na\ttest_login[{MASK}]"
    again = Outcome.model_validate_json(outcome.model_dump_json()).tests
    assert again == outcome.tests


def test_what_ran_somewhere_has_run() -> None:
    names = TestNames.of(
        ran=["a\tone"], broken=["a\tone", "a\ttwo"], skipped=["a\tone", "a\ttwo", "a\tsix"], counted=""
    )
    assert (names.ran, names.broken, names.skipped) == ("a\tone", "a\ttwo", "a\tsix")
