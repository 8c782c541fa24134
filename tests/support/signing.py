"""Real keys, real git repositories and real signatures for the tests of records."""

import atexit
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from readiness.check import Context
from readiness.checklist import Item
from readiness.outcome import Outcome
from readiness.records.judging.question import Asked, Question, ask
from readiness.records.judging.signoff_policy import SignoffPolicy
from readiness.records.model.statement import Revocation, Sha256, Signer, Statement, Subject
from readiness.records.ssh.public_key import PublicKey
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, Holder
from readiness.records.storage.work_tree import FOLDER, load_records, newest_digests, record_path, write_record
from readiness.records.writing.agent import SigningKey, public_half
from readiness.records.writing.signoff import Declaration, draft_signoff, sign_statement
from readiness.report import Subject as Judged
from readiness.testing import NOW, context, evaluate
from readiness_checks.signoff import Signoff

KINDS = {
    "ed25519": ("-t", "ed25519"),
    "ecdsa256": ("-t", "ecdsa", "-b", "256"),
    "ecdsa384": ("-t", "ecdsa", "-b", "384"),
    "ecdsa521": ("-t", "ecdsa", "-b", "521"),
    "rsa": ("-t", "rsa", "-b", "2048"),
}
LARGER = {"rsa3072": ("-t", "rsa", "-b", "3072"), "rsa4096": ("-t", "rsa", "-b", "4096")}
COUNSEL, PARALEGAL, STRANGER = "counsel@example.com", "paralegal@example.com", "stranger@example.com"


