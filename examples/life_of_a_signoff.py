"""Make a repository in which the whole life of a sign-off lies on separate days, to look at with `readiness records`.

    python examples/life_of_a_signoff.py FOLDER

Real keys, real signatures, real commits. A sign-off made with `readiness sign` bears the time of the moment, and a
record whose date is far from that of the commit that brings it does not count; so this script, which has to let a month
pass in a second, signs through the Python interface and dates its commits alike.
"""

import argparse
import os
import secrets
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from readiness.loading import load
from readiness.records.judging.question import ask_checklist
from readiness.records.model.statement import Revocation, Sha256, Signer, Statement, Subject
from readiness.records.storage import work_tree as store
from readiness.records.storage.allowed_signers import read_roster
from readiness.records.writing import signoff as signing
from readiness.records.writing.agent import SigningKey, public_half

CHECKLIST = """\
version: 1
project: deedpro
release: "3.0.0"
roles:
  legal: [counsel@example.com, paralegal@example.com]
sections:
  - title: Legal
    items:
      - id: templates-reviewed
        title: Document templates reviewed by legal counsel
        check: signoff
        controls: ["SOC2:CC8.1"]
        with:
          role: legal
          covers: ["templates/**"]
          valid_for: 14d
"""
ITEM = "templates-reviewed"
COUNSEL, PARALEGAL, DEVELOPER = "counsel@example.com", "paralegal@example.com", "dev@example.com"
MINUTES = timedelta(minutes=5)
"""Between signing and committing."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="Where to make it; it must not exist yet.")
    folder = parser.parse_args().folder
    if folder.exists():
        parser.error(f"{folder} exists already")
    live(Life(folder.resolve()))
    sys.stdout.write(f"made {folder}; the keys are beside it\n")
    return 0


class Life:
    """A repository, and the keys of two people beside it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.keys = {person: root.with_name(f"{root.name}-keys") / person for person in (COUNSEL, PARALEGAL)}
        root.mkdir(parents=True)
        self.git("init", "-q")
        for person, path in self.keys.items():
            path.parent.mkdir(exist_ok=True)
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", person, "-f", path], check=True)

    def git(self, *arguments: str, author: str = DEVELOPER, at: str = "") -> str:
        """Run git in the name of a person, at a time."""
        name = author.partition("@")[0]
        identity = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_COUNT": "0"}
        for role in ("AUTHOR", "COMMITTER"):
            identity |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": author, f"GIT_{role}_DATE": at}
        done = subprocess.run(
            ["git", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false", *arguments],
            cwd=self.root, env={**os.environ, **identity}, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def commit(self, at: str, message: str, *, author: str = DEVELOPER) -> None:
        self.git("add", "--all")
        self.git("commit", "-q", "-m", message, author=author, at=at)

    def sign(self, at: str, person: str, meaning: str) -> str:
        """Sign the item off as `readiness sign` does, but at a time of our choice; the record's digest."""
        moment = datetime.fromisoformat(at)
        checklist = load(self.root / "readiness.yaml")
        item = next(item for item in checklist.items if item.id == ITEM)
        who = next(holder for holder in read_roster(self.root).signers if holder.principal == person)
        said = signing.draft_signoff(
            ask_checklist(self.root, checklist, item),
            who,
            signing.Declaration(meaning=meaning),
            now=moment,
            commit=self.git("rev-parse", "HEAD"),
            seen=(),
        )
        return self.keep(said, person, moment, "Sign off the templates")

    def revoke(self, at: str, person: str, target: str, reason: str) -> str:
        """Take a record back."""
        moment = datetime.fromisoformat(at)
        predicate = Revocation(
            project="deedpro", role="legal", reason=reason, signer=Signer(principal=person), signed_at=moment,
            nonce=secrets.token_hex(16), target=target,
        )  # fmt: skip
        subject = Subject(name=store.record_path(target), digest=Sha256(sha256=target))
        return self.keep(Statement(subject=(subject,), predicate=predicate), person, moment, "Revoke the sign-off")

    def keep(self, said: Statement, person: str, moment: datetime, message: str) -> str:
        """Have OpenSSH sign a statement, and bring it to the branch a little later."""
        path = self.keys[person]
        digest = store.write_record(
            self.root, said, signing.sign_statement(said, SigningKey(public_half(path), "example", path))
        )
        self.commit((moment + MINUTES).isoformat(), message, author=person)
        return digest

    def roster(self) -> str:
        """Who may sign with which key, and until when."""
        options = 'namespaces="signoff@readiness",valid-before="20991231Z"'
        return "".join(f"{person} {options} {public_half(path).line}\n" for person, path in self.keys.items())


def live(life: Life) -> None:
    """A month in the life of a sign-off."""
    life.write("templates/grant_deed.html", "<h1>Grant deed</h1>\n<p>For a valuable consideration …</p>\n")
    life.write("templates/quitclaim_deed.html", "<h1>Quitclaim deed</h1>\n")
    life.write(".readiness/allowed_signers", life.roster())
    life.write("readiness.yaml", CHECKLIST)
    life.commit("2026-10-01T09:00:00+00:00", "Ask counsel to review the templates")

    approve = "I reviewed these templates and approve their use in California."
    life.sign("2026-10-05T14:00:00+00:00", COUNSEL, approve)

    life.write("templates/grant_deed.html", "<h1>Grant deed</h1>\n<p>For no consideration …</p>\n")
    life.commit("2026-10-08T11:20:00+00:00", "Reword the grant deed")

    second = life.sign("2026-10-12T09:30:00+00:00", COUNSEL, approve)
    life.revoke("2026-10-20T16:00:00+00:00", PARALEGAL, second, "The new transfer tax law asks for another clause.")

    life.write("templates/grant_deed.html", "<h1>Grant deed</h1>\n<p>With the clause on transfer tax …</p>\n")
    life.commit("2026-10-23T10:00:00+00:00", "Add the clause on transfer tax")
    life.sign("2026-10-26T15:00:00+00:00", COUNSEL, approve)


if __name__ == "__main__":
    sys.exit(main())
