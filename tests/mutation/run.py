"""`make mutants`: puts small faults into the code, one at a time, and reports which of them no test notices.

Results are kept in `.mutants/` and hold as long as the module's source and the tests are the same, so that another run
only tries what changed. The report is `.mutants/report.md`. Fails when a target is below the bar, when a survivor is
not explained in `explained.toml`, and when an explanation is about a mutant that is gone or does not survive any more.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from mutation.mutants import Mutant, mutants_of, sampled
from mutation.report import Target, explanations, failures, shortened, written
from mutation.trial import Trial, Tried

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".mutants"
_SAVE_EVERY = 10.0
"""Seconds; a run that is stopped loses no more."""
_QUIET = ("-q", "-n0", "-p", "no:cacheprovider", "-p", "no:randomly")


def main() -> int:
    """Try what is not known yet, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", help="names in targets.toml; all when none is given")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="when to stop trying, for each target")
    parser.add_argument("--sample", type=int, default=sys.maxsize, help="try so many of each target, drawn at random")
    parser.add_argument("--only", default="", help="a part of the path of the modules to try")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    configured = tomllib.loads((ROOT / "tests/mutation/targets.toml").read_text())
    names = asked.targets or list(configured)
    if asked.here:
        return _try(names[0], configured[names[0]], asked)
    for name in names:
        # a process for each: what one target imports shall not be there for the next
        limits = [f"--minutes={asked.minutes}", f"--sample={asked.sample}", f"--only={asked.only}"]
        again = [sys.executable, __file__, name, "--here", *limits]
        if code := subprocess.run(again, check=False, cwd=ROOT).returncode:
            return code
    targets = [Target(name, tuple(_mutants(configured[name]["modules"])), _kept(name)[1]) for name in names]
    explained = explanations(ROOT / "tests/mutation/explained.toml")
    (FOLDER / "report.md").write_text(written(targets, explained))
    wrong = failures(targets, explained, enough=asked.sample, everything=not asked.targets)
    sys.stdout.write("\n".join([written(targets, explained), *wrong, ""]))
    return bool(wrong)


def _try(name: str, target: Mapping[str, Sequence[str]], asked: argparse.Namespace) -> int:
    """Try the mutants of one target that are not known yet."""
    tests = _digest(target["tests"])
    known_tests, known = _kept(name)
    mutants = sampled([mutant for mutant in _mutants(target["modules"]) if asked.only in mutant.path], asked.sample)
    fresh = known if known_tests == tests else {}
    wanted = [mutant for mutant in mutants if mutant.identity not in fresh]
    suspects = {identity: tried.killer for identity, tried in known.items()}
    sys.stderr.write(f"{name}: {len(mutants)} mutants, {len(wanted)} to try\n")
    if not wanted:
        return 0
    results = dict(fresh)
    saved = [time.monotonic()]

    def keep(mutant: Mutant, tried: Tried) -> None:
        results[mutant.identity] = tried
        if tried.fate not in {"killed", "timeout"}:
            sys.stderr.write(f"  {tried.fate} {mutant.path}:{mutant.lines[0]} {shortened(mutant.change)}\n")
        if time.monotonic() - saved[0] > _SAVE_EVERY:
            _keep(name, tests, results)
            saved[0] = time.monotonic()

    with_arguments = [*_QUIET, *target["tests"]]
    trial = Trial(ROOT, wanted, suspects, keep, time.monotonic() + 60 * asked.minutes, with_arguments)
    os.environ["COVERAGE_CORE"] = "ctrace"  # the newer core knows no contexts
    with tempfile.TemporaryDirectory() as folder:  # outside of this repository, for tests of folders that are in none
        pytest.main([*with_arguments, f"--basetemp={folder}/tests"], plugins=[trial])
    _keep(name, tests, results)
    if trial.error:
        sys.stderr.write(f"error: {name}: {trial.error}\n")
    return 2 if trial.error else 0


def _mutants(patterns: Sequence[str]) -> list[Mutant]:
    paths = sorted({path for pattern in patterns for path in ROOT.glob(pattern)})
    return [mutant for path in paths for mutant in mutants_of(ROOT, path.relative_to(ROOT).as_posix())]


def _digest(tests: Sequence[str]) -> str:
    """Changes with every file that the tests of a target may rest on."""
    tops = [ROOT / path for path in (*tests, "tests/support", "tests/conftest.py")]
    files = sorted({path for top in tops for path in ([top] if top.is_file() else top.rglob("*.py"))})
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _kept(name: str) -> tuple[str, dict[str, Tried]]:
    try:
        kept = json.loads((FOLDER / f"{name}.json").read_text())
    except FileNotFoundError:
        return "", {}
    return kept["tests"], {identity: Tried(**tried) for identity, tried in kept["mutants"].items()}


def _keep(name: str, tests: str, results: Mapping[str, Tried]) -> None:
    FOLDER.mkdir(exist_ok=True)
    kept = {"tests": tests, "mutants": {identity: asdict(tried) for identity, tried in sorted(results.items())}}
    (FOLDER / f"{name}.json").write_text(json.dumps(kept, indent=1))


if __name__ == "__main__":
    sys.exit(main())
