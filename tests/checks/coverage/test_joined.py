"""Several reports of one source are joined: what one of them saw run was run."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.coverage_reports import judge, refused, value


def lcov(*hits: int, branches: str = "", name: str = "src/a.js") -> str:
    lines = "".join(f"DA:{number},{hit}\n" for number, hit in enumerate(hits, 1))
    return f"SF:{name}\n{lines}{branches}end_of_record\n"


def final(*hits: int, column: int = 0) -> str:
    lines = range(1, len(hits) + 1)
    file = {
        "path": "/ci/src/a.js",
        "statementMap": {str(line): {"start": {"line": line, "column": column}, "end": {}} for line in lines},
        "s": {str(line): hit for line, hit in zip(lines, hits, strict=True)},
        **{key: {} for key in ("fnMap", "f", "branchMap", "b")},
    }
    return json.dumps({"/ci/src/a.js": file})


SHARDS: dict[str, Any] = {"cov/1.info": lcov(1, 0, 0, 1), "cov/2.info": lcov(0, 1, 0, 0)}


@pytest.mark.parametrize("path", ["cov/*.info", ["cov/1.info", "cov/2.info"], ["cov/1.info", "cov/*"], "**/*.info"])
def test_shards_are_joined_line_by_line(tmp_path: Path, path: object) -> None:
    outcome = judge(tmp_path, SHARDS, path=path)
    assert value(outcome) == 75.0
    assert [evidence.name for evidence in outcome.evidence] == ["cov/1.info", "cov/2.info"]
    assert outcome.examined == 1
    assert "lines without a test: 3" in next(f.message for f in outcome.findings if f.rule == "uncovered")


def test_the_same_shard_twice_covers_no_more(tmp_path: Path) -> None:
    assert value(judge(tmp_path, {"a.info": lcov(1, 0), "b.info": lcov(1, 0)}, path="*.info")) == 50.0


def test_the_number_is_called_by_the_pattern_and_not_by_how_many_reports_match(tmp_path: Path) -> None:
    assert judge(tmp_path, SHARDS, path="cov/*.info").measurements[0].name == "cov/*.info lines"
    assert judge(tmp_path, SHARDS, path="cov/1.*").measurements[0].name == "cov/1.* lines"
    assert judge(tmp_path, SHARDS, path="./cov/1.info").measurements[0].name == "cov/1.info lines"


def test_branches_are_joined_by_their_names(tmp_path: Path) -> None:
    one, two = "BRDA:1,0,0,1\nBRDA:1,0,1,-\n", "BRDA:1,0,0,0\nBRDA:1,0,1,1\n"
    reports = {"a.info": lcov(1, branches=one), "b.info": lcov(1, branches=two)}
    assert value(judge(tmp_path, reports, "branches", path="*.info")) == 100.0
    assert value(judge(tmp_path, reports, "combined", path="*.info")) == 100.0
    reports["b.info"] = lcov(1, branches=one)
    assert value(judge(tmp_path, reports, "branches", path="*.info")) == 50.0


def test_formats_are_joined_by_line_and_nothing_else(tmp_path: Path) -> None:
    reports = {"a.info": lcov(1, 0, 0, branches="BRDA:1,0,0,1\n"), "b.json": final(0, 1, 0)}
    assert value(judge(tmp_path, reports, path=["a.info", "b.json"])) == 66.6666
    reports["c.xml"] = (
        '<coverage version="1"><file path="src/a.js"><lineToCover lineNumber="1" covered="true" branchesToCover="2" '
        'coveredBranches="1"/></file></coverage>'
    )
    refused(judge(tmp_path, reports, "branches", path=["a.info", "c.xml"]), "name branches in different ways")


def test_statements_are_joined_by_where_they_stand(tmp_path: Path) -> None:
    reports = {"a.json": final(1, 0), "b.json": final(0, 1)}
    assert value(judge(tmp_path, reports, "statements", path="*.json")) == 100.0
    reports["b.json"] = final(0, 1, column=4)
    assert value(judge(tmp_path, reports, "statements", path="*.json")) == 50.0


def test_lines_that_only_some_reports_count_are_told(tmp_path: Path) -> None:
    outcome = judge(tmp_path, {"a.info": lcov(1, 0), "b.info": lcov(1, 0, 0, 1)}, path="*.info")
    assert value(outcome) == 50.0
    said = next(f for f in outcome.findings if f.rule == "joined")
    assert (said.path, "2 lines can be covered" in said.message) == ("src/a.js", True)


def test_each_report_has_to_be_whole_and_about_this_source(tmp_path: Path) -> None:
    for bad, why in (
        ("", "is empty"),
        (lcov(1)[:-5], "report"),
        (lcov(1, name="src/gone.js"), "not in the repository"),
    ):
        outcome = judge(tmp_path, {"a.info": lcov(1), "b.info": bad}, path="*.info")
        assert outcome.status == "error", why


def test_a_pattern_that_matches_nothing_is_an_error(tmp_path: Path) -> None:
    refused(judge(tmp_path, {"a.info": lcov(1)}, path="shards/*.info"), "no file matches")
    refused(judge(tmp_path, {"a.info": lcov(1)}, path=["a.info", "b.info"]), "no file matches `b.info`")


def test_a_report_that_gives_sums_joins_files_that_no_other_measures(tmp_path: Path) -> None:
    total = {"total": 2, "covered": 1, "skipped": 0, "pct": 50}
    summary = dict.fromkeys(("lines", "statements", "functions", "branches"), total)
    places = ["src/a.js", "src/b.js"]
    reports = {"a.info": lcov(1, 1), "b.json": {"total": summary, "src/b.js": summary}}
    assert value(judge(tmp_path, reports, path=["a.info", "b.json"], sources=places)) == 75.0
    reports["a.info"] = lcov(1, 1, name="src/b.js")
    refused(judge(tmp_path, reports, path=["a.info", "b.json"], sources=places), "gives sums alone")


def test_shards_of_other_machines_may_have_other_folders(tmp_path: Path) -> None:
    reports = {
        "a.info": lcov(1, 0, name="/builds/acme/shop/src/a.js"),
        "b.info": lcov(0, 1, name="D:\\a\\shop\\src\\A.js"),
    }
    assert value(judge(tmp_path, reports, path="*.info")) == 100.0


@pytest.mark.parametrize("metric", ["branches", "combined"])
def test_the_percentage_is_not_known_where_a_shard_names_no_branches(tmp_path: Path, metric: str) -> None:
    """A minimum must not be met by a part of the product unseen."""
    taken = "BRDA:1,0,0,1\nBRDA:1,0,1,1\n"
    reports = {"a.info": lcov(1, branches=taken), "b.info": lcov(1, 0, name="src/b.js") + lcov(1, 0, name="test/b.js")}
    places = ["src/a.js", "src/b.js", "test/b.js"]
    outcome = judge(tmp_path, reports, metric, path="*.info", sources=places)
    refused(outcome, "the percentage of branches is not known: no report names those of 1 file (src/b.js)")
    assert [(f.rule, f.path) for f in outcome.findings] == [("part-not-measured", "b.info")]
    assert value(judge(tmp_path, reports, path="*.info", sources=places)) == 66.6666, "lines are known"
    reports["b.info"] = lcov(1, 0, branches="BRDA:1,0,0,0\n", name="src/b.js")
    outcome = judge(tmp_path, reports, metric, path="*.info", sources=places)
    assert not [finding for finding in outcome.findings if finding.rule == "part-not-measured"]
    assert value(outcome) in {66.6666, 80.0}


def _cobertura(rate: str, valid: str) -> str:
    return (
        f'<coverage line-rate="1" branch-rate="{rate}" {valid}><packages><package><classes><class filename="src/b.js">'
        '<lines><line number="1" hits="1"/></lines></class></classes></package></packages></coverage>'
    )


def _jacoco(counter: str) -> str:
    line = '<sourcefile name="b.js"><line nr="1" mi="0" ci="1" mb="0" cb="0"/></sourcefile>'
    return f'<report name="b"><package name="src">{line}</package>{counter}</report>'


def _clover(version: str, conditionals: str = 'conditionals="0" coveredconditionals="0"') -> str:
    totals = f'<metrics statements="1" coveredstatements="1" methods="0" coveredmethods="0" {conditionals}/>'
    file = '<file name="b.js" path="src/b.js"><line num="1" type="stmt" count="1"/></file>'
    return f'<coverage generated="0" {version}><project timestamp="0">{totals}{file}</project></coverage>'


def _opencover(points: int, share: int) -> str:
    return (
        f'<CoverageSession><Summary numBranchPoints="{points}" branchCoverage="{share}"/><Modules><Module><Files>'
        '<File uid="1" fullPath="src/b.js"/></Files><Classes><Class><Methods><Method><SequencePoints>'
        '<SequencePoint vc="1" sl="1" el="1" fileid="1"/></SequencePoints></Method></Methods></Class></Classes>'
        "</Module></Modules></CoverageSession>"
    )


@pytest.mark.parametrize(
    ("report", "known"),
    [
        (lcov(1, branches="BRF:0\nBRH:0\n", name="src/b.js"), True),
        (lcov(1, name="src/b.js"), False),
        (_cobertura("1", 'branches-valid="0"'), True),
        (_cobertura("0", 'branches-valid="0"'), False),
        (_cobertura("1", ""), False),
        (_jacoco('<counter type="COMPLEXITY" missed="0" covered="1"/>'), True),
        (_jacoco(""), False),
        (_clover('clover="3.2.0"'), True),
        (_clover('clover="4.5.2"'), True),
        (_clover('clover="4.5.2"', ""), False),
        (_clover('clover="4.3.0"'), False),
        (_clover(""), False),
        (_opencover(0, 100), True),
        (_opencover(1, 0), True),
        (_opencover(0, 0), False),
    ],
    ids=[
        *("lcov", "lcov without", "cobertura", "of coverage.py without", "of dotnet-coverage", "jacoco", "of Pester"),
        *("of istanbul", "of OpenClover", "clover without", "of ReportGenerator", "of PHPUnit"),
        *("of coverlet", "of OpenCover", "of AltCover without"),
    ],
)
def test_a_shard_that_measured_branches_and_has_none_joins(tmp_path: Path, report: str, *, known: bool) -> None:
    reports = {"a.info": lcov(1, branches="BRDA:1,0,0,1\nBRDA:1,0,1,-\n"), "b.report": report}
    outcome = judge(tmp_path, reports, "branches", path=["a.info", "b.report"], sources=["src/a.js", "src/b.js"])
    if known:
        assert value(outcome) == 50.0
    else:
        refused(outcome, "the percentage of branches is not known")


@pytest.mark.parametrize(
    "nothing",
    [
        "<coverage><packages/></coverage>",
        '<coverage><project name="p"/></coverage>',
        '<report name="module"/>',
        "<CoverageSession><Modules/></CoverageSession>",
        "mode: set\n",
        "TN:\nSF:src/b.js\nend_of_record\n",
        '{"gcovr/format_version": "0.6", "files": []}',
    ],
    ids=["cobertura", "clover", "jacoco", "opencover", "go", "lcov", "gcovr"],
)
def test_a_report_that_measures_nothing_is_told_beside_others_and_an_error_alone(tmp_path: Path, nothing: str) -> None:
    reports = {"a.info": lcov(1, 0), "b.report": nothing}
    places = ["src/a.js", "src/b.js"]
    outcome = judge(tmp_path, reports, path=["a.info", "b.report"], sources=places)
    assert value(outcome) == 50.0
    assert [(f.path, f.level) for f in outcome.findings if f.rule == "measures-nothing"] == [("b.report", "warning")]
    assert judge(tmp_path, reports, path="b.report", sources=places).status == "error"


def test_a_shard_without_branches_of_files_whose_branches_others_name_is_a_note(tmp_path: Path) -> None:
    reports = {"a.info": lcov(1, 0, branches="BRDA:1,0,0,1\nBRDA:1,0,1,-\n"), "b.info": lcov(1, 1)}
    outcome = judge(tmp_path, reports, "branches", path="*.info")
    assert value(outcome) == 50.0
    assert [f.level for f in outcome.findings if f.rule == "part-not-measured"] == ["note"]
    assert "not in the count" not in outcome.summary
    assert not [f for f in judge(tmp_path, reports, path="*.info").findings if f.rule == "part-not-measured"]
