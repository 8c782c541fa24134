"""What an item requires of the people who sign it off."""

import shlex
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from readiness.checklist import Identifier, Item
from readiness.duration import Duration
from readiness.outcome import Value
from readiness.records.model import globs
from readiness.records.model.statement import Subject
from readiness.records.model.words import Text
from readiness.strictness import stricter


class SignoffPolicy(Value):
    """Parameters of a sign-off."""

    role: Annotated[Identifier, stricter.unknown]
    """Who may sign: a role of the checklist's `roles`, whose members are principals of `.readiness/allowed_signers`."""
    quorum: Annotated[int, Field(ge=1, le=100), stricter.higher] = 1
    """How many different people have to sign. Two keys, or two names in `people`, of one person count once."""
    covers: Annotated[tuple[Annotated[str, AfterValidator(globs.validate)], ...], stricter.more_entries] = ()
    """Files that the sign-off is bound to: paths or globs (`**` crosses folders) of committed files, from the folder of
    the checklist. One changed byte makes it stale. Records themselves are never covered. Without any, the sign-off is
    bound to the item's words and parameters alone."""
    not_by: Annotated[Literal["authors"] | None, stricter.when_given] = None
    """Separation of duties: `authors` keeps out whoever changed the covered files (as author, committer or co-author
    of a commit) since a quorum of people last approved them for this item. Needs `covers`, and the full history."""
    user_verification: Annotated[bool, stricter.true] = False
    """Only approvals count that were signed with a hardware key or a passkey which checked a PIN or a finger; a touch
    alone, or a key in a file, is not enough. A rejection counts whatever the key."""
    valid_for: Annotated[Duration | None, stricter.lower.measured_as("length")] = None
    """How long a sign-off holds, for instance `180d`; the earlier of this and the record's own expiry counts."""
    each: Annotated[
        tuple[Annotated[Text, StringConstraints(min_length=1, max_length=200)], ...], stricter.more_entries
    ] = ()
    """A matrix: the quorum is needed for each of these names, for instance for each persona of the acceptance tests."""

    @model_validator(mode="after")
    def _unique(self) -> Self:
        if len(set(self.each)) != len(self.each):
            raise ValueError("`each` holds a name twice")
        return self

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if self.not_by and not self.covers:
            raise ValueError("`not_by` needs `covers`: without files there is nobody who changed them")
        return self

    @property
    def slots(self) -> tuple[str, ...]:
        """What has to be signed: the names of the matrix, or one nameless thing."""
        return self.each or ("",)


class Question(Value):
    """What an item requires, and for which release and environment."""

    project: Identifier
    release: str
    environment: str
    item: Item
    policy: SignoffPolicy
    members: frozenset[str]
    """Principals in the policy's role."""
    subjects: tuple[Subject, ...]
    """What a sign-off has to be bound to, exactly."""
    policy_ref: str = ""
    """The ref that the policy is read from, where the item is about that."""

    @property
    def command(self) -> str:
        """How to sign it."""
        policy = f" --policy-ref {shlex.quote(self.policy_ref)}" if self.policy_ref else ""
        return f"readiness sign {self.item.id}{policy}" + (f" --env {self.environment}" if self.environment else "")
