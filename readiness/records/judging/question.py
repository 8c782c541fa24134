"""What an item requires of the people who sign it off, from its parameters, the checklist and the repository."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from readiness.checklist import PRINCIPAL, RESERVED, SIGNOFF, Checklist, Identifier, Item
from readiness.duration import Duration
from readiness.outcome import Value
from readiness.records.model import globs
from readiness.records.model.errors import RecordsError
from readiness.records.model.people import People
from readiness.records.model.statement import Subject, item_subject
from readiness.records.model.words import Text
from readiness.records.storage.covered_files import covered
from readiness.strictness import stricter
from readiness.text import first_mistake, short, unseen_place

NONE = "none"
"""Says of `covers` that a sign-off of no file and no release is meant."""


def _covered_files(value: Any) -> Any:
    """The patterns of `covers`; the word that stands for none of them."""
    if value == NONE:
        return ()
    return tuple(value) if isinstance(value, list) else value


class SignoffPolicy(Value):
    """Parameters of a sign-off."""

    role: Annotated[Identifier, stricter.unknown]
    """Who may sign: a role of the checklist's `roles`, whose members are principals of `.readiness/allowed_signers`."""
    quorum: Annotated[int, Field(ge=1, le=100), stricter.higher] = 1
    """How many different people have to sign. Two keys, or two names in `people`, of one person count once."""
    covers: Annotated[
        tuple[Annotated[str, AfterValidator(globs.validate)], ...],
        BeforeValidator(_covered_files),
        WithJsonSchema({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"const": NONE, "type": "string"}]}),
        stricter.more_entries_or(NONE),
    ] = ()
    """Files that the sign-off is bound to: paths or globs (`**` crosses folders) of committed files, from the folder of
    the checklist. One changed byte makes it stale. Records themselves are never covered. Without any, the sign-off is
    bound to the release, and to the item's words and parameters. Where no release is stated either, it would hold for
    every later commit, so the item stays pending; `none`, written out, says that this is meant."""
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

    def unbound(self, release: str) -> bool:
        """Whether a sign-off for this release would hold for every later commit: it names neither one nor files.

        What a run asks by itself is bound to exactly what was found.
        """
        return not release and not self.policy.covers and self.item.id not in RESERVED

    @property
    def unbound_is_meant(self) -> bool:
        """Whether the checklist writes out that no file is covered."""
        return self.item.params.get("covers") == NONE

    @property
    def command(self) -> str:
        """How to sign it."""
        policy = f" --policy-ref {shlex.quote(self.policy_ref)}" if self.policy_ref else ""
        return f"readiness sign {self.item.id}{policy}" + (f" --env {self.environment}" if self.environment else "")


def ask(  # noqa: PLR0913 - each is something that a sign-off is bound to or judged by
    root: Path,
    item: Item,
    policy: SignoffPolicy,
    roles: Mapping[str, tuple[str, ...]],
    *,
    project: str,
    release: str,
    environment: str,
    content: str = "",
    people: Mapping[str, tuple[str, ...]] | None = None,
) -> Question:
    """Put the question of one item.

    Args:
        root: Folder of the checklist.
        item: The item.
        policy: Its parameters.
        roles: Who holds which role.
        project: Name of the project.
        release: The release that is judged; may be empty.
        environment: The environment that is judged; may be empty.
        content: Object id of the commit that covered files are taken from; empty for HEAD, which the work tree has to
            equal.
        people: Other names of a person: a role with two names of one person has one member.

    Raises:
        RecordsError: The role or what is covered cannot be determined, or nobody could ever satisfy it.
    """
    _refuse_unseen(item.title, "the title of the item")
    _refuse_unseen(release, "the release")
    return Question(
        project=project,
        release=release,
        environment=environment,
        item=item,
        policy=policy,
        members=_members(policy, roles, People(people)),
        subjects=covered(root, policy.covers, content) if policy.covers else (item_subject(item.id, item.digest),),
    )


