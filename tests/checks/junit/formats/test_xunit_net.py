"""xUnit.net: the words of v2 and v3, errors outside of tests, and documents of others with the same root."""

from pathlib import Path

import pytest

from readiness.outcome import CheckError
from support.result_formats import read, states


def xunit(body: str, attributes: str = "", errors: str = "<errors/>") -> str:
    collection = f'<collection name="c">{body}</collection>'
    return f'<assemblies><assembly name="C:\\a\\deeds.dll" {attributes}>{errors}{collection}</assembly></assemblies>'


@pytest.mark.parametrize(
    ("word", "state"),
    [("Pass", "passed"), ("Fail", "failed"), ("Skip", "skipped"), ("NotRun", "skipped"), ("", "error"), ("?", "error")],
)
def test_each_result_has_its_meaning(tmp_path: Path, word: str, state: str) -> None:
    assert states(tmp_path, xunit(f'<test name="a" result="{word}"/>')) == [("a", state)]


def test_a_pass_with_a_failure_is_none(tmp_path: Path) -> None:
    assert states(tmp_path, xunit('<test name="a" result="Pass"><failure/></test>')) == [("a", "error")]


def test_errors_outside_of_tests_are_told(tmp_path: Path) -> None:
    error = '<error type="assembly-cleanup" name="F"><failure><message>left a mess</message></failure></error>'
    text = xunit('<test name="a" result="Pass"/>', 'errors="1"', f"<errors>{error}</errors>")
    found = read(tmp_path, text).cases
    assert [(case.name, case.state.value, case.message) for case in found][1] == ("F", "error", "left a mess")
    assert states(tmp_path, xunit('<test name="a" result="Pass"/>', 'errors="1"'))[1] == ("the run", "error")


@pytest.mark.parametrize("attributes", ['total="2"', 'passed="0"', 'failed="1"', 'skipped="1"', 'not-run="1"'])
def test_totals_that_no_test_explains_are_refused(tmp_path: Path, attributes: str) -> None:
    with pytest.raises(CheckError, match="contradicts itself"):
        read(tmp_path, xunit('<test name="a" result="Pass"/>', attributes))


def test_names_places_and_times_of_v3(tmp_path: Path) -> None:
    test = '<test name="A.B.Adds(x: 1)" type="A.B" time="0.5" result="Fail" source-file="src/A.cs" source-line="7">'
    body = f"{test}<failure><message>sums differ</message></failure></test>"
    found = read(tmp_path, xunit(body, 'start-rtf="2026-11-01T10:00:00.0000000+02:00" total="1"'))
    case = found.cases[0]
    assert (case.class_name, case.name, case.file, case.line) == ("A.B", "Adds(x: 1)", "src/A.cs", 7)
    assert (case.suites, case.message, case.seconds) == (("deeds.dll", "c"), "sums differ", 0.5)
    assert found.produced_at is not None
    assert found.produced_at.hour == 8


def test_version_1_has_one_assembly_with_classes(tmp_path: Path) -> None:
    text = (
        '<assembly name="a.dll" total="1" passed="1"><class name="A"><test name="A.b" type="A" result="Pass"/></class>'
    )
    assert states(tmp_path, f"{text}</assembly>") == [("b", "passed")]


@pytest.mark.parametrize(
    "text",
    [
        '<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0"/>',
        '<assembly xmlns="http://maven.apache.org/ASSEMBLY/2.0.0"><id>bin</id></assembly>',
    ],
)
def test_other_documents_with_such_a_root_are_no_results(tmp_path: Path, text: str) -> None:
    with pytest.raises(CheckError, match="its root is <assembly>"):
        read(tmp_path, text)


@pytest.mark.parametrize("attributes", ['total="2"', 'passed="0"', 'failed="1"', 'skipped="1"', 'not-run="1"'])
def test_totals_of_a_collection_that_no_test_in_it_explains_are_refused(tmp_path: Path, attributes: str) -> None:
    """Those of the assembly may be right by the tests of another collection."""
    text = xunit('<test name="a" result="Pass"/>').replace('name="c"', f'name="c" {attributes}')
    with pytest.raises(CheckError, match="contradicts itself"):
        read(tmp_path, text)


def test_a_test_outside_of_the_collections_is_refused(tmp_path: Path) -> None:
    stray = xunit('<test name="a" result="Pass"/>', errors='<errors/><test name="b" result="Fail"/>')
    with pytest.raises(CheckError, match="a <test> at a place where none belongs"):
        read(tmp_path, stray)
