"""Tests that several files report from one run count once; those of other runs, modules and parameters are not lost."""

from pathlib import Path

import pytest

from readiness.outcome import Status
from support.junit_results import junit, measured, rules, write

THREE = """\
<testsuite name="{suite}" {told}><testcase classname="a" name="x" {time}/><testcase classname="a" name="y" {time}/>
<testcase classname="a" name="z" {time}>{inner}</testcase></testsuite>
"""


def three(suite: str = "s", told: str = "", time: str = "", inner: str = "") -> str:
    return THREE.format(suite=suite, told=told, time=time, inner=inner)


def ran(root: Path, *texts: str, names: tuple[str, ...] = ("a.xml", "b.xml")) -> object:
    for name, text in zip(names, texts, strict=False):
        write(root, text, f"out/{name}")
    return measured(junit(root, paths=("out/**/*.xml",)))["ran"]


AT = 'timestamp="2026-01-20T12:00:00" hostname="ci"'
ONE_RUN = {
    "a file and its copy": (three(), three()),
    "with times": (three(told=AT, time='time="0.25"'), three(told=AT, time='time="0.25"')),
    "where one file does not say when": (three(told=AT, time='time="0.25"'), three(time='time="0.25"')),
    "where one file rounds": (three(time='time="0.2514"'), three(time='time="0.251"')),
    "a merged file around it": (three(), f"<testsuites>{three()}</testsuites>"),
    "in a suite of its own": (
        three(),
        f'<testsuites name="all"><testsuite name="m">{three()}</testsuite></testsuites>',
    ),
    "merged by Ant": (three("com.example.DeedTest", AT), three("DeedTest", f'package="com.example" id="0" {AT}')),
}
OTHER_RUNS = {
    "of another time": (three(told=AT), three(told=AT.replace("12:00", "12:07"))),
    "of another machine": (three(told=AT), three(told=AT.replace("ci", "ci-2"))),
    "that took another time": (three(time='time="0.25"'), three(time='time="0.31"')),
    "of another suite": (three("chrome"), three("firefox")),
}


@pytest.mark.parametrize("texts", ONE_RUN.values(), ids=ONE_RUN)
def test_a_test_that_two_files_report_from_one_run_counts_once(tmp_path: Path, texts: tuple[str, str]) -> None:
    assert ran(tmp_path, *texts) == 3
    outcome = junit(tmp_path, paths=("out/*.xml",), minimum_tests=6)
    assert outcome.status is Status.FAILED
    assert rules(outcome) == ["too-few", "reported-again"]
    assert "3 tests were reported again by another file" in outcome.findings[1].message


@pytest.mark.parametrize("texts", OTHER_RUNS.values(), ids=OTHER_RUNS)
def test_a_test_of_another_run_is_no_copy(tmp_path: Path, texts: tuple[str, str]) -> None:
    assert ran(tmp_path, *texts) == 6


def test_a_merged_file_beside_its_shards_adds_nothing(tmp_path: Path) -> None:
    shards = [three("one", AT), three("two", AT), three("three", AT)]
    merged = f"<testsuites>{''.join(shards)}</testsuites>"
    assert ran(tmp_path, *shards, merged, names=("a.xml", "b.xml", "c.xml", "merged.xml")) == 9


def test_a_merged_file_adds_what_no_shard_has(tmp_path: Path) -> None:
    merged = f"<testsuites>{three('one')}{three('two')}</testsuites>"
    assert ran(tmp_path, three("one"), merged) == 6


def test_repeats_in_one_file_are_kept_and_their_copies_are_not(tmp_path: Path) -> None:
    """Parameters may have no names."""
    row = '<testcase classname="a" name="row"/>'
    rows = f'<testsuite name="s">{row * 4}</testsuite>'
    assert ran(tmp_path, rows) == 4
    assert ran(tmp_path, rows, rows) == 4


def test_runs_of_three_versions_are_all_counted(tmp_path: Path) -> None:
    texts = [three(told=f'timestamp="2026-01-20T12:0{n}:00"') for n in range(3)]
    assert ran(tmp_path, *texts, names=("3.11/junit.xml", "3.12/junit.xml", "3.13/junit.xml")) == 9


@pytest.mark.parametrize("order", [("a.xml", "b.xml"), ("b.xml", "a.xml")])
def test_a_copy_that_failed_does_not_vanish_behind_one_that_passed(tmp_path: Path, order: tuple[str, str]) -> None:
    assert ran(tmp_path, three(), three(inner="<failure/>"), names=order) == 6
    assert junit(tmp_path, paths=("out/*.xml",), require=["x"]).status is Status.FAILED
    assert "test-failed" in rules(junit(tmp_path, paths=("out/*.xml",)))


@pytest.mark.parametrize("folders", [("attempt-1", "attempt-2"), ("run", "run_retry1"), ("Rerun 1", "Rerun 2")])
def test_files_of_two_attempts_are_about_one_run(tmp_path: Path, folders: tuple[str, str]) -> None:
    texts = three(told=AT, time='time="1"'), three(told=AT.replace("12:00", "12:30"), time='time="2"')
    names = tuple(f"{folder}/junit.xml" for folder in folders)
    if folders[0] == "run":
        names = ("junit.xml", "junitretry1.xml")
    assert ran(tmp_path, *texts, names=names) == 3
    failed = three(told=AT, inner="<failure/>")
    write(tmp_path, failed, f"out/{names[0]}")
    outcome = junit(tmp_path, paths=("out/**/*.xml",))
    assert (outcome.status, measured(outcome)["ran"]) == (Status.FAILED, 4)


def test_skipped_tests_that_a_copy_counts_and_does_not_name_count_once(tmp_path: Path) -> None:
    mocha = (
        '<testsuites tests="2" skipped="1"><testsuite name="s" tests="2"><testcase name="a"/></testsuite></testsuites>'
    )
    write(tmp_path, mocha, "out/a.xml")
    write(tmp_path, mocha, "out/b.xml")
    outcome = junit(tmp_path, paths=("out/*.xml",))
    assert outcome.summary == "1 test ran: 1 passed, 1 skipped"
