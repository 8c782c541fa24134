"""The answer of a check: status, measurements, findings and evidence."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticSerializationError

from readiness.packed_lines import PackedLines, joined
from readiness.text import storable_data


class Value(BaseModel):
    """A frozen, closed value: the base of every model of the engine. No number in it is NaN or infinite."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    def to_json(self, *, indent: int | None = None) -> bytes:
        """Write it for a file, by the names that files have; what UTF-8 cannot hold is spelt out."""
        try:
            return self.model_dump_json(by_alias=True, indent=indent).encode()
        except (PydanticSerializationError, UnicodeError):
            plain = type(self).model_validate(storable_data(self.model_dump()))
            return plain.model_dump_json(by_alias=True, indent=indent).encode()


class Said(Value):
    """A value in a check's own words, which may repeat names and bytes that are no UTF-8: they are spelt out."""

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, given: Any) -> Any:
        return storable_data(given) if isinstance(given, dict) else given


class Status(StrEnum):
    """The status of an item. Only `passed` satisfies a blocking item."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    """It could not be determined: missing, stale, empty, unreadable, timed out, crashed."""
    PENDING = "pending"
    """It waits for a person."""
    NOT_APPLICABLE = "not_applicable"
    SKIPPED = "skipped"
    """Not selected, or an item it needs did not pass."""


class Level(StrEnum):
    """How bad a finding is, in the words of SARIF 2.1.0 §3.27.10. Only an `error` makes a check fail."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(Said):
    """One defect: what is wrong, where, and what to do about it."""

    message: str
    """What is wrong, in one sentence. Never holds a secret."""
    rule: str = ""
    """Stable identifier of the rule, for instance `B602`, `GHSA-…`, `csp-unsafe-inline`."""
    level: Level = Level.ERROR
    path: str = ""
    """File, relative to the root of the repository, with `/`."""
    line: int | None = Field(default=None, ge=1)
    """Line in `path`, from 1."""
    column: int | None = Field(default=None, ge=1)
    """Column in `line`, from 1."""
    url: str = ""
    """The URL that was judged."""
    host: str = ""
    """The `host:port` that was judged."""
    remedy: str = ""
    """What to do next."""
    link: str = ""
    """A page that explains the rule."""
    fingerprint: str = ""
    """Stable identity of this defect over runs; for a secret, the only trace of its value."""

    @property
    def place(self) -> str:
        """Where it is: `file:line:column`, a URL or a host; empty when it has no place."""
        if self.path:
            return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        return self.url or self.host


class Measurement(Said):
    """A named number, compared with a threshold where there is one."""

    name: str
    value: float | int | str | None
    """What was measured; None when it could not be measured."""
    unit: str = ""
    """`%`, `ms`, `d`, `tests` …"""
    operator: Literal["", ">=", "<=", ">", "<", "==", "!="] = ""
    """How `value` has to stand to `threshold`; empty for a number that is only reported."""
    threshold: float | int | str | None = None

    @property
    def met(self) -> bool | None:
        """Whether the threshold is met; None where there is none, False where nothing was measured."""
        if not self.operator:
            return None
        left, right = self.value, self.threshold
        if left is None or right is None:
            return False
        if self.operator in {"==", "!="}:
            return (left == right) is (self.operator == "==")
        if isinstance(left, str) or isinstance(right, str):
            return False
        return {">=": left >= right, "<=": left <= right, ">": left > right, "<": left < right}[self.operator]


class EvidenceSignature(Value):
    """Who signed a file of evidence, as this run has verified."""

    role: str
    """The role that the item asks for."""
    principal: str
    key: str
    """Fingerprint of the key, `SHA256:…`, as `ssh-keygen -l` prints it."""
    signed_at: AwareDatetime
    envelope: str
    """File of the signed statement, relative to the root."""
    envelope_sha256: str
    """Digest of its bytes, lower-case hex."""


class Evidence(Said):
    """Something that a check examined."""

    name: str
    """A path relative to the root, a URL, a command line."""
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    """Digest of its bytes, lower-case hex; empty when there are no bytes to keep."""
    produced_at: AwareDatetime | None = None
    """When it was produced, not when it was read."""
    excerpt: str = ""
    """A short piece of it that a reader wants to see, for instance the end of a log."""
    signature: EvidenceSignature | None = None
    """Who signed it, where the item names a `producer`; set by the engine alone."""


class SignoffState(StrEnum):
    """The state of a sign-off; only `valid` counts."""

    VALID = "valid"
    MISSING = "missing"
    STALE = "stale"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REJECTED = "rejected"
    UNAUTHORISED = "unauthorised"
    INVALID = "invalid"


