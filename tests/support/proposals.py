"""A repository whose branch `main` holds the policy, and a branch `change` that a pull request proposes."""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from support.program import readiness
from support.signing import git, head, key, roster_line, session_folder

OWNER, COUNSEL, ATTACKER = "owner@example.com", "counsel@example.com", "attacker@example.com"
TODAY = datetime.now(UTC).replace(microsecond=0)
CHECKLIST = """\
version: 1
project: deedpro
release: "3.0.0"
environments:
  staging: {limit: 5}
  production: {limit: 3}
roles:
  owners: [owner@example.com]
  legal: [counsel@example.com]
policy:
  owners: owners
  waivers: {longest: {blocker: 14d}, by: {owners: [tests]}}
sections:
  - title: Release
    items:
      - {id: tests, title: Tests pass, check: junit, with: {paths: junit.xml, max_skipped: "${limit}"}}
      - {id: build, title: It builds, check: command, with: {run: ./build.sh}}
"""
JUNIT = '<testsuite name="all"><testcase classname="t" name="one"/><testcase classname="t" name="two"/></testsuite>\n'


@dataclass(frozen=True)
class Answer:
    """What the real program said."""

    code: int
    report: dict[str, Any]
    errors: str

    @property
    def results(self) -> dict[str, Any]:
        return {result["item"]["id"]: result["outcome"] for result in self.report["results"]}

    @property
    def policy(self) -> dict[str, Any]:
        found: dict[str, Any] = self.report["policy"]
        return found

    @property
    def weakening(self) -> dict[str, Any]:
        """Outcome of the policy's own item."""
        found: dict[str, Any] = self.results["policy-weakening"]
        return found

    @property
    def codes(self) -> set[str]:
        """Codes of all weakenings."""
        return {change["code"] for change in self.policy["changes"] if change["kind"] == "weakens"}


class Proposed:
    """The repository; `main` is ten days old, and `change` is checked out."""

    def __init__(self, root: Path, checklist: str = CHECKLIST, *, folder: str = "") -> None:
        self.root, self.folder = root, root / folder
        named = sha256(f"{folder}\n{checklist}".encode()).hexdigest()
        begun = session_folder() / f"proposed-{named}"  # made once in a test session, and copied
        if begun.exists():
            shutil.copytree(begun, root, symlinks=True)
        else:
            self._begin(checklist)
            shutil.copytree(root, begun, symlinks=True)

    def _begin(self, checklist: str) -> None:
        self.folder.mkdir(parents=True)
        git(self.root, "init", "-q", "--template=")
        self.write("readiness.yaml", checklist)
        self.write(".gitignore", "junit.xml\n")
        self.write("junit.xml", JUNIT)
        self.write("build.sh", "#!/bin/sh\ntrue\n").chmod(0o755)
        self.enroll(OWNER, COUNSEL)
        self.commit("Begin", days=10)
        git(self.root, "checkout", "-q", "-b", "change")

    def write(self, path: str, text: str) -> Path:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        return place

    def enroll(self, *people: str) -> None:
        self.write(".readiness/allowed_signers", "".join(roster_line(person, key(person)) for person in people))

    def edit(self, old: str, new: str, path: str = "readiness.yaml") -> None:
        text = (self.folder / path).read_text(encoding="utf-8")
        assert old in text
        self.write(path, text.replace(old, new))

    def commit(self, message: str = "Change", *, days: float = 0, author: str = "dev@example.com") -> str:
        # what the real program signs bears the real time, which may be minutes after this module was imported
        date = (TODAY - timedelta(days=days) if days else datetime.now(UTC)).isoformat()
        git(self.root, "add", "-A")
        git(self.root, "commit", "-q", "--allow-empty", "-m", message, author=author, date=date)
        return head(self.root)

    def on_main(self) -> None:
        git(self.root, "checkout", "-q", "main")

    def on_change(self) -> None:
        git(self.root, "checkout", "-q", "change")

    def merge_main(self) -> None:
        """Bring what was committed to `main` into the change."""
        self.on_change()
        git(self.root, "merge", "-q", "--ff-only", "main")

    def merge(self) -> None:
        """Merge the change into `main`, and begin the next one there."""
        self.on_main()
        git(self.root, "merge", "-q", "--no-ff", "-m", "Merge", "change", date=datetime.now(UTC).isoformat())
        git(self.root, "branch", "-q", "-D", "change")
        git(self.root, "checkout", "-q", "-b", "change")

    def check(self, *args: str, cwd: Path | None = None, ref: str = "main", way: Path | None = None) -> Answer:
        """Run the gate of the pull request.

        Args:
            args: More arguments.
            cwd: The current folder; that of the checklist when not given.
            ref: The policy branch; none when empty.
            way: The current folder as a shell says that it was entered.
        """
        asked = ("--policy-ref", ref) if ref else ()
        said = {} if way is None else {"PWD": str(way)}
        if (self.folder / "junit.xml").exists():  # as the tests of the job write it, of whatever is checked out
            (self.folder / "junit.xml").touch()
        done = readiness(
            "check", "-q", "--env", "production", "--format", "json", *asked, *args,
            cwd=cwd or way or self.folder, env=said,
        )  # fmt: skip
        report = json.loads(done.stdout) if done.stdout.startswith("{") else {}
        return Answer(done.returncode, report, done.stderr)

    def sign(self, person: str, *args: str, item: str = "policy-weakening") -> tuple[int, str]:
        """Sign by the real program."""
        done = readiness(
            "sign", item, "--policy-ref", "main", "--key", str(key(person)), "--yes", *args, cwd=self.folder
        )
        return done.returncode, done.stdout + done.stderr
