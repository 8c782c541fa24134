"""What `readiness check` does with attested verdicts: it writes one, and compares the records with an earlier one."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from readiness.cli.errors import INTERNAL, OK, UsageError, complain
from readiness.cli.options import file_option, file_options
from readiness.cli.output.streams import emit, say
from readiness.cli.output.terminal import safe

if TYPE_CHECKING:
    from readiness.attestation.signing import Signer
    from readiness.attestation.statement import Statement
    from readiness.cli.output.report_files import Output
    from readiness.report import Report


_LONGEST = 4096
"""Characters of a passphrase."""


PassphraseFile = Annotated[
    Path | None,
    file_option(
        "--passphrase-file",
        "passphrase",
        about="File or pipe (/dev/fd/3) whose first line is the passphrase of --key.",
    ),
]


@dataclass(frozen=True)
class AttestOptions:
    """The verdict that is written, and the earlier one that is compared with."""

    attest: Annotated[
        Path | None,
        file_option(
            "--attest",
            about="If the exit code is 0, sign the verdict: an in-toto statement, a Sigstore bundle and an SVR.",
        ),
    ]
    key: Annotated[
        Path | None,
        file_option(
            "--key",
            about="Private key (ECDSA P-256, PEM) for --attest; READINESS_KEY_PASSPHRASE holds its passphrase.",
        ),
    ]
    passphrase: PassphraseFile
    artifacts: Annotated[
        tuple[Path, ...],
        file_options("--artifact", "artifacts", about="Also attest this file, by its SHA-256; may be repeated."),
    ]
    previous: Annotated[
        Path | None,
        file_option(
            "--previous",
            about="The last attested verdict of this branch; fail when a record or commit that it relied on is gone.",
        ),
    ]


@dataclass(frozen=True)
class Attestation:
    """Where the verdict of a run is attested, and what signs it."""

    path: Path
    bundle: Path
    """The Sigstore bundle beside it."""
    simple: Path
    """The Simple Verification Result beside it."""
    signer: "Signer"

    def conclude(self, report: "Report", code: int, *, printed: bool) -> int:
        """Sign the verdict of a run that ended well; nothing is written for any other.

        Args:
            report: The run.
            code: The exit code that it has earned.
            printed: Whether a report is printed on standard output, which takes no other line then.

        Returns:
            The exit code, now that the attestation is written or not.

        Raises:
            AttestationError: The commit does not hold what was judged any more.
        """
        from readiness.atomic_write import atomic_write
        from readiness.attestation.envelope import write_bundle, write_envelope
        from readiness.cli.output.report_files import render, reporter

        word = report.verdict.word.value
        if code != OK:
            say(safe(f"not attested: only a run that exits 0 is, and this one of {word} does not"))
            return code
        signed = self.signer.sign(report, render(report, reporter("json")).encode("utf-8", "backslashreplace"))
        try:
            atomic_write(self.simple, write_envelope(signed.simple))
            atomic_write(self.bundle, write_bundle(signed.verdict))
            atomic_write(self.path, write_envelope(signed.verdict))
        except OSError as error:
            _remove(self.path, self.bundle, self.simple)
            complain(f"`{self.path}` was not written: {error.strerror}")
            return INTERNAL
        where = f"attested {self.path}, {self.bundle.name} and {self.simple.name}"
        by = f"signed by key {self.signer.key.trusted.id[:16]}"
        line = safe(f"{where}: {word} for commit {self.signer.commit[:10]}, {by}")
        if printed:
            say(line)
        else:
            emit([line])
        return code


def prepare(
    asked: AttestOptions, checklist: Path | None, outputs: "Sequence[Output]", *, part: bool, passphrase: str
) -> Attestation | None:
    """Make sure that a verdict can be attested, before anything runs; None when that was not asked for.

    An earlier attestation of that name is removed first: whatever happens now, it does not stay there looking valid.

    Args:
        asked: What was asked for.
        checklist: The checklist file, when it was named.
        outputs: Where reports go.
        part: Whether a part of the checklist is judged that is no whole phase.
        passphrase: Of the key; empty when there is none.

    Raises:
        AttestationError: It cannot be.
        UsageError: It cannot be, by what was asked for.
    """
    if asked.attest is None:
        _refuse_options_without_attest(asked)
        return None
    from readiness.attestation import pem, signing
    from readiness.loading import find

    if asked.attest.is_dir():
        raise UsageError(f"`{asked.attest}` is a folder; name a file in it")
    _forbid_same(asked.attest, asked.previous)
    bundle, simple = _make_room(asked.attest, outputs)
    if asked.key is None:
        raise UsageError(f"`--attest` needs the key that signs: `--key FILE`\nnext: {pem.MAKE_A_KEY}")
    if part:
        raise UsageError(
            "a part of the checklist cannot be attested, because it could be mistaken for the whole\n"
            "next: leave out ITEM and `--section`; a whole phase (`--phase`) can be attested, and that is said"
        )
    if asked.passphrase is not None:
        passphrase = first_line(asked.passphrase)
    place = (checklist or find(Path.cwd())).absolute()
    signer = signing.prepare(place, asked.key, asked.artifacts, passphrase=passphrase)
    return Attestation(asked.attest, bundle, simple, signer)


def _refuse_options_without_attest(asked: AttestOptions) -> None:
    if asked.key is not None or asked.passphrase is not None or asked.artifacts:
        what = "`--key`, `--passphrase-file` and `--artifact` say how to attest"
        raise UsageError(f"{what}\nnext: say where to: `--attest FILE`")


def first_line(path: Path) -> str:
    """A passphrase from a file or a pipe.

    Raises:
        UsageError: It cannot be read, or is empty.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            found = stream.readline(_LONGEST).rstrip("\r\n")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UsageError(f"--passphrase-file: `{path}` cannot be read: {why}") from error
    if not found:
        raise UsageError(f"--passphrase-file: the first line of `{path}` is empty")
    return found


