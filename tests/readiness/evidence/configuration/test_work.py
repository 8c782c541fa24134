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
