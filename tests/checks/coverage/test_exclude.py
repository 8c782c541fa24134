"""What `exclude` takes out of the count: it is counted and named, and product code among it is a warning."""

from pathlib import Path

from readiness.outcome import Level
from readiness.strictness.declared import directions
from readiness_checks.coverage import Coverage
from support.coverage_reports import measure, refused, value


def lcov(*names: str) -> str:
    return "".join(f"SF:{name}\nDA:1,1\nDA:2,{int(name == 'src/a.js')}\nend_of_record\n" for name in names)


HEADERS = ("/usr/include/c++/12/vector", "/opt/boost/any.hpp")


def rules(outcome: object) -> list[tuple[str, str, Level]]:
    found = getattr(outcome, "findings", ())
    return [(f.rule, f.path, f.level) for f in found if f.rule.startswith("excluded-file")]


def test_headers_of_the_system_are_refused_with_what_helps(tmp_path: Path) -> None:
    outcome = measure(tmp_path, lcov("src/a.js", *HEADERS))
    refused(outcome, "2 of the files that it measures are not in the repository")
    for way in ("--no-external", "gcovr --filter", "`exclude`"):
        assert way in outcome.remedy


def test_headers_that_are_excluded_are_counted_and_named(tmp_path: Path) -> None:
    outcome = measure(tmp_path, lcov("src/a.js", *HEADERS), exclude=["/usr/**", "/opt"])
    assert value(outcome) == 100.0
    assert (outcome.measurements[1].name, outcome.measurements[1].value) == ("report excluded files", 2)
    assert rules(outcome) == [("excluded-file", "report", Level.NOTE)]
    assert all(name in outcome.findings[-1].message for name in HEADERS)


def test_product_code_that_is_excluded_is_a_warning_and_generated_code_a_note(tmp_path: Path) -> None:
    places = ("src/a.js", "src/b.js", "src/generated/c.js")
    outcome = measure(tmp_path, lcov(*places), sources=places, exclude=["src/b.js", "**/generated/**"])
    assert value(outcome) == 100.0
    assert rules(outcome) == [
        ("excluded-file", "src/b.js", Level.WARNING),
        ("excluded-file", "src/generated/c.js", Level.NOTE),
    ]
    assert "1 of 2 lines were run" in next(f.message for f in outcome.findings if f.path == "src/b.js")


def test_a_place_in_the_repository_matches_whatever_the_report_calls_it(tmp_path: Path) -> None:
    places = ("src/a.js", "src/b.js")
    report = lcov("/ci/src/a.js", "/ci/src/b.js")
    for exclude in ("src/b.js", "/ci/src/b.js"):
        outcome = measure(tmp_path, report, sources=places, exclude=exclude)
        assert value(outcome) == 50.0
        assert outcome.examined == 1


def test_all_that_is_excluded_leaves_nothing_to_judge(tmp_path: Path) -> None:
    refused(measure(tmp_path, lcov("src/a.js"), exclude="**"), "nothing was measured")


def test_a_glob_that_matches_nothing_is_told(tmp_path: Path) -> None:
    outcome = measure(tmp_path, lcov("src/a.js"), exclude="/usr/**")
    assert value(outcome) == 100.0
    assert "matches no file that is measured" in outcome.findings[-1].message


def test_what_is_excluded_need_not_be_named_by_files(tmp_path: Path) -> None:
    places = ("src/a.js", "src/b.js")
    outcome = measure(tmp_path, lcov(*places), sources=places, exclude="src/b.js", files=["src/*.js"])
    assert value(outcome) == 100.0


def test_to_exclude_more_is_a_weaker_policy() -> None:
    rule = directions(Coverage)["sources"]
    before = [{"path": "a", "metric": "lines", "minimum": 1}]
    after = [{"path": "a", "metric": "lines", "minimum": 1, "exclude": ["src/**"]}]
    assert [change.kind for change in rule.changes(before, after)] == ["weakens"]
    assert "weakens" not in [change.kind for change in rule.changes(after, before)]
