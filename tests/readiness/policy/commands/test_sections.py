"""What of a file has to stay the same, so that a command runs the same; the rest of it is free."""

import pytest

from readiness.policy.commands.sections import Part, content

MAKEFILE = """\
PYTHON = python3
VERSION = 1
FLAGS = $(STRICT)
STRICT = -W error
check: lint
\t$(PYTHON) $(FLAGS) ci/gate.py
lint: ; sh ci/lint.sh
build:
\tcc -D$(VERSION) app.c
%.o: %.c
\tcc $<
"""
PACKAGE = '{"version": "1", "scripts": {"test": "jest", "build": "x"}}'
TOX = "[tox]\nenvlist = py\n[testenv]\ndeps = pytest==1\ncommands = pytest tests\n"
TOML = '[project]\nversion = "1"\n[tool.tox.env.lint]\ndeps = ["ruff==1"]\ncommands = [["ruff", "check"]]\n'
HOOKS = "repos:\n- repo: https://example.com/a\n  rev: v1\n  hooks:\n  - id: a\n    args: [--strict]\n"


@pytest.mark.parametrize(
    ("part", "text", "old", "new", "same"),
    [
        ("Makefile target check", MAKEFILE, "VERSION = 1", "VERSION = 2", True),
        ("Makefile target check", MAKEFILE, "cc -D$(VERSION) app.c", "cc app.c", True),
        ("Makefile target check", MAKEFILE, "build:", "# words\nmore:\n\ttrue\nbuild:", True),
        ("Makefile target check", MAKEFILE, "PYTHON = python3", "PYTHON = true", False),
        ("Makefile target check", MAKEFILE, "-W error", "-W ignore", False),
        ("Makefile target check", MAKEFILE, "sh ci/lint.sh", "true", False),
        ("Makefile target check", MAKEFILE, "check: lint", "check:", False),
        ("Makefile target check", MAKEFILE, "PYTHON =", "SHELL = true\nPYTHON =", False),
        ("Makefile target check", MAKEFILE, "PYTHON =", "include more.mk\nPYTHON =", False),
        ("Makefile target check", MAKEFILE, "build:", "check:\n\ttrue\nbuild:", False),
        ("Makefile target check", MAKEFILE, "\tcc $<", "\ttrue", False),
        ("Makefile target check", MAKEFILE, "check: lint\n", "check: lint \\\n  more\n", False),
        ("Makefile target", MAKEFILE, "sh ci/lint.sh", "true", False),
        ("Makefile target build", MAKEFILE, "sh ci/lint.sh", "true", True),
        ("package.json script test", PACKAGE, '"version": "1"', '"version": "2", "dependencies": {}', True),
        ("package.json script test", PACKAGE, '"build": "x"', '"build": "y", "more": "z"', True),
        ("package.json script test", PACKAGE, '"jest"', '"true"', False),
        ("package.json script test", PACKAGE, '"build"', '"posttest": "true", "build"', False),
        ("package.json script test", PACKAGE, "{", "", False),
        ("package.json script more", PACKAGE, '"build"', '"more": "true", "build"', False),
        ("tox.ini tox", TOX, "pytest==1", "pytest==2", True),
        ("tox.ini tox", TOX, "pytest tests", "true", False),
        ("tox.ini tox", TOX, "commands", "ignore_outcome = true\ncommands", False),
        ("tox.ini tox", TOX, "[testenv]", "testenv", False),
        ("pyproject.toml tox", TOML, 'version = "1"', 'version = "2"', True),
        ("pyproject.toml tox", TOML, "ruff==1", "ruff==2", True),
        ("pyproject.toml tox", TOML, '["ruff", "check"]', '["true"]', False),
        (".pre-commit-config.yaml hooks", HOOKS, "rev: v1", "rev: v2", True),
        (".pre-commit-config.yaml hooks", HOOKS, "args: [--strict]", "args: []", False),
        ("ci/gate.sh", "exit 1\n", "1", "0", False),
    ],
)
def test_what_decides_has_to_stay(part: str, text: str, old: str, new: str, *, same: bool) -> None:
    path, _, section = part.partition(" ")
    assert old in text
    before, after = (content(Part(path, section), each.encode()) for each in (text, text.replace(old, new, 1)))
    assert (before == after) is same
    assert bool(section) or before == text.encode()


@pytest.mark.parametrize("section", ["target all", "script x", "tox", "hooks"])
@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", b"[" * 100_000, b"{" * 100_000, b"a: &a [*a, *a]\n" * 999, b"[]", b"1"]
)
def test_what_cannot_be_read_is_compared_whole_or_line_by_line(section: str, data: bytes) -> None:
    for path in ("file", "pyproject.toml"):
        assert content(Part(path, section), data) == content(Part(path, section), data)
        if section in {"script x", "tox"} and data != b"[]":
            assert content(Part(path, section), data) == data
