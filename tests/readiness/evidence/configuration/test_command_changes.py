"""What pipelines and scripts no longer run, or no longer as strictly, is found; other edits are free."""

from typing import Any

import pytest

from support.configuration import data, found, texts


@pytest.mark.parametrize(("code", "path", "before", "after"), data("weaker_work.yaml"))
def test_weaker_work_is_found(code: str, path: str, before: str | None, after: str | None) -> None:
    result = found(texts(path, before), texts(path, after))
    assert {one.code for one in result} == {code}
    assert {one.path for one in result} == {path}


@pytest.mark.parametrize(("code", "path", "before", "after"), data("weaker_work.yaml"))
def test_the_way_back_is_free(code: str, path: str, before: str | None, after: str | None) -> None:
    del code
    assert found(texts(path, after), texts(path, before)) == []


@pytest.mark.parametrize("case", data("honest_work.yaml"), ids=lambda case: case["title"])
def test_an_honest_change_is_free(case: dict[str, Any]) -> None:
    assert found(case.get("before", {}), case["after"]) == []


def test_a_weaker_step_is_found_at_its_line() -> None:
    path = ".github/workflows/ci.yml"
    before = "on: push\njobs:\n  t:\n    steps:\n      - run: |\n          make lint\n          npm test\n"
    (one,) = found({path: before}, {path: before.replace("npm test", "npm test || true")})
    assert (one.line, one.text) == (7, "ignores a failure of `npm test`")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", '{"scripts": {"test": "' + "jest && " * 50_000 + '"}}'),
        (".github/workflows/ci.yml", "on: push\njobs:\n  t:\n    steps:\n" + "      - run: pytest\n" * 6_000),
        ("tox.ini", "[testenv]\ncommands =\n" + "  pytest\n" * 20_000),
        ("test.sh", "<<A\n" * 20_000 + "pytest\n" * 6_000),
        ("Jenkinsfile", "node {\n" + "try {\nsh 'pytest'\n}\n" * 6_000),
    ],
)
def test_too_many_commands_are_no_silence(path: str, text: str) -> None:
    codes = {one.code for one in found({path: "{}"}, {path: text})}
    assert codes == {"configuration-unreadable"}


def test_many_jobs_that_go_cost_seconds() -> None:
    path = ".github/workflows/ci.yml"
    before, after = (
        "on: push\njobs:\n" + "".join(f"  {name}{n}: {{steps: [{{run: pytest}}]}}\n" for n in range(2_000))
        for name in ("a", "b")
    )
    assert found({path: before}, {path: after}) == []


WORKFLOW = "on: pull_request\njobs:\n  t:\n    steps:\n    - run: make build\n    - run: pytest\n"
MAKE = "test:\n\tpytest\nbuild:\n\tx\n"


@pytest.mark.parametrize(("old", "new"), [(MAKE, MAKE), (MAKE, f"{MAKE}# edited\n")])
def test_a_script_that_was_there_takes_the_place_of_no_step(old: str, new: str) -> None:
    """Whoever edits it, or brings a file beside it, would otherwise drop a step for free."""
    before = {".github/workflows/ci.yml": WORKFLOW, "Makefile": old}
    after = {".github/workflows/ci.yml": WORKFLOW.replace("    - run: pytest\n", ""), "Makefile": new}
    assert [one.text for one in found(before, after)] == ["no longer runs `pytest`"]


def test_a_script_that_comes_to_run_it_takes_the_place_of_a_step() -> None:
    before = {".github/workflows/ci.yml": WORKFLOW, "Makefile": "build:\n\tx\n"}
    after = {
        ".github/workflows/ci.yml": WORKFLOW.replace("    - run: pytest\n", ""),
        "Makefile": "build:\n\tx\n\tpytest\n",
    }
    assert found(before, after) == []
