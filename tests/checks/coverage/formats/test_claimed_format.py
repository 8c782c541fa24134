"""A report whose root says another format than its content is refused: what it measures would not be counted."""

from pathlib import Path

import pytest

from support.coverage_reports import judge, refused

GOOD = "SF:src/a.js\nDA:1,1\nend_of_record\n"
COBERTURA = '<class filename="src/b.js"><lines><line number="1" hits="0"/></lines></class>'
CLOVER = '<file name="src/b.js" path="src/b.js"><line num="1" type="stmt" count="0"/></file>'
JACOCO = '<package name="src"><sourcefile name="b.js"><line nr="1" mi="1" ci="0" mb="0" cb="0"/></sourcefile></package>'
SONAR = '<file path="src/b.js"><lineToCover lineNumber="1" covered="false"/></file>'
OPENCOVER = '<Module><Method><SequencePoints><SequencePoint vc="0" sl="1"/></SequencePoints></Method></Module>'


@pytest.mark.parametrize(
    ("text", "element"),
    [
        (f"<coverage><packages><package>{CLOVER}</package></packages></coverage>", "file"),
        (f"<coverage><packages>{JACOCO}</packages></coverage>", "sourcefile"),
        (f"<coverage><packages/>{SONAR}</coverage>", "file"),
        (f"<coverage><packages/>{COBERTURA}</coverage>", "class"),
        (f"<coverage><packages>{OPENCOVER}</packages></coverage>", "SequencePoint"),
        ('<coverage><packages><lines><line number="1" hits="0"/></lines></packages></coverage>', "line"),
        (f"<coverage><project><package>{COBERTURA}</package></project></coverage>", "class"),
        (f"<coverage><project/>{OPENCOVER}</coverage>", "SequencePoint"),
        (f'<report name="r"><package name="src">{CLOVER}</package></report>', "file"),
        (f'<report name="r"><sessioninfo id="s"/>{COBERTURA}</report>', "class"),
        (f"<CoverageSession><Modules>{COBERTURA}</Modules></CoverageSession>", "class"),
        (f'<coverage version="1">{SONAR}{COBERTURA}</coverage>', "class"),
    ],
)
def test_what_measures_and_is_none_of_the_format_is_refused(tmp_path: Path, text: str, element: str) -> None:
    outcome = judge(
        tmp_path, {"a.info": GOOD, "b.xml": text}, path=["a.info", "b.xml"], sources=["src/a.js", "src/b.js"]
    )
    refused(outcome, f"b.xml cannot be read: it holds a <{element}> where its format has none")


def test_the_tests_of_clover_and_the_classes_in_its_files_are_its_own(tmp_path: Path) -> None:
    own = '<file path="src/a.js"><class name="A"/><line num="1" type="stmt" count="1"/></file>'
    tests = '<file path="t.js"><line num="1" type="stmt" count="0"/></file>'
    text = f"<coverage><project><package>{own}</package></project><testproject>{tests}</testproject></coverage>"
    assert judge(tmp_path, {"a.xml": text}, path="a.xml").measurements[0].value == 100.0


@pytest.mark.parametrize("totals", ["FNF:1\nFNH:0\nBRF:0\nBRH:0\nLF:7\nLH:0\n", "LF:7\nLH:0\n"])
def test_totals_of_lcov_without_lines_are_no_measurement(tmp_path: Path, totals: str) -> None:
    """As `cargo llvm-cov --lcov --summary-only` writes it."""
    reports = {"a.info": GOOD, "b.info": f"SF:src/b.js\n{totals}end_of_record\n"}
    outcome = judge(tmp_path, reports, path="*.info", sources=["src/a.js", "src/b.js"])
    refused(outcome, "b.info gives totals alone of src/b.js")


def test_the_json_that_goes_to_codecov_is_named(tmp_path: Path) -> None:
    outcome = judge(tmp_path, {"c.json": {"coverage": {"src/a.js": {"1": "1/1"}}}}, path="c.json")
    refused(outcome, "JSON for Codecov")
