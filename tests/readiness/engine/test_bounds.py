import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.engine.bounds import ENTRIES, EXCERPT, SUMMARY, TEXT, bounded, line
from readiness.engine.protocol import LENGTH, Reply, length, pack
from readiness.outcome import Evidence, Finding, Level, Measurement, Outcome, Status, TestNames
from readiness.packed_lines import MOST
from readiness.text import unseen


def test_what_is_short_stays_as_it_is() -> None:
    outcome = Outcome(status=Status.FAILED, summary="2 tests failed", findings=(Finding(message="m"),))
    assert bounded(outcome) == outcome


@given(st.text(), st.sampled_from(Status))
def test_a_summary_is_one_printable_line_and_the_status_stays(text: str, status: Status) -> None:
    outcome = bounded(Outcome.model_construct(status=status, summary=text))
    assert outcome.status is status
    assert 0 < len(outcome.summary) <= SUMMARY
    assert unseen(outcome.summary) == ""


def test_a_long_list_is_clipped_and_says_so() -> None:
    findings = tuple(Finding(message=f"m{number}", level=Level.NOTE) for number in range(ENTRIES + 500))
    outcome = bounded(Outcome(status=Status.PASSED, summary="s" * 5_000, examined=1, findings=findings))
    assert outcome.findings == findings[:ENTRIES]
    assert outcome.summary.endswith("(1,000 of 1,500 findings are kept)")
    assert len(outcome.summary) <= SUMMARY


def test_long_texts_are_clipped_and_excerpts_keep_their_end() -> None:
    outcome = bounded(
        Outcome(
            status=Status.FAILED,
            summary="s",
            remedy="r" * 10_000,
            findings=(Finding(message="m" * 10_000),),
            measurements=(Measurement(name="n", value="v" * 10_000),),
            evidence=(Evidence(name="e", excerpt="start" + "x" * 100_000 + "end"),),
        )
    )
    assert len(outcome.remedy) == len(outcome.findings[0].message) == TEXT
    assert len(str(outcome.measurements[0].value)) == TEXT
    assert outcome.evidence[0].excerpt.endswith("end")
    assert len(outcome.evidence[0].excerpt) <= EXCERPT + 20


def test_a_line_holds_nothing_that_a_terminal_obeys() -> None:
    assert line("a\x1b[31mb\r\nc\u202ed") == "a\\x1b[31mb c\\u202ed"


def test_a_frame_has_its_length_in_front() -> None:
    reply = Reply(id=1, kind="imported")
    data = pack(reply)
    assert length(data[: LENGTH.size]) == len(data) - LENGTH.size
    assert Reply.model_validate_json(data[LENGTH.size :]) == reply


def test_a_frame_that_is_too_large_is_refused_on_both_sides() -> None:
    with pytest.raises(ValueError, match="larger than"):
        pack(Reply(id=1, kind="refused", refused="x" * 40_000_000))
    with pytest.raises(ValueError, match="larger than"):
        length(LENGTH.pack(2**31))


def test_too_many_names_of_tests_are_left_out_and_that_is_said() -> None:
    names = TestNames(ran="\n" * MOST, counted="ran")
    outcome = bounded(Outcome(status=Status.PASSED, summary="S", examined=1, tests=names))
    assert (outcome.tests, outcome.summary) == (None, "S (its names of tests are too many to be kept)")