def signoff_policy(item: Item) -> SignoffPolicy:
    """Parameters of an item that asks for sign-offs.

    Raises:
        RecordsError: The item asks for none, or with wrong parameters.
    """
    if item.check != SIGNOFF:
        raise RecordsError(
            f"item {item.id} is answered by `{item.check}`, not by a sign-off", f"give it `check: {SIGNOFF}`"
        )
    try:
        return SignoffPolicy.model_validate_json(json.dumps(item.params), strict=True)
    except ValidationError as error:
        raise RecordsError(f"item {item.id}: `with` is wrong: {first_mistake(error)}", "correct it") from error


def ask_checklist(root: Path, checklist: Checklist, item: Item, content: str = "") -> Question:
    """Put the question of an item of a loaded checklist.

    Args:
        root: Folder of the checklist.
        checklist: The checklist.
        item: One of its items.
        content: As for `ask`.

    Raises:
        RecordsError: As for `ask`; or the item asks for no sign-off, or with wrong parameters.
    """
    return ask(
        root,
        item,
        signoff_policy(item),
        checklist.roles,
        project=checklist.project,
        release=checklist.release,
        environment=checklist.environment,
        content=content,
        people=checklist.people,
    )


def ask_by_name(root: Path, checklist: Checklist, name: str, role: str = "") -> Question:
    """Put the question of the item that somebody wants to sign.

    Args:
        root: Folder of the checklist.
        checklist: The checklist.
        name: Id of the item.
        role: The role that they sign in; empty for whatever the item asks for.

    Raises:
        RecordsError: There is no such item, it asks for another role, or as for `ask_checklist`.
    """
    item = next((item for item in checklist.items if item.id == name), None)
    if item is None:
        known = ", ".join(item.id for item in checklist.items if item.check == SIGNOFF)
        raise RecordsError(
            f"the checklist has no item `{name}`", f"sign one of: {known}" if known else "no item asks for a sign-off"
        )
    question = ask_checklist(root, checklist, item)
    if role not in {"", question.policy.role}:
        raise RecordsError(
            f"the item {item.id} asks for the role {question.policy.role}: signed as {role} it would not count",
            "leave out --role",
        )
    return question


def signed_alone(checklist: Checklist) -> tuple[str, ...]:
    """Ids of the items that people sign off, and that need no others than such: no command decides about them."""
    items = {item.id: item for item in checklist.items}
    alone = {name for name, item in items.items() if item.check == SIGNOFF}
    while dropped := {
        name for name in alone if not alone.issuperset(need for need in items[name].needs if need in items)
    }:
        alone -= dropped
    return tuple(name for name in items if name in alone)


def _refuse_unseen(text: str, what: str) -> None:
    place = unseen_place(text)
    if place:
        raise RecordsError(f"{what} holds the character {place}, which a reader cannot see: {short(text)}", "remove it")


def _members(policy: SignoffPolicy, roles: Mapping[str, tuple[str, ...]], people: People) -> frozenset[str]:
    role = policy.role
    if role not in roles:
        known = f"; there are {', '.join(sorted(roles))}" if roles else ""
        raise RecordsError(f"the checklist has no role `{role}`{known}", f"add `{role}` and its people to `roles`")
    members = frozenset(roles[role])
    if not members:
        raise RecordsError(f"the role `{role}` has no members", f"add people to `roles: {role}`")
    for name in sorted(members):
        if PRINCIPAL.fullmatch(name) is None:
            raise RecordsError(
                f"the role `{role}` names `{short(name)}`, which is no principal",
                "write it as in .readiness/allowed_signers, usually an e-mail address",
            )
    if len({name.casefold() for name in members}) != len(members):
        raise RecordsError(f"the role `{role}` names one person in two spellings", "keep one spelling")
    number = len({people.of(name) for name in members})
    if policy.quorum > number:
        raise RecordsError(
            f"a quorum of {policy.quorum} can never be reached: the role `{role}` has {number} "
            f"{'member' if number == 1 else 'members'}",
            "add members, or lower the quorum",
        )
    return members
