"""Chooses the items about code: its tests, how much they cover, and lint."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from readiness.init.items import MOST, Draft, command, draft, folder, in_each, join, suffix
from readiness.init.npm import RUN
from readiness.init.results import glob_of_folders
from readiness.init.stacks import ANYWHERE, Evidence
from readiness.init.survey import Survey

_PYTEST = Evidence(command="pytest --junitxml=junit.xml", path="junit.xml")
_COVERAGE = Evidence(command="coverage run -m pytest && coverage json", path="coverage.json")
_DJANGO = Evidence(
    command="python manage.py test --testrunner xmlrunner.extra.djangotestrunner.XMLTestRunner, "
    "with unittest-xml-reporting",
    path="TEST-*.xml",
)
_DJANGO_COVERAGE = Evidence(command="coverage run manage.py test && coverage json", path="coverage.json")


def quality(found: Survey) -> Iterator[Draft]:
    """Tests, coverage and lint of every stack."""
    yield from _tests(found)
    yield from _coverage(found)
    yield from _lint(found)


def _tests(found: Survey) -> Iterator[Draft]:
    missing = _missing(_writers_of_tests(found), found.junit)
    own = f"The project's own command is `{found.own_test}`. " if found.own_test else ""
    if found.junit or missing:
        comment = ""
        if found.junit:
            comment = "Test results were found; every file that matches is counted, also those that a later run adds.\n"
            comment += "With `max_skipped: 0` no test may be skipped.\n"
        if missing:
            comment += f"{own}Let the test run write the results that were not found, for instance:{_told(missing)}"
        paths = [*found.junit, *missing]
        yield draft("tests", "All tests pass", "junit", comment.rstrip("\n"), {"paths": paths})
    elif found.own_test:
        comment = (
            "Judged by its exit code alone. Let it write JUnit files and name them with `check: junit` to count them."
        )
        yield command("tests", f"`{found.own_test}` succeeds", found.own_test, ".", comment)


def _coverage(found: Survey) -> Iterator[Draft]:
    missing = _missing(_writers_of_coverage(found), found.coverage)
    measured: dict[str, list[str]] = {}
    for path in found.coverage:
        measured.setdefault(glob_of_folders(path), []).extend(found.measured.get(path, ()))
    measured |= {path: [] for path in missing}
    if not measured:
        return
    comment = "Raise the minimum to the team's own target."
    if missing:
        comment += f"\nLet the test run write the coverage that was not found:{_told(missing)}"
    sources: list[dict[str, Any]] = [{"path": path, "metric": "lines", "minimum": 80} for path in measured]
    for source in sources:
        if files := measured[source["path"]]:
            source["files"] = list(dict.fromkeys(files))
            comment += "\nA source file below `files` that the report does not measure counts as not covered."
    yield draft("coverage", "Test coverage reaches its minimum", "coverage", comment, {"sources": sources})


def _lint(found: Survey) -> Iterator[Draft]:
    """The project's own command at the root; else that of each stack."""
    if found.own_lint:
        yield command("lint", f"`{found.own_lint}` finds nothing", found.own_lint, ".", "The project's own command.")
    covered = {"."} if found.own_lint else set()
    runs = [(folder(one.path), f"{RUN[one.manager]} lint") for one in found.packages if "lint" in one.scripts]
    runs += [(project.folder, project.lint) for project in found.projects_of_stacks if not project.beside]
    runs = [run for run in dict.fromkeys(runs) if run[1] and run[0] not in covered]
    folders = {run: [where for where, other in runs if other == run] for _where, run in runs}
    for run, places in folders.items():
        if len(places) > MOST:
            title = f"`{run}` finds nothing in {len(places)} folders"
            script = in_each([join(place, "manifest") for place in places], run)
            yield command(
                f"lint-{run.split()[0]}", title, script, ".", f"Needs `{run.split()[0]}` where readiness runs."
            )
    for where, run in [run for run in runs if len(folders[run[1]]) <= MOST]:
        several = len(folders[run]) > 1
        title = f"`{run}` finds nothing" + ("" if where == "." else f" in {where}")
        identifier = f"lint-{run.split()[0]}" + suffix(where, several=several)
        yield command(identifier, title, run, where, f"Needs `{run.split()[0]}` where readiness runs.")


def _writers_of_tests(found: Survey) -> Iterator[tuple[str, Evidence]]:
    """What writes results: by folder, a command and its file."""
    run, runner = found.python_prefix, _DJANGO if found.tests_by_django else _PYTEST
    yield from ((place, runner.model_copy(update={"command": run + runner.command})) for place in found.tests)
    for package in found.packages:
        if package.report:
            yield folder(package.path), Evidence(command=package.report, path="junit.xml")
    for project in found.projects_of_stacks:
        if evidence := project.tests:
            yield project.folder, evidence.model_copy(update={"command": project.runs(evidence.command)})


def _writers_of_coverage(found: Survey) -> Iterator[tuple[str, Evidence]]:
    yield from ((place, _DJANGO_COVERAGE if found.tests_by_django else _COVERAGE) for place in found.tests)
    for package in found.packages:
        if package.coverage:
            yield folder(package.path), Evidence(command=package.coverage, path="coverage/lcov.info")
    for project in found.projects_of_stacks:
        if evidence := project.coverage:
            yield project.folder, evidence.model_copy(update={"command": project.runs(evidence.command)})


def _missing(writers: Iterator[tuple[str, Evidence]], found: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Files that nobody has written yet, each with the commands that would.

    One at the root is missing only where nothing was found at all: what was found may be its own.
    """
    missing: dict[str, list[str]] = {}
    for place, evidence in writers:
        anywhere = evidence.path.startswith(ANYWHERE)
        path = evidence.path if anywhere else join(place, evidence.path)
        if found and (place == "." or anywhere or any(name.startswith(f"{place}/") for name in found)):
            continue
        told = missing.setdefault(path, [])
        line = evidence.command if place == "." or anywhere else f"in {place}: {evidence.command}"
        if line not in told:
            told.append(line)
    return missing


def _told(missing: Mapping[str, Sequence[str]]) -> str:
    every = [line for lines in missing.values() for line in lines]
    rest = f"\n  and {len(every) - MOST} more of the kind" if len(every) > MOST else ""
    return "".join(f"\n  {line}" for line in every[:MOST]) + rest
