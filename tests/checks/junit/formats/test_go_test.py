"""Go's test events: packages that break without a test, builds, panics, caches, repetitions and streams that end."""

from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import CheckError
from support.result_formats import lines, read, states


def event(action: str, test: str = "", package: str = "m/a", **more: Any) -> dict[str, Any]:
    return {"Action": action, "Package": package, **({"Test": test} if test else {}), **more}


def ran(test: str, end: str) -> list[dict[str, Any]]:
    return [event("run", test), event(end, test, Elapsed=0.5)]


PASS, FAIL = event("pass"), event("fail")


def test_parents_and_subtests_are_cases_of_their_package(tmp_path: Path) -> None:
    text = lines([*ran("TestA/x", "pass"), *ran("TestA", "pass"), *ran("TestB", "skip"), PASS])
    assert states(tmp_path, text) == [("TestA/x", "passed"), ("TestA", "passed"), ("TestB", "skipped")]
    case = read(tmp_path, text).cases[0]
    assert (case.class_name, case.title, case.seconds) == ("m/a", "m/a.TestA/x", 0.5)


def test_a_package_that_fails_without_a_test_is_told(tmp_path: Path) -> None:
    said = [event("output", Output="panic: no database\n"), event("output", Output="FAIL\tm/a\t0.1s\n")]
    found = read(tmp_path, lines([*ran("TestA", "pass"), *said, FAIL])).cases
    assert [(case.name, case.state.value, case.message) for case in found if case.state != "passed"] == [
        ("m/a", "error", "panic: no database")
    ]


def test_a_package_that_fails_for_a_test_is_told_once(tmp_path: Path) -> None:
    assert states(tmp_path, lines([*ran("TestA", "fail"), FAIL])) == [("TestA", "failed")]


def test_a_test_that_does_not_end_is_no_pass(tmp_path: Path) -> None:
    for end in (PASS, FAIL):
        assert states(tmp_path, lines([event("run", "TestA"), end])) == [("TestA", "error")]


def test_a_build_that_fails_is_told_with_what_the_compiler_says(tmp_path: Path) -> None:
    build = [
        {"ImportPath": "m/a [m/a.test]", "Action": "build-output", "Output": "# m/a [m/a.test]\n"},
        {"ImportPath": "m/a [m/a.test]", "Action": "build-output", "Output": "./a.go:3:2: undefined: x\n"},
        {"ImportPath": "m/a [m/a.test]", "Action": "build-fail"},
    ]
    found = read(tmp_path, lines([*build, event("start"), event("fail", FailedBuild="m/a [m/a.test]")])).cases
    assert [(case.name, case.state.value) for case in found] == [("m/a", "error")]
    assert states(tmp_path, lines(build)) == [("m/a [m/a.test]", "error")]


@pytest.mark.parametrize("fault", ["FAIL\tm/b [build failed]", "FAIL\tm/b [setup failed]", "FAIL\tm/b\t0.1s"])
def test_before_go_1_24_a_build_that_fails_is_told_in_plain_text(tmp_path: Path, fault: str) -> None:
    text = f"# m/b\n./b.go:3:2: undefined: x\n{lines([*ran('TestA', 'pass'), PASS])}{fault}\n"
    assert states(tmp_path, text) == [("TestA", "passed"), ("m/b", "error")]


def test_a_plain_fail_that_nothing_explains_is_told(tmp_path: Path) -> None:
    assert states(tmp_path, lines([*ran("TestA", "pass"), PASS]) + "FAIL\n")[1] == ("the run", "error")
    assert len(states(tmp_path, lines([*ran("TestA", "fail"), FAIL]) + "FAIL\n")) == 1


def test_a_package_that_has_not_ended_is_a_stream_that_is_cut_off(tmp_path: Path) -> None:
    for text in (lines(ran("TestA", "pass")), lines([*ran("TestA", "pass"), PASS, event("start", package="m/b")])):
        with pytest.raises(CheckError, match="did not end"):
            read(tmp_path, text)


@pytest.mark.parametrize("text", ['{"Action":"pa', '{"Action":"pa\n{"Action":"pass","Package":"m/a"}\n'])
def test_an_event_that_is_damaged_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CheckError, match=r"ends in the middle|begins like an event"):
        read(tmp_path, lines([*ran("TestA", "pass"), PASS]) + text)


def test_packages_without_tests_are_no_cases(tmp_path: Path) -> None:
    assert states(tmp_path, lines([event("start"), event("skip")])) == []


def test_every_repetition_has_to_pass(tmp_path: Path) -> None:
    """`-count` repeats a test in one run of its package."""
    assert states(tmp_path, lines([*ran("TestA", "pass"), *ran("TestA", "pass"), PASS])) == [("TestA", "passed")]
    assert states(tmp_path, lines([*ran("TestA", "fail"), *ran("TestA", "pass"), FAIL])) == [("TestA", "failed")]


def test_a_run_of_what_had_failed_is_another_attempt(tmp_path: Path) -> None:
    """`gotestsum --rerun-fails` runs the package again, for the failed tests alone."""
    first = [*ran("TestA", "fail"), *ran("TestB", "pass"), FAIL]
    assert states(tmp_path, lines([*first, *ran("TestA", "pass"), PASS])) == [("TestA", "flaky"), ("TestB", "passed")]
    assert states(tmp_path, lines([*first, *ran("TestA", "fail"), FAIL])) == [("TestA", "failed"), ("TestB", "passed")]


def test_another_run_of_all_tests_excuses_nothing(tmp_path: Path) -> None:
    both = [*ran("TestA", "fail"), *ran("TestB", "pass"), FAIL, *ran("TestA", "pass"), *ran("TestB", "pass"), PASS]
    assert [state for _, state in states(tmp_path, lines(both))] == ["failed", "passed", "passed", "passed"]


def test_a_cached_result_has_no_date(tmp_path: Path) -> None:
    cached = event("output", Output="ok  \tm/a\t(cached)\n")
    assert "cache" in read(tmp_path, lines([*ran("TestA", "pass"), cached, PASS])).undated
    assert read(tmp_path, lines([*ran("TestA", "pass"), PASS])).undated == ""


def test_a_benchmark_that_was_measured_has_passed(tmp_path: Path) -> None:
    said = event("output", "BenchmarkX", Output="BenchmarkX-2   \t819560365\t         1.609 ns/op\n")
    assert states(tmp_path, lines([event("run", "BenchmarkX"), said, PASS])) == [("BenchmarkX", "passed")]


def test_the_message_is_what_the_test_says(tmp_path: Path) -> None:
    said = [event("output", "TestA", Output=text) for text in ("=== RUN   TestA\n", "    a_test.go:7: sum is 3\n")]
    case = read(tmp_path, lines([event("run", "TestA"), *said, event("fail", "TestA"), FAIL])).cases[0]
    assert case.message == "sum is 3"


def test_events_without_a_package_are_those_of_one(tmp_path: Path) -> None:
    text = lines([{"Action": "run", "Test": "A"}, {"Action": "pass", "Test": "A"}, {"Action": "pass"}])
    assert states(tmp_path, text) == [("A", "passed")]