@lru_cache(maxsize=1)
def session_folder() -> Path:
    """A folder for what is made once in a test session; it goes at the end."""
    folder = Path(tempfile.mkdtemp(prefix="readiness-keys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def empty_home() -> Path:
    """The home of somebody who has configured nothing; the same for all tests, which write nothing there."""
    home = session_folder() / "home"
    home.mkdir()
    return home


@cache
def key(name: str, kind: str = "ed25519") -> Path:
    """Private key file of a person, made once in a test session."""
    path = session_folder() / f"{name}-{kind}"
    if not path.exists():
        subprocess.run(["ssh-keygen", "-q", "-N", "", "-C", name, *(KINDS | LARGER)[kind], "-f", path], check=True)
    return path


def public(path: Path) -> PublicKey:
    return public_half(path)


def roster_line(
    principal: str, key_path: Path, *, after: str = "", before: str = "20350101Z", namespace: str = "signoff@readiness"
) -> str:
    options = f'namespaces="{namespace}"' + (f',valid-after="{after}"' if after else "") + f',valid-before="{before}"'
    return f"{principal} {options} {public(key_path).line}\n"


def git(root: Path, *args: str, author: str = "dev@example.com", date: str = "2026-11-20T10:00:00Z") -> str:
    """Run git; commits are made by `author` on `date`."""
    env = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(root),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": author.partition("@")[0],
        "GIT_AUTHOR_EMAIL": author,
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_NAME": author.partition("@")[0],
        "GIT_COMMITTER_EMAIL": author,
        "GIT_COMMITTER_DATE": date,
    }
    options = ["-c", "init.defaultBranch=main", "-c", "maintenance.auto=false"]
    done = subprocess.run(["git", *options, "-C", root, *args], env=env, capture_output=True, text=True, check=True)
    return done.stdout


def head(root: Path) -> str:
    """Object id of what is checked out, from the file that git keeps it in, or from git when it is not there."""
    try:
        ref = (root / ".git/HEAD").read_text().removeprefix("ref: ").strip()
        return (root / ".git" / ref).read_text().strip()
    except OSError:
        return git(root, "rev-parse", "HEAD").strip()


@cache
def _begun() -> Path:
    root = session_folder() / "project"
    for path, text in {
        "templates/grant_deed.html": "<p>grant</p>\n",
        "templates/tax_deed.html": "<p>tax</p>\n",
        "README.md": "# deedpro\n",
        ALLOWED_SIGNERS: "".join(roster_line(person, key(person)) for person in (COUNSEL, PARALEGAL, STRANGER)),
    }.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    git(root, "init", "-q", "--template=")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Change", date="2026-09-01T10:00:00Z")
    return root


def states(outcome: Outcome) -> list[tuple[str, str]]:
    """State and code of each sign-off of an item."""
    return [(card.state.value, card.code) for card in outcome.signoffs]


class Project:
    """A repository with templates that counsel has to sign off."""

    def __init__(self, root: Path, *, members: tuple[str, ...] = (COUNSEL, PARALEGAL), **params: Any) -> None:
        self.root = root
        self.roles = {"legal": members, "qa": (STRANGER,)}
        self.environment, self.release, self.name = "production", "3.0.0", "deedpro"
        self.title = "Document templates reviewed by legal counsel"
        self.id = "templates-reviewed"
        self.params: dict[str, Any] = {"role": "legal", **params}
        shutil.copytree(self.begun(), root, symlinks=True, dirs_exist_ok=True)

    @staticmethod
    def begun() -> Path:
        """The repository that every project of this kind begins as; made once in a test session, and copied."""
        return _begun()

    def write(self, path: str, text: str | bytes) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode() if isinstance(text, str) else text)
        return place

    def commit(
        self, message: str = "Change", *, author: str = "dev@example.com", date: str = "2026-11-23T11:00:00Z"
    ) -> str:
        git(self.root, "add", "-A", author=author)
        git(self.root, "commit", "-q", "--allow-empty", "-m", message, author=author, date=date)
        return head(self.root)

    def enroll(self, text: str = "") -> None:
        """Write the roster: by default one key for each of three people."""
        lines = text or "".join(roster_line(person, key(person)) for person in (COUNSEL, PARALEGAL, STRANGER))
        self.write(".readiness/allowed_signers", lines)

    @property
    def item(self) -> Item:
        return Item.model_validate({"id": self.id, "title": self.title, "check": "signoff", "with": self.params})

    @property
    def question(self) -> Question:
        policy = SignoffPolicy.model_validate(self.params)
        return ask(self.root, self.item, policy, Asked(self.name, self.release, self.environment, self.roles))

    def draft(self, person: str = COUNSEL, *, at: datetime = NOW - timedelta(days=1), **said: Any) -> Statement:
        """The statement that `readiness sign` would have this person sign, who need not be in the role."""
        question = self.question
        holder = Holder(person, public(key(person)), None, NOW + timedelta(days=3_000), 1)
        asked = question.model_copy(update={"members": question.members | {person}})
        commit = head(self.root)
        return draft_signoff(asked, holder, Declaration(**said), now=at, commit=commit, seen=self.known())

    def known(self) -> tuple[str, ...]:
        """What `readiness sign` would name as seen."""
        folder = self.root / FOLDER
        return newest_digests(load_records(self.root).records) if folder.is_dir() else ()

    def keep(self, said: Statement, path: Path) -> str:
        return write_record(self.root, said, sign_statement(said, SigningKey(public(path), "test", path)))

    def sign(
        self,
        person: str = COUNSEL,
        *,
        using: Path | None = None,
        alter: Mapping[str, Any] | None = None,
        **said: Any,
    ) -> str:
        """Sign off with a real key; `alter` changes fields of the predicate before signing."""
        statement = self.draft(person, **said)
        predicate = statement.predicate.model_copy(update=dict(alter or {}))
        return self.keep(statement.model_copy(update={"predicate": predicate}), using or key(person))

    def revoke(self, target: str, person: str = COUNSEL, *, at: datetime = NOW, using: Path | None = None) -> str:
        predicate = Revocation(
            project=self.name,
            role="legal",
            reason="A clause is void since the new law.",
            signer=Signer(principal=person),
            signed_at=at,
            nonce="0" * 32,
            target=target,
        )
        subject = Subject(name=record_path(target), digest=Sha256(sha256=target))
        return self.keep(Statement(subject=(subject,), predicate=predicate), using or key(person))

    def context(self, now: datetime = NOW) -> Context:
        judged = Judged(project=self.name, release=self.release, environment=self.environment)
        return context(self.root, now=now, roles=self.roles, subject=judged, item=self.item)

    def outcome(self, now: datetime = NOW) -> Outcome:
        return self.evaluated(self.context(now))

    def evaluated(self, using: Context) -> Outcome:
        return evaluate(Signoff, self.root, using=using, **self.params)

    def files(self, digest: str) -> tuple[Path, Path]:
        """Paths of a record and of its signature."""
        return self.root / record_path(digest), self.root / record_path(digest, "sig")
