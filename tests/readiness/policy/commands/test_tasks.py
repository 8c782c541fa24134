"""Which files decide what a runner of tasks does: make, npm, tox and their kind."""

import pytest

from support.command_walks import FILES, JS, PY, SH, SHELL, found

MAKEFILE = """\
PYTHON ?= python3
VERSION = 1
.PHONY: check test
include ci/common.mk

build: ; cc -o app main.c
check: lint
\t@$(PYTHON) ci/gate.py
lint:
\tcd ci && ./gate.sh
release:
\tci/release.sh
"""


@pytest.mark.parametrize(
    ("run", "files"),
    [
        ("make check", {"Makefile (target check)", "ci/gate.py", "ci/gate.sh", "ci/common.mk"}),
        ("make -s -j4 lint V=1", {"Makefile (target lint)", "ci/gate.sh", "ci/common.mk"}),
        ("make", {"Makefile (target)", "ci/common.mk"}),
        ("make -C sub all", {"sub/Makefile (target all)", "sub/x.sh"}),
        ("make -f sub/Makefile all", {"sub/Makefile (target all)", "sub/x.sh"}),
        ("cd sub && make", {"sub/Makefile (target)", "sub/x.sh", "Makefile (target)", "ci/common.mk"}),
        ("timeout 9 make lint", {"Makefile (target lint)", "ci/gate.sh", "ci/common.mk"}),
    ],
)
def test_what_make_runs(run: str, files: set[str]) -> None:
    there = {
        "Makefile": MAKEFILE, "ci/common.mk": "X = 1\n", "ci/gate.py": PY, "ci/gate.sh": SH, "ci/release.sh": SH,
        "sub/Makefile": "all: one\none:\n\tsh x.sh\n", "sub/x.sh": SH,
    }  # fmt: skip
    assert found(run, there) == files


PACKAGE = """{"version": "1.0.0", "scripts": {
    "pretest": "node ci/before.js", "test": "npm run lint && jest tests/a.test.js", "lint": "bash ci/lint.sh",
    "build": "node ci/build.js"
}}"""


@pytest.mark.parametrize(
    ("run", "files"),
    [
        ("npm test", {"package.json (script test)", "package.json (script lint)", "ci/before.js", "ci/lint.sh"}),
        ("npm run lint -- --fix", {"package.json (script lint)", "ci/lint.sh"}),
        ("npm run --silent build", {"package.json (script build)", "ci/build.js"}),
        ("yarn lint", {"package.json (script lint)", "ci/lint.sh"}),
        ("pnpm run build", {"package.json (script build)", "ci/build.js"}),
        ("bun run lint", {"package.json (script lint)", "ci/lint.sh"}),
        ("npm --prefix web run x", {"web/package.json (script x)", "web/x.js"}),
        ("npm run x --prefix=web -- --prefix other", {"web/package.json (script x)", "web/x.js"}),
        ("npm run x -w web", {"web/package.json (script x)", "web/x.js"}),
        ("npm run x --workspaces", {"web/package.json (script x)", "package.json (script x)", "web/x.js"}),
        ("yarn workspace web x", {"web/package.json (script x)", "package.json (script x)", "web/x.js"}),
        ("pnpm --filter web run x", {"web/package.json (script x)", "package.json (script x)", "web/x.js"}),
        ("yarn jest tests/a.test.js", {"package.json (script jest)"}),
        ("npx jest tests/a.test.js", set()),
        ("npm ci", set()),
    ],
)
def test_what_npm_and_its_kind_run(run: str, files: set[str]) -> None:
    there = {
        "package.json": PACKAGE, "ci/before.js": JS, "ci/lint.sh": SH, "ci/build.js": JS, "tests/a.test.js": JS,
        "web/package.json": '{"scripts": {"x": "node x.js"}}', "web/x.js": JS,
    }  # fmt: skip
    assert found(run, there) == files


@pytest.mark.parametrize(
    ("run", "name", "text"),
    [
        (
            "tox -e lint",
            "tox.ini",
            "[testenv:lint]\ndeps = x\ncommands =\n  pytest tests\n  bash {toxinidir}/ci/gate.sh\n",
        ),
        ("tox", "pyproject.toml", '[tool.tox.env_run_base]\ncommands = [["bash", "ci/gate.sh"]]\n'),
        ("python -m tox", "tox.ini", "[testenv]\ncommands = -ci/gate.sh\n"),
        ("nox -s lint", "noxfile.py", "def lint(session):\n    session.run('ci/gate.sh')\n"),
        (
            "pre-commit run -a",
            ".pre-commit-config.yaml",
            "repos:\n- repo: local\n  hooks:\n  - id: x\n    entry: bash ci/gate.sh\n",
        ),
        ("just lint", "justfile", "lint:\n  ci/gate.sh\n"),
        ("rake lint", "Rakefile", "sh 'ci/gate.sh'\n"),
        ("uv run inv lint", "tasks.py", "c.run('ci/gate.sh')\n"),
    ],
)
def test_what_other_runners_of_tasks_run(run: str, name: str, text: str) -> None:
    files = found(run, {name: text, "ci/gate.sh": SHELL})
    assert any(part.partition(" ")[0] == name for part in files)
    if name not in {"justfile", "Rakefile"}:  # their languages are not read, their files are compared whole
        assert "ci/gate.sh" in files


@pytest.mark.parametrize(
    ("run", "files"),
    [
        ("find ci -name '*.sh' -exec sh {} \\;", {"ci/gate.sh", "ci/lib.sh"}),
        ("find ci -name '*.sh' -exec shellcheck {} \\;", set()),
        ("find ci -name 'g*.sh' | xargs -n1 bash", {"ci/gate.sh"}),
        ("find ci -name '*.sh' | xargs shellcheck", set()),
        ("echo ci/gate.sh | xargs -n1 shellcheck -x", set()),
        ("run-parts ci", {path for path in FILES if path.startswith("ci/")}),
        ("trap 'sh ci/gate.sh' EXIT", {"ci/gate.sh"}),
        ("git bisect run sh ci/gate.sh", {"ci/gate.sh"}),
        ("git submodule foreach 'true'", set()),
        ("sed --file=ci/lib.sh README.md", {"ci/lib.sh"}),
        ("grep --file ci/rules.txt README.md", {"ci/rules.txt"}),
        ("grep -c ci/rules.txt README.md", set()),
    ],
)
def test_programs_that_run_what_they_find(run: str, files: set[str]) -> None:
    assert found(run) == files
