"""The parameters of an item that people sign off: who has to sign, how many, and what they sign."""

import json
from functools import lru_cache
from itertools import combinations
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

from readiness.checklist import SIGNOFF, Identifier, Item
from readiness.duration import Duration
from readiness.outcome import Value
from readiness.records.model import globs
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import HoldsFor
from readiness.records.model.words import Text
from readiness.strictness import stricter
from readiness.strictness.change import same
from readiness.text import first_mistake

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
        stricter.more_entries_or(NONE, exceptions=globs.OUT),
    ] = ()
    """Files that the sign-off is bound to: paths or globs (`**` crosses folders) of committed files, from the folder of
    the checklist. A pattern that begins with `!` leaves files out, wherever it stands in the list. One changed byte
    makes it stale. Records themselves are never covered. Without any, the sign-off is bound to the release, and to the
    item's words and parameters. Where no release is stated either, it would hold for every later commit, so the item
    stays pending; `none`, written out, says that this is meant."""
    scope: Annotated[HoldsFor, Field(alias="for"), stricter.in_order("content", "release")] = "release"
    """What the sign-off holds for: `release`, this release and environment only; `content`, the covered files as they
    are, whatever the release and the environment. `content` needs `covers`."""
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
    def _names_some(self) -> Self:
        if self.covers and not globs.chosen(self.covers).taken:
            raise ValueError("`covers` only leaves files out: name first what is covered")
        return self

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if self.not_by and not self.covers:
            raise ValueError("`not_by` needs `covers`: without files there is nobody who changed them")
        if self.scope == "content" and not self.covers:
            raise ValueError("`for: content` needs `covers`: without files there is no content")
        return self

    @property
    def slots(self) -> tuple[str, ...]:
        """What has to be signed: the names of the matrix, or one nameless thing."""
        return self.each or ("",)


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
        return _read_policy(json.dumps(item.params))
    except ValidationError as error:
        raise RecordsError(f"item {item.id}: `with` is wrong: {first_mistake(error)}", "correct it") from error


@lru_cache(maxsize=1024)  # the same item is asked for every release
def _read_policy(params: str) -> SignoffPolicy:
    return SignoffPolicy.model_validate_json(params, strict=True)


def equal_digests(item: Item) -> frozenset[str]:
    """Digests of an item of sign-offs, also if it writes out other ones of its defaults: it asks for the same."""
    return _equal_digests(item.id, item.title, item.check, item.producer, json.dumps(item.params, default=str))


@lru_cache(maxsize=1024)
def _equal_digests(item_id: str, title: str, check: str, producer: str, params: str) -> frozenset[str]:
    written: dict[str, Any] = json.loads(params)
    defaults = {
        field.alias or name: json.loads(json.dumps(field.default))
        for name, field in SignoffPolicy.model_fields.items()
        if not field.is_required()
    }
    free = [name for name, value in defaults.items() if same(written.get(name, value), value)]
    needed = {name: value for name, value in written.items() if name not in free}
    found = set()
    for number in range(len(free) + 1):
        for some in combinations(free, number):
            said = {**needed, **{name: defaults[name] for name in some}}
            item = Item.model_construct(id=item_id, title=title, check=check, producer=producer, params=said)
            found.add(item.digest)
    return frozenset(found)