class SignoffCard(Said):
    """One sign-off, given or still missing, as a reviewer reads it."""

    role: str
    state: SignoffState
    reason: str
    """Why it is in this state, in words."""
    code: str = ""
    """Stable reason code, for instance `subject-changed`."""
    subject: str = ""
    """For one of a matrix (`each`): which."""
    principal: str = ""
    name: str = ""
    """The name that the signer gives; nobody reviewed it."""
    printed_name: str = ""
    """The reviewed name of the signer, from `people` of the policy."""
    title: str = ""
    """The reviewed title of the signer."""
    meaning: str = ""
    """What the person declared."""
    signed_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    key: str = ""
    """Fingerprint of the key, `SHA256:…`, as `ssh-keygen -l` prints it."""
    record: str = ""
    """Digest of the record, which is also its file name."""
    covers: tuple[str, ...] = ()
    """Paths it is bound to."""
    quorum: int = Field(default=1, ge=1)
    """How many people have to sign for the same `subject`; with fewer valid sign-offs the item lapses."""
    digests: tuple[str, ...] = ()
    """SHA-256 of each of `covers`, in the same order, as it was signed; empty where that is not known."""
    remedy: str = ""
    past: bool = False
    """Whether it only tells what was, for instance that a rejection was taken back: nothing is to be done about it."""
    scope: Literal["release", "content"] = "release"
    """What it holds for: the release and environment of the run, or the content, whatever the release."""


class TestNames(Value):
    """The tests that a check has seen, by name: one line each, where it belongs (a class, a file), a tab, its name.

    A run on the policy branch keeps them, and a change is compared with them (`no_worse_than`).
    """

    __test__ = False
    """No test itself, whatever pytest makes of its name."""

    ran: PackedLines = ""
    """Those that ran, whether they passed or failed."""
    broken: PackedLines = ""
    """Those that broke before they could say either: in their set-up, or with their whole file."""
    skipped: PackedLines = ""
    """Those that were skipped everywhere, or expected to fail."""
    counted: str = ""
    """The measurement that counts them. Where both sides have names, these are compared and the number is not."""

    @classmethod
    def of(cls, *, ran: Collection[str], broken: Collection[str], skipped: Collection[str], counted: str) -> Self:
        """Take lines in any order; what ran somewhere has run, whatever else is said about it."""
        apart = set(broken) - set(ran)
        left = set(skipped) - set(ran) - apart
        return cls(ran=joined(ran), broken=joined(apart), skipped=joined(left), counted=counted)


class Outcome(Said):
    """The answer of a check to one item."""

    status: Status
    summary: str = Field(min_length=1)
    """One sentence: what was found, with its numbers."""
    examined: int = Field(default=0, ge=0)
    """How many things were looked at. A `passed` that looked at nothing is refused."""
    unit: str = ""
    """What `examined` counts, in the plural: `tests`, `packages`, `files`."""
    measurements: tuple[Measurement, ...] = ()
    findings: tuple[Finding, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    signoffs: tuple[SignoffCard, ...] = ()
    remedy: str = ""
    """The shortest way to `passed`."""
    comparable: bool = False
    """Whether measurements and findings tell every reason why it failed, so that an earlier outcome of the same item
    can excuse it (`no_worse_than`). An exit code alone does not."""
    tests: TestNames | None = None
    """Names of the tests that it has seen, where the item is compared with the base; None where it does not say."""

    @model_validator(mode="after")
    def _fail_closed(self) -> Self:
        """Refuse a pass that rests on nothing, or that its own numbers or findings contradict."""
        if self.status is not Status.PASSED:
            return self
        if self.examined == 0:
            raise ValueError("it says passed, but examined nothing")
        for measurement in self.measurements:
            if measurement.met is False:
                raise ValueError(f"it says passed, but {measurement.name} does not meet its threshold")
        if any(finding.level is Level.ERROR for finding in self.findings):
            raise ValueError("it says passed, but has findings of level error")
        return self


class CheckError(Exception):
    """Raised by a check that cannot determine its answer: the item becomes `error`, with this text.

    Args:
        summary: What happened and where.
        remedy: What to do next.
        findings: Defects that were found on the way, for instance the files that could not be read.
        evidence: What was looked at all the same.
    """

    def __init__(
        self,
        summary: str,
        remedy: str = "",
        *,
        findings: tuple[Finding, ...] = (),
        evidence: tuple[Evidence, ...] = (),
    ) -> None:
        super().__init__(summary)
        self.outcome = Outcome(
            status=Status.ERROR, summary=summary, remedy=remedy, findings=findings, evidence=evidence
        )
