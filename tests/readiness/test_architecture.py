"""The arrows between the packages, and what start-up may import."""

import ast
import json
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import readiness

ENGINE = Path(readiness.__file__).parent
ROOT = ENGINE.parent
PLUGINS = [ROOT / "checks/readiness_checks", ROOT / "reports/readiness_reports"]
CONTRACT = {
    "readiness": "the names of its `__all__`: Check, Context, Outcome and what goes with them",
    "readiness.check": "the base of a check, and what it is given",
    "readiness.controls": "how each control stands, for reporters",
    "readiness.countdown": "how long something still counts, in words, for reporters",
    "readiness.duration": "lengths of time as a checklist writes them",
    "readiness.outcome": "what a check answers",
    "readiness.printed_names": "who signed, in words, for reporters",
    "readiness.processes": "the shell of a command line, and the mark of the run's processes",
    "readiness.records": "what is signed, and how it is judged",
    "readiness.report": "what a reporter renders",
    "readiness.size": "sizes of data as a checklist writes them",
    "readiness.strictness": "which way a parameter is stricter",
    "readiness.testing": "an author's tests",
    "readiness.text": "text from outside made safe, numbers with their nouns, near misses",
    "readiness.untrusted": "JSON and TOML that somebody else wrote",
}
"""What a plugin may import of the engine, and what for. Names that others need are exported by one of these."""
SLOW = {"pydantic", "pydantic_core", "jinja2", "git", "rich", "psutil", "yaml", "urllib3", "cryptography", "bandit"}
SLOW |= {"readiness_checks", "readiness_reports"}


@cache
def imports(folder: Path) -> list[tuple[str, str]]:
    """Each module that a file below a folder imports, wherever in it."""
    found: list[tuple[str, str]] = []
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            where = f"{path.relative_to(folder.parent)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Import):
                found += [(where, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{where}: relative imports hide where a name comes from"
                found += [(where, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def test_the_engine_imports_no_plugin() -> None:
    found = imports(ENGINE)
    assert len(found) > 100
    assert [f"{where} {name}" for where, name in found if name.split(".")[0] in {p.name for p in PLUGINS}] == []


@pytest.mark.parametrize("name", ["configuration", "reading", "sides", "source", "suppressions", "weakened_tests"])
def test_what_reads_files_of_a_change_runs_in_a_worker_alone(name: str) -> None:
    """Its expressions and parsers may take long: a process that judges cannot be ended for that."""
    module = f"readiness.evidence.{name}"
    own = [where for where, imported in imports(ENGINE) if f"{imported}.".startswith(f"{module}.")]
    assert own
    assert [
        where for where in own if not where.startswith(("readiness/evidence/", "readiness/engine/worker.py:"))
    ] == []


def public(name: str) -> bool:
    """Whether a module, or a name of it, is part of the engine's contract; of a package, what its `__all__` names."""
    if name in CONTRACT:
        return True
    home, _, last = name.rpartition(".")
    module = import_module(home) if home in CONTRACT else None
    return module is not None and (not hasattr(module, "__path__") or last in module.__all__)


@pytest.mark.parametrize("name", ["readiness.git", "readiness.strictness.rules", "readiness.check.Nested.name"])
def test_what_the_contract_leaves_out_is_not_public(name: str) -> None:
    assert not public(name)


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda folder: folder.name)
def test_plugins_import_only_the_public_engine(folder: Path) -> None:
    found = [(where, name) for where, name in imports(folder) if name.split(".")[0] == "readiness"]
    assert found
    assert [f"{where} {name}" for where, name in found if not public(name)] == []


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda folder: folder.name)
def test_the_two_kinds_of_plugins_do_not_know_each_other(folder: Path) -> None:
    others = {other.name for other in PLUGINS if other != folder}
    assert [f"{where} {name}" for where, name in imports(folder) if name.split(".")[0] in others] == []


def modules_after(*arguments: str) -> set[str]:
    """Top-level modules that a command has imported when it ends."""
    program = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: print(json.dumps(sorted({n.split('.')[0] for n in sys.modules})), file=sys.stderr))\n"
        f"sys.argv = ['readiness', *{list(arguments)!r}]\n"
        "from readiness.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]], ids=" ".join)
def test_start_up_imports_nothing_heavy(arguments: list[str]) -> None:
    found = modules_after(*arguments)
    assert "click" in found
    assert found & SLOW == set()


def test_importing_the_package_imports_nothing_heavy() -> None:
    program = "import readiness, readiness.engine, readiness.records, sys\n"
    program += "print(' '.join({n.split('.')[0] for n in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & (SLOW | {"click"}) == set()


def test_every_public_name_can_be_imported() -> None:
    program = "import readiness, readiness.engine, readiness.records\n"
    program += "for m in (readiness, readiness.engine, readiness.records): [getattr(m, name) for name in m.__all__]"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
