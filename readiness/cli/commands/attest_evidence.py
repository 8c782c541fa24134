"""`readiness attest-evidence`: signs files of evidence for the commit that they were produced from."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli import errors
from readiness.cli.attestation import PassphraseFile, first_line
from readiness.cli.options import FILE, epilog
from readiness.cli.output.streams import emit, say
from readiness.cli.output.terminal import color_option, safe
from readiness.cli.typed_options import takes
from readiness.cli.unpacked import refuse_links_to

if TYPE_CHECKING:
    from readiness.attestation.keys import SigningKey


@dataclass(frozen=True)
class EvidenceOptions:
    """What `attest-evidence` takes."""

    files: Annotated[tuple[Path, ...], click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)]
    key: Annotated[
        Path,
        click.option(
            "--key",
            type=FILE,
            required=True,
            metavar="FILE",
            help="Private key of the producer (ECDSA P-256, PEM); READINESS_KEY_PASSPHRASE holds its passphrase.",
        ),
    ]
    passphrase: PassphraseFile


@click.command(
    epilog=epilog(
        "0 all are signed, 2 refused: nothing is written", examples=("attest-evidence reports/*.xml --key tests.key",)
    )
)
@takes(EvidenceOptions)
@color_option
def attest_evidence(asked: EvidenceOptions) -> int:
    """Sign FILEs as produced from the commit that is checked out: a statement FILE.intoto.json beside each.

    For the job that ran the tests, or one after it. An item of the checklist with `producer: ROLE` accepts only files
    that a key of that role has signed for the very commit that is judged.
    """
    from readiness.atomic_write import atomic_write
    from readiness.attestation.envelope import write_envelope
    from readiness.attestation.keys import load_signing_key
    from readiness.attestation.signed_evidence import sign_evidence
    from readiness.attestation.signing import refuse_tracked
    from readiness.isolation.process import PASSPHRASE, take_secret
    from readiness.isolation.seal import refuse_intruders

    passphrase = take_secret(PASSPHRASE)
    for file in asked.files:
        refuse_links_to(file)
    refuse_intruders(None)
    if asked.passphrase is not None:
        passphrase = first_line(asked.passphrase)
    refuse_tracked(asked.key)
    key = load_signing_key(asked.key, passphrase)
    signed = sign_evidence(asked.files, key, datetime.now(UTC), folder=Path.cwd())
    for one in signed:
        atomic_write(one.path, write_envelope(one.envelope))
        emit([safe(f"signed {one.name} for commit {one.commit[:10]}: {one.path}")])
    _tell_unlisted(key)
    return errors.OK


def _tell_unlisted(key: "SigningKey") -> None:
    """Say so when the work tree does not know the key as one for evidence: no gate accepts what it signs then."""
    from readiness.loading import ChecklistError, find
    from readiness.records.model.errors import RecordsError
    from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, EVIDENCE_NAMESPACE, read_roster

    public = key.trusted.ssh
    try:
        known = read_roster(find(Path.cwd()).absolute().parent).produces(public)
    except ChecklistError:
        return
    except RecordsError:
        known = False
    if not known:
        say(f"note: {ALLOWED_SIGNERS} here does not know this key as one for evidence; a line for it, on the policy")
        say(f'branch: PRINCIPAL namespaces="{EVIDENCE_NAMESPACE}",valid-before="YYYYMMDDZ" {public.line}')
