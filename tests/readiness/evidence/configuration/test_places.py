"""The commands of pipelines, scripts and hooks are read wherever tools let them stand."""

import pytest

from support.configuration import found

GITLAB, GITHUB = ".gitlab-ci.yml", ".github/workflows/ci.yml"


def gitlab(extra: str) -> str:
    return f"test:\n  {extra}\n  script: [pytest]\n"


def github(run: str) -> str:
    return f"jobs:\n  a:\n    steps:\n      - run: {run}\n"


@pytest.mark.parametrize(
    ("path", "before", "after", "text"),
    [
        (GITLAB, gitlab("only: [main, develop]"), gitlab("only: [main]"), 'runs `pytest` only if only ["main"]'),
        (GITLAB, gitlab("except: [docs]"), gitlab("except: [docs, develop]"),
         'runs `pytest` only if except ["docs", "develop"]'),
        (GITLAB, gitlab("variables: {HUSKY: '1'}"), gitlab("variables: {HUSKY: '0'}"), "sets HUSKY to 0"),
        (GITLAB, gitlab("variables: {}"), gitlab("variables: {CS_SEVERITY_THRESHOLD: high}"),
         "sets CS_SEVERITY_THRESHOLD to high"),
        ("pyproject.toml", "[tool.hatch.envs.test.scripts]\nrun = ['pytest', 'mypy src']\n",
         "[tool.hatch.envs.test.scripts]\nrun = ['pytest']\n", "no longer runs `mypy src`"),
        ("tox.toml", "[env_run_base]\ncommands = [['pytest'], ['mypy', 'src']]\n",
         "[env_run_base]\ncommands = [['pytest']]\n", "no longer runs `mypy src`"),
        (".lintstagedrc", '{"*.js": ["eslint", "jest"]}', '{"*.js": ["eslint"]}', "no longer runs `jest`"),
        (".huskyrc", '{"hooks": {"pre-commit": "npm test && npx eslint a"}}', '{"hooks": {"pre-commit": "npm test"}}',
         "no longer runs `npx eslint a`"),
        (".huskyrc.json", '{"hooks": {"pre-commit": "npm test && npx eslint a"}}',
         '{"hooks": {"pre-commit": "npm test"}}', "no longer runs `npx eslint a`"),
        (".simple-git-hooks.json", '{"pre-commit": "npx eslint src"}', "{}",
         "removes `staged files`, which runs `npx eslint src`"),
        ("Dockerfile", 'FROM x\nRUN ["pytest", "tests"]\n', "FROM x\n", "removes `image`, which runs `pytest tests`"),
        (GITHUB, github("env TESTS='unit slow' pytest"), github("env TESTS='unit' pytest"), "drops `slow` of TESTS"),
        (GITHUB, github("pytest 'a"), github("pytest 'a -k b"), "adds `-k b`"),
    ],
)  # fmt: skip
def test_a_command_that_judges_less_is_found(path: str, before: str, after: str, text: str) -> None:
    (one,) = found({path: before}, {path: after})
    assert text in one.text
    assert one.path == path


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (GITLAB, gitlab("only: [main]"), gitlab("only: [main, develop]")),
        (GITLAB, gitlab("except: [docs, develop]"), gitlab("except: [docs]")),
        (GITLAB, gitlab("variables: {HUSKY: ''}"), gitlab("variables: {HUSKY: '1'}")),
        (GITHUB, github("env TESTS='unit' pytest"), github("env TESTS='unit slow' pytest")),
        (GITHUB, github("env TESTS='unit' pytest"), github("env TESTS='all' pytest")),
        ("Dockerfile", "FROM x\n", 'FROM x\nRUN ["pytest",\n'),
        (".huskyrc.json", '{"hooks": {"pre-commit": "npm test"}}', '{"hooks": {"pre-commit": "npm test && eslint"}}'),
    ],
)
def test_a_command_that_judges_as_much_or_more_is_free(path: str, before: str, after: str) -> None:
    assert found({path: before}, {path: after}) == []


def test_a_file_that_could_not_be_read_before_is_not_compared() -> None:
    assert found({"tsconfig.json": '{"compilerOptions": '}, {"tsconfig.json": '{"compilerOptions": {}}'}) == []
    assert found({"tsconfig.json": '{"compilerOptions": '}, {"tsconfig.json": "{"}) == []
