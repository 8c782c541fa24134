"""Signs the verdict of a run: what is made sure of before it, and what is signed after it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from readiness.attestation import AttestationError
from readiness.attestation.compose import compose, simple_result
from readiness.attestation.envelope import Envelope, sign
from readiness.attestation.keys import SigningKey, load_signing_key
from readiness.attestation.subject import artifact_digests, pin, still_pinned, tracked
from readiness.git import Repository
from readiness.report import Report


@dataclass(frozen=True)
class Signed:
    """One verdict, signed in two forms."""

    verdict: Envelope
    """All of it: what `readiness verify` reads."""
    simple: Envelope
    """The short form for other tools (in-toto's Simple Verification Result)."""


@dataclass(frozen=True)
class Signer:
    """All that signing the verdict of a run needs, as it was before the run."""

    key: SigningKey
    root: Path
    """Folder of the checklist."""
    folder: str
    """The same, from the top of the repository."""
    commit: str
    """Object id of HEAD."""
    artifacts: Sequence[Path]
    digests: Mapping[str, str]
    """SHA-256 of the artefacts, by name."""

    def sign(self, report: Report, text: bytes) -> Signed:
        """Sign the verdict of a run.

        Args:
            report: The run.
            text: The report in JSON, whose digest is attested.

        Raises:
            AttestationError: The verdict is never signed, or the commit does not hold what was judged any more.
        """
        still_pinned(self.root, self.commit)
        if report.subject.commit != self.commit:
            raise AttestationError("HEAD moved while the run began", "run it again, alone")
        if artifact_digests(self.artifacts) != self.digests:
            raise AttestationError("an artefact changed during the run", "build before the run")
        digest = hashlib.sha256(text).hexdigest()
        said = compose(report, report_sha256=digest, artifacts=self.digests, folder=self.folder)
        return Signed(sign(said.encode(), self.key), sign(simple_result(said), self.key))


def prepare(checklist: Path, key: Path, artifacts: Sequence[Path], *, passphrase: str = "") -> Signer:
    """Make sure that a verdict can be signed, before anything runs.

    Args:
        checklist: The checklist file.
        key: File of the private key.
        artifacts: Files that are attested beside the commit.
        passphrase: For an encrypted key.

    Raises:
        AttestationError: It cannot be.
    """
    refuse_tracked(key)
    signing_key = load_signing_key(key, passphrase)
    digests = artifact_digests(artifacts)
    commit = pin(checklist.parent, checklist.name)
    folder = Repository(checklist.parent).prefix.removesuffix("/")
    return Signer(signing_key, checklist.parent, folder, commit, tuple(artifacts), digests)


def refuse_tracked(key: Path) -> None:
    """Insist that a private key is not in git.

    Raises:
        AttestationError: It is.
    """
    if tracked(key.absolute()):
        raise AttestationError(
            f"the key `{key}` is tracked by git: everybody who can read the repository can sign with it",
            "make a new key outside of the repository, and no longer trust this one",
        )