def _forbid_same(attest: Path, previous: Path | None) -> None:
    """Insist that the earlier verdict is not where the new one goes: what is there is removed before the run."""
    from readiness.attestation.envelope import bundle_path, simple_path
    from readiness.cli.output.report_files import place

    new = (attest, bundle_path(attest), simple_path(attest))
    if previous is not None and place(previous) in map(place, new):
        raise UsageError(
            f"`{previous}` is both the earlier verdict and the new one\n"
            "next: write the new one elsewhere, and keep the earlier one until it is there"
        )


def _make_room(attest: Path, outputs: "Sequence[Output]") -> tuple[Path, Path]:
    """Remove an earlier attestation in all its forms; where the new bundle and the new short form go."""
    from readiness.attestation.envelope import BUNDLE_SUFFIX, SIMPLE_SUFFIX, bundle_path, simple_path
    from readiness.attestation.subject import tracked
    from readiness.cli.output.report_files import place, writable

    for suffix, form in ((BUNDLE_SUFFIX, "Sigstore bundle"), (SIMPLE_SUFFIX, "Simple Verification Result")):
        if attest.name.endswith(suffix):
            raise UsageError(
                f"`{attest}` is how the {form} is called\nnext: name the statement: `--attest verdict.intoto.json`"
            )
    bundle, simple = bundle_path(attest), simple_path(attest)
    for path in (attest, bundle, simple):
        writable(path)
        if any(place(path) == place(output.path) for output in outputs):
            raise UsageError(f"`{path}` is given twice")
        if tracked(path.absolute()):
            raise UsageError(
                f"`{path}` is tracked by git, and no commit can hold its own attestation\nnext: name another file"
            )
        if os.path.lexists(path) and not _is_attestation(path):
            raise UsageError(f"`{path}` exists, and is no attestation\nnext: name another file, or remove it")
    _remove(attest, bundle, simple)
    return bundle, simple


def _is_attestation(path: Path) -> bool:
    from readiness.attestation import AttestationError
    from readiness.attestation.envelope import read_file

    try:
        return bool(read_file(path).payload)
    except AttestationError:
        return False


def _remove(*paths: Path) -> None:
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(f"the earlier `{path}` cannot be removed: {error.strerror}\nnext: remove it") from error


def read_previous(path: Path | None, attestation: Attestation | None, ref: str | None) -> "Statement | None":
    """Read an earlier verdict, before anything runs; None when that was not asked for.

    It is trusted by the key that signs the new one, and by those of the environment variable or else of the policy.

    Args:
        path: The attested verdict.
        attestation: What is to be attested.
        ref: Where the policy is read from; the work tree when None.

    Raises:
        AttestationError: It cannot be read, or no trusted key has signed it.
    """
    if path is None:
        return None
    from readiness.attestation.earlier_verdict import read_earlier_verdict
    from readiness.attestation.trust import NoKeyError, find_trusted_keys

    own = () if attestation is None else (attestation.signer.key.trusted,)
    try:
        trusted = find_trusted_keys((), start=Path.cwd(), ref=ref, work_tree=ref is None)
    except NoKeyError:
        if not own:
            raise
        trusted = ()
    return read_earlier_verdict(path, (*own, *trusted))
