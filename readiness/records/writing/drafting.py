"""What every draft of a record has in common: its words hold to the form of a record, and its key may sign now."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import Predicate, Signer, Statement, Subject
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, Holder
from readiness.text import first_mistake


def drafted(make: Callable[[], Predicate], *subjects: Subject) -> Statement:
    """Put a statement together.

    Args:
        make: Makes what it says.
        subjects: What it is bound to.

    Raises:
        RecordsError: It holds a word that a record may not hold.
    """
    try:
        return Statement(subject=subjects, predicate=make())
    except ValidationError as error:
        raise RecordsError(f"this cannot be signed: {first_mistake(error)}", "correct it and sign again") from error


def signing_fields(holder: Holder, name: str, now: datetime, seen: Sequence[str], commit: str) -> dict[str, Any]:
    """Fields that every record has: who signs it, when, and after which commit and records.

    Args:
        holder: Who signs.
        name: The person's name; may be empty.
        now: The date of signing.
        seen: Digests of the newest records.
        commit: HEAD; may be empty.
    """
    return {
        "commit": commit,
        "signer": Signer(principal=holder.principal, name=name),
        "signed_at": now.replace(microsecond=0),
        "seen": tuple(seen),
        "nonce": secrets.token_hex(16),
    }


def refuse_lapsed_key(holder: Holder, now: datetime) -> None:
    """Insist that a key may sign now.

    Raises:
        RecordsError: The roster does not let it.
    """
    if not holder.valid_at(now.replace(microsecond=0)):
        raise RecordsError(
            f"the key of {holder.principal} is not valid now, says {ALLOWED_SIGNERS}:{holder.line}",
            "renew its line there, or sign with another key",
        )
