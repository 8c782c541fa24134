"""What an item requires of the people who sign it off, for a release and environment, and who they are."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from pydantic import Field

from readiness.checklist import PRINCIPAL, RESERVED, SIGNOFF, Checklist, Identifier, Item, Person
from readiness.outcome import Value
from readiness.records.judging.signoff_policy import NONE, SignoffPolicy, equal_digests, signoff_policy
from readiness.records.model.errors import RecordsError
from readiness.records.model.people import People
from readiness.records.model.statement import Signoff, Subject, item_subject
from readiness.records.storage.covered_files import CoveredFiles
from readiness.text import short, unseen_place


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
    links: tuple[tuple[str, str], ...] = ()
    """Links among the covered files, and where each leads: that is covered, and not what is there."""
    roles: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Who holds which role: the owners of the policy may overrule a rejection."""
    policy_ref: str = ""
    """The ref that the policy is read from, where the item is about that."""

    def wanted(self, said: Signoff) -> dict[str, str]:
        """Digests by name that a sign-off has to be bound to, whichever of its defaults the item writes out."""
        subjects = self.subjects
        if subjects == (item_subject(self.item.id, self.item.digest),) and said.item_digest in equal_digests(self.item):
            subjects = (item_subject(self.item.id, said.item_digest),)
        return {subject.name: subject.digest.sha256 for subject in subjects}

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


@dataclass(frozen=True)
class Asked:
    """For what people are asked, and who they are."""

    project: str
    release: str
    """The release that is judged; may be empty."""
    environment: str
    """The environment that is judged; may be empty."""
    roles: Mapping[str, tuple[str, ...]]
    """Who holds which role."""
    people: Mapping[str, tuple[str, ...] | Person] = field(default_factory=dict)
    """Other names of a person: a role with two names of one person has one member."""

    @classmethod
    def for_all(cls, checklist: Checklist) -> Self:
        """Ask the people of a checklist, for every release and environment."""
        return cls(checklist.project, "", "", checklist.roles)


def ask(
    root: Path,
    item: Item,
    policy: SignoffPolicy,
    asked: Asked,
    *,
    content: str = "",
    files: CoveredFiles | None = None,
) -> Question:
    """Put the question of one item.

    Args:
        root: Folder of the checklist.
        item: The item.
        policy: Its parameters.
        asked: For what it is asked, and whom.
        content: Object id of the commit that covered files are taken from; empty for HEAD, which the work tree has to
            equal.
        files: Covered files that were asked for before.

    Raises:
        RecordsError: The role or what is covered cannot be determined, or nobody could ever satisfy it.
    """
    _refuse_unseen(item.title, "the title of the item")
    _refuse_unseen(asked.release, "the release")
    files, covers = files or CoveredFiles(), policy.covers
    return Question(
        project=asked.project,
        release=asked.release,
        environment=asked.environment,
        item=item,
        policy=policy,
        members=_members(policy, asked.roles, People(asked.people)),
        roles=asked.roles,
        subjects=files.of(root, covers, content) if covers else (item_subject(item.id, item.digest),),
        links=files.links(root, covers, content) if covers else (),
    )


def ask_checklist(
    root: Path, checklist: Checklist, item: Item, content: str = "", *, files: CoveredFiles | None = None
) -> Question:
    """Put the question of an item of a loaded checklist.

    Args:
        root: Folder of the checklist.
        checklist: The checklist.
        item: One of its items.
        content: As for `ask`.
        files: As for `ask`.

    Raises:
        RecordsError: As for `ask`; or the item asks for no sign-off, or with wrong parameters.
    """
    asked = Asked(checklist.project, checklist.release, checklist.environment, checklist.roles, checklist.people)
    return ask(root, item, signoff_policy(item), asked, content=content, files=files)


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
