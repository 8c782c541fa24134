"""The part of `readiness check` that attests its verdict: refuses what can be known before the run, signs after it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli.errors import INTERNAL, OK, UsageError, complain
from readiness.cli.output.streams import emit, say
from readiness.cli.output.terminal import safe

if TYPE_CHECKING:
    from readiness.attestation.keys import SigningKey
    from readiness.cli.output.report_files import Output
    from readiness.report import Report

_path = click.Path(path_type=Path)


def attesting(command: Any) -> Any:
    """Give `check` its options to attest."""
    for option in (
        click.option(
            "--artifact",
            "artifacts",
            multiple=True,
            type=_path,
            metavar="FILE",
            help="Attest this file, too, by its SHA-256; may be repeated.",
        ),
        click.option(
            "--key",
            type=_path,
            metavar="FILE",
            help="Private key that signs it: ECDSA P-256 in PEM; its passphrase is in READINESS_KEY_PASSPHRASE.",
        ),
        click.option(
            "--attest",
            type=_path,
            metavar="FILE",
            help="Write a verdict that exits 0 as a signed in-toto statement, with a Sigstore bundle beside it.",
        ),
    ):
        command = option(command)
    return command


@contextmanager
def explained() -> Iterator[None]:
    """Turn an error of attestations into a message and exit code 2."""
    from readiness.attestation.errors import AttestationError

    try:
        yield
    except AttestationError as error:
        raise UsageError(f"{error.summary}\nnext: {error.remedy}") from error


@dataclass(frozen=True)
class Attestation:
    """What was asked for, and all that signing needs."""

    path: Path
    bundle: Path
    """The Sigstore bundle beside it."""
    key: "SigningKey"
    root: Path
    """Folder of the checklist."""
    commit: str
    """Object id of HEAD before the run."""
    artifacts: Sequence[Path]
    digests: Mapping[str, str]
    """SHA-256 of the artefacts before the run, by name."""

    def conclude(self, report: "Report", code: int, *, loud: bool) -> int:
        """Sign the verdict of a run that ended well; nothing is written for any other.

        Args:
            report: The run.
            code: The exit code that it has earned.
            loud: Whether standard output takes a line about it, since no report is printed there.

        Returns:
            The exit code, now that the attestation is written or not.

        Raises:
            UsageError: The commit does not hold what was judged any more.
        """
        if code != OK:
            say(safe(f"not attested: only a run that exits 0 is, and this one of {report.verdict.word.value} does not"))
            return code
        with explained():
            envelope, bundle = self._sign(report)
        from readiness.atomic_write import atomic_write

        try:
            atomic_write(self.bundle, bundle)
            atomic_write(self.path, envelope)
        except OSError as error:
            remove(self.path, self.bundle)
            complain(f"`{self.path}` was not written: {error.strerror}")
            return INTERNAL
        line = safe(
            f"attested {self.path} and {self.bundle.name}: {report.verdict.word.value} for commit {self.commit[:10]}, "
            f"signed by key {self.key.trusted.id[:16]}"
        )
        if loud:
            emit([line])
        else:
            say(line)
        return code

    def _sign(self, report: "Report") -> tuple[bytes, bytes]:
        """The envelope and the bundle.

        Raises:
            AttestationError: The commit does not hold what was judged any more.
        """
        import hashlib

        from readiness.attestation import envelope, file, pinned
        from readiness.attestation.artifacts import digests
        from readiness.attestation.errors import AttestationError
        from readiness.attestation.statement import compose
        from readiness.cli.output.report_files import render, reporter

        pinned.still_pinned(self.root, self.commit)
        if report.subject.commit != self.commit:
            raise AttestationError("HEAD moved while the run began", "run it again, alone")
        if digests(self.artifacts) != self.digests:
            raise AttestationError("an artefact changed during the run", "build before the run")
        text = render(report, reporter("json")).encode("utf-8", "backslashreplace")
        said = compose(report, report_sha256=hashlib.sha256(text).hexdigest(), artifacts=self.digests)
        signed = envelope.sign(said.encode(), self.key)
        return file.write_envelope(signed), file.write_bundle(signed)


def prepare(
    attest: Path | None,
    key: Path | None,
    artifacts: Sequence[Path],
    *,
    outputs: "Sequence[Output]",
    asked: Mapping[str, Any],
) -> Attestation | None:
    """Make sure that a verdict can be attested, before anything runs; None when that was not asked for.

    An earlier attestation of that name is removed first: whatever happens now, it does not stay there looking valid.

    Args:
        attest: Where to write it.
        key: The private key.
        artifacts: Files that are attested beside the commit.
        outputs: Where reports go.
        asked: The other options of `check`.

    Raises:
        UsageError: It cannot be.
    """
    if attest is None:
        if key is not None or artifacts:
            raise UsageError("`--key` and `--artifact` say how to attest\nnext: say where to: `--attest FILE`")
        return None
    from readiness.attestation import keys, pem, pinned
    from readiness.attestation.artifacts import digests
    from readiness.loading import find

    # taken out of the environment, so that no check inherits it
    passphrase = os.environ.pop(keys.PASSPHRASE, "")
    bundle = _clear(attest, outputs)
    if key is None:
        raise UsageError(f"`--attest` needs the key that signs: `--key FILE`\nnext: {pem.MAKE_A_KEY}")
    if asked["items"] or asked["section"]:
        raise UsageError(
            "a part of the checklist is not attested: somebody would take it for the whole\n"
            "next: leave out ITEM and `--section`; a whole phase (`--phase`) can be attested, and that is said"
        )
    place = (asked["file"] or find(Path.cwd())).absolute()
    with explained():
        if pinned.tracked(key.absolute()):
            raise UsageError(
                f"the key `{key}` is tracked by git: whoever reads the repository can sign with it\n"
                "next: make a new key outside of the repository, and no longer trust this one"
            )
        signer = keys.load_signing_key(key, passphrase)
        found = digests(artifacts)
        commit = pinned.pin(place.parent, place.name)
    return Attestation(attest, bundle, signer, place.parent, commit, tuple(artifacts), found)


def _clear(attest: Path, outputs: "Sequence[Output]") -> Path:
    """Make room for both files; where the bundle goes."""
    from readiness.attestation import file, pinned
    from readiness.cli.output.report_files import place, writable

    if attest.name.endswith(file.BUNDLE_SUFFIX):
        raise UsageError(
            f"`{attest}` is how the Sigstore bundle is called\nnext: name the statement: `--attest verdict.intoto.json`"
        )
    both = (attest, file.bundle_path(attest))
    for path in both:
        writable(path)
        if any(place(path) == place(output.path) for output in outputs):
            raise UsageError(f"`{path}` is given twice")
        if pinned.tracked(path.absolute()):
            raise UsageError(
                f"`{path}` is tracked by git, and no commit can hold its own attestation\nnext: name another file"
            )
        if os.path.lexists(path) and not _earlier(path):
            raise UsageError(f"`{path}` exists, and is no attestation\nnext: name another file, or remove it")
    remove(*both)
    return both[1]


def _earlier(path: Path) -> bool:
    from readiness.attestation import file
    from readiness.attestation.errors import AttestationError

    try:
        return bool(file.read(path).payload)
    except AttestationError:
        return False


def remove(*paths: Path) -> None:
    """Remove files, if they are there.

    Raises:
        UsageError: One cannot be removed.
    """
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(f"the earlier `{path}` cannot be removed: {error.strerror}\nnext: remove it") from error
