"""Command lines that are followed in a repository of a few files."""

from collections.abc import Mapping, Sequence

from readiness.policy.commands.places import Place, Tree
from readiness.policy.commands.walk import Walk

SH, PY, JS = "exit 1\n", "import sys\n", "process.exit(1)\n"
SHELL = "#!/usr/bin/env bash\n"
FILES = {
    "ci/gate.sh": SH, "ci/lib.sh": SH, "ci/gate.py": PY, "ci/helper.py": PY, "ci/gate.js": JS, "ci/rules.txt": "GPL\n",
    "tools/__init__.py": "", "tools/check/__main__.py": PY, "tools/check/__init__.py": "", "tools/one.py": PY,
    "src/app/main.py": PY, "src/app/__init__.py": "", "tests/test_app.py": PY, "tests/run.sh": SH,
    "README.md": "# Read me\n", "allowed.txt": "MIT\n", "pyproject.toml": '[project]\nname = "app"\n',
}  # fmt: skip


def walked(run: str | Sequence[str], files: Mapping[str, str] = FILES, *, cwd: str = "", **env: str) -> Walk:
    """Follow a command in a repository of these files; those that begin with `#!` can be executed."""
    modes = {path: "100755" if text.startswith("#!") else "100644" for path, text in files.items()}
    walk = Walk(Tree(modes, files.__getitem__, lambda path, _: path.startswith("src/")))
    place = walk.variables([f"{name}={value}" for name, value in env.items()], Place((cwd,)))
    if isinstance(run, str):
        walk.line(run, place)
    else:
        walk.command(run, place)
    return walk


def found(run: str | Sequence[str], files: Mapping[str, str] = FILES, *, cwd: str = "", **env: str) -> set[str]:
    return {str(part) for part in walked(run, files, cwd=cwd, **env).parts}
