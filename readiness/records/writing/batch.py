"""Signs several things at once: all of them, or none."""

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.question import Question
from readiness.records.model.statement import Signoff, Statement
from readiness.records.storage.work_tree import record_path, write_record
from readiness.records.writing.agent import SigningKey
from readiness.records.writing.signoff import refuse_uncounted_signoff, signed_by_openssh


@dataclass(frozen=True)
class Draft:
    """One sign-off that is to be signed."""

    question: Question
    said: Statement
    why: str = ""
    """Why somebody waits for it, in words; empty when it was asked for by name."""

    @property
    def signoff(self) -> Signoff:
        """What it says.

        Raises:
            TypeError: It is no sign-off.
        """
        if not isinstance(self.said.predicate, Signoff):
            raise TypeError("only a sign-off is signed here")
        return self.said.predicate


def distinct(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """Each once: one for the content holds in every environment in which the item asks the same."""
    found: dict[tuple[str, ...], Draft] = {}
    for draft in drafts:
        said = draft.signoff
        where = ("content",) if said.scope == "content" else (said.release, said.environment)
        found.setdefault((said.item, said.item_digest, said.each, *where), draft)
    return tuple(found.values())


def sign_all(drafts: Sequence[Draft], key: SigningKey, evidence: RecordEvidence) -> tuple[bytes, ...]:
    """Have OpenSSH sign all of them, in one process: each gets a signature of its own.

    Raises:
        RecordsError: One was not signed, or would not count; nothing is written.
    """
    with tempfile.TemporaryDirectory(prefix="readiness-") as folder:
        signatures = signed_by_openssh([draft.said.encode() for draft in drafts], key, Path(folder))
    for draft, signature in zip(drafts, signatures, strict=True):
        refuse_uncounted_signoff(draft.question, draft.said, signature, evidence)
    return signatures


def write_all(root: Path, drafts: Sequence[Draft], signatures: Sequence[bytes]) -> tuple[str, ...]:
    """Keep all of them, or none.

    Returns:
        Their digests.

    Raises:
        RecordsError: One could not be written; those before it are taken away again, as after an interrupt.
    """
    written: list[str] = []
    try:
        for draft, signature in zip(drafts, signatures, strict=True):
            written.append(hashlib.sha256(draft.said.encode()).hexdigest())
            write_record(root, draft.said, signature)
    except BaseException:  # an interrupt, too
        for digest in written:  # nobody has seen them yet: they never were records
            for suffix in ("json", "sig"):
                (root / record_path(digest, suffix)).unlink(missing_ok=True)
        raise
    return tuple(written)
