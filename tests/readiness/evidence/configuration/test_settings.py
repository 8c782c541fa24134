"""Settings of tools that became looser are found with their place; others, and settings that moved, are free."""

from typing import Any

import pytest

from readiness.evidence.configuration import judges
from support.configuration import data, found, texts

LOOSER = [*data("looser.yaml"), *data("looser_builds.yaml")]
HONEST = [*data("honest.yaml"), *data("honest_builds.yaml")]

ALIASES = "b0: &b0 [x, x]\n" + "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]\n" for n in range(1, 9))


@pytest.mark.parametrize(("code", "path", "before", "after"), LOOSER)
def test_a_looser_setting_is_found(code: str, path: str, before: str | None, after: str | None) -> None:
    result = found(texts(path, before), texts(path, after))
    assert {one.code for one in result} == {code}
    assert {one.path for one in result} == {path}
    assert judges(path)


@pytest.mark.parametrize(
    ("code", "path", "before", "after"), [case for case in LOOSER if case[0] != "configuration-changed"]
)
def test_the_way_back_is_free(code: str, path: str, before: str | None, after: str | None) -> None:
    del code
    assert found(texts(path, after), texts(path, before)) == []


@pytest.mark.parametrize("case", HONEST, ids=lambda case: case["title"])
def test_an_honest_change_is_free(case: dict[str, Any]) -> None:
    assert found(case.get("before", {}), case["after"]) == []


@pytest.mark.parametrize(
    ("path", "before", "line"),
    [
        ("pyproject.toml",
         "[tool.mypy]\nstrict = true\n[[tool.mypy.overrides]]\nmodule = 'a'\nignore_errors = true\n", 5),
        ("mypy.ini", "[mypy]\nstrict = True\n[mypy-a]\n# why\nignore_errors = True\n", 5),
        (".codecov.yml", "# ignore\ncodecov: {}\nignore:\n  - a\n", 4),
        ("tsconfig.json", '{\n  "compilerOptions": {\n    "skipLibCheck": true\n  }\n}', 3),
    ],
)  # fmt: skip
def test_a_setting_is_found_at_its_line(path: str, before: str, line: int) -> None:
    base = {"tsconfig.json": "{}", ".codecov.yml": "{}"}.get(path, "")
    (one,) = [one for one in found({path: base}, {path: before}) if one.path == path]
    assert one.line == line


@pytest.mark.parametrize(
    ("path", "hostile"),
    [
        (".codecov.yml", "[" * 100_000),
        (".codecov.yml", ALIASES),
        ("tsconfig.json", "[" * 100_000),
        ("pyproject.toml", "a = " + "[" * 50_000),
        ("phpstan.neon", "a: 'b\n"),
        ("renovate.json", '{"a": }'),
        ("setup.cfg", "x\n[a]\nb\n  c = [\n[a\n"),
        (".editorconfig", "a" * (3 * 2**20)),
    ],
)  # fmt: skip
def test_what_cannot_be_read_any_more_is_no_silence(path: str, hostile: str) -> None:
    base = {"tsconfig.json": "{}", "renovate.json": "{}", ".codecov.yml": "ignore: []\n"}.get(path, "")
    codes = {one.code for one in found({path: base}, {path: hostile})}
    assert (
        codes in ({"configuration-unreadable"}, set()) if path == "setup.cfg" else codes == {"configuration-unreadable"}
    )


def test_a_new_file_takes_the_place_of_another_one() -> None:
    before = {"pyproject.toml": "[tool.coverage.report]\nfail_under = 95\n"}
    (one,) = found(before, {**before, ".coveragerc": "[run]\nparallel = true\n"})
    assert (one.code, one.text) == ("threshold-lowered", "coverage: lowers `report.fail_under`")
