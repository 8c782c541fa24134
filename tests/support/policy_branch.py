"""A project with a policy branch `main`, dates that the real program's clock can judge, and what it says about them."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from readiness.git import Repository
from readiness.outcome import Outcome, Status
from readiness.records.judging.evidence import RecordEvidence, read_evidence
from support.program import readiness
from support.signing import COUNSEL, Project, git, session_folder

TODAY = datetime.now(UTC).replace(microsecond=0)
CHECKLIST = """\
version: 1
project: deedpro
release: "3.0.0"
environments:
  production: {}
roles:
  legal: [counsel@example.com, paralegal@example.com]
  qa: [stranger@example.com]
sections:
  - title: Legal
    items:
      - id: templates-reviewed
        title: Document templates reviewed by legal counsel
        check: signoff
        with: {role: legal, covers: ["templates/**"]}
"""


def ago(days: float) -> datetime:
    """A moment before the run."""
    return TODAY - timedelta(days=days)


@cache
def _begun() -> Path:
    project = Project(session_folder() / "policy-branch")
    project.write("readiness.yaml", CHECKLIST)
    project.commit(date=ago(40).isoformat())
    return project.root


class PolicyBranch(Project):
    """Commits lie in the past by as many days as they say."""

    def __init__(self, root: Path, **params: Any) -> None:
        super().__init__(root, covers=["templates/**"], **params)

    @staticmethod
    def begun() -> Path:
        return _begun()

    def save(self, days: float, message: str = "Change", author: str = "dev@example.com") -> str:
        """Commit everything, so many days ago."""
        # what the real program signs bears the real time, which may be minutes after this module was imported
        date = ago(days) if days else datetime.now(UTC)
        return self.commit(message, author=author, date=date.isoformat())

    def signed(self, days: float, person: str = COUNSEL, **said: Any) -> str:
        """Sign so many days ago, and commit the record at once."""
        digest = self.sign(person, at=ago(days), **said)
        self.save(days, "Sign", person)
        return digest

    def revoked(self, target: str, days: float, person: str = COUNSEL) -> str:
        """Revoke so many days ago, and commit the record at once."""
        digest = self.revoke(target, person, at=ago(days))
        self.save(days, "Revoke", person)
        return digest

    def branch(self, name: str, start: str = "main") -> None:
        git(self.root, "checkout", "-q", "-b", name, start)

    def switch(self, name: str) -> None:
        git(self.root, "checkout", "-q", name)

    def merge(self, name: str, days: float, *, without: str = "", author: str = "dev@example.com") -> str:
        """Merge a branch; an evil merge drops the files of a record on the way."""
        date = ago(days).isoformat()
        git(self.root, "merge", "-q", "--no-ff", "--no-commit", name, date=date)
        for path in self.files(without) if without else ():
            path.unlink()
        return self.commit(f"Merge {name}", author=author, date=date)

    def drop(self, digest: str, days: float, author: str = "dev@example.com") -> str:
        """Delete a record and commit that."""
        for path in self.files(digest):
            path.unlink()
        return self.save(days, "Tidy up", author)

    def evidence(self, policy: str = "") -> RecordEvidence:
        commit = Repository(self.root).resolve(policy) if policy else ""
        return read_evidence(self.root, TODAY, policy=commit)

    def judged(self, policy: str = "") -> Outcome:
        """The item's outcome, by the roster and records of a ref when one is given."""
        context = self.context(TODAY)
        commit = Repository(self.root).resolve(policy) if policy else ""
        context.facts = context.facts.model_copy(update={"policy_commit": commit})
        return self.evaluated(context)


def state(outcome: Outcome) -> tuple[str, str, str]:
    """Status of the item, state and reason code of its first card."""
    card = outcome.signoffs[0]
    return outcome.status.value, card.state.value, card.code


def still_revoked(project: PolicyBranch, policy: str = "") -> None:
    """The item fails because its sign-off is revoked, by the work tree or by the policy of a ref."""
    judged = project.judged(policy)
    assert judged.status is Status.FAILED
    assert "revoked" in {card.code for card in judged.signoffs}


def verify(root: Path, *args: str) -> tuple[int, str]:
    """Exit code and output of the real `readiness records verify`."""
    done = readiness("records", "verify", *args, cwd=root)
    return done.returncode, done.stdout + done.stderr


def check(root: Path, *args: str) -> tuple[int, dict[str, Any]]:
    """Exit code of the real `readiness check`, and the outcome of each item."""
    done = readiness("check", "-q", "--format", "json", *args, cwd=root)
    results = json.loads(done.stdout)["results"] if done.stdout.startswith("{") else []
    return done.returncode, {result["item"]["id"]: result["outcome"] for result in results}


def clone(source: Path, target: Path, *args: str) -> Path:
    """Clone over git's own transport, which honours `--depth` and `--filter`."""
    git(source, "config", "uploadpack.allowFilter", "true")
    subprocess.run(
        ["git", "clone", "-q", *args, source.as_uri(), str(target)], check=True, capture_output=True, text=True
    )
    return target
