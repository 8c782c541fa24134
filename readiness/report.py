"""The report: subject, results and verdict, in one versioned model that every reporter reads."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from readiness.checklist import RESERVED, Item, Source
from readiness.outcome import Outcome, SignoffState, Status, Value

REPORT_VERSION: Literal["1"] = "1"


class Plugin(Value):
    """Where a check or a reporter came from."""

    name: str
    """Name of its entry point."""
    entry_point: str
    """`module:attribute`."""
    distribution: str
    """The installed distribution that registered it."""
    version: str
    """Version of that distribution."""

    def same_check(self, other: "Plugin") -> bool:
        """Whether both names stand for one object of one version of a distribution."""
        return self.model_copy(update={"name": other.name}) == other


class Selection(Value):
    """Which items are selected; all empty means every item."""

    items: tuple[str, ...] = ()
    phase: str = ""
    section: str = ""

    @property
    def whole(self) -> bool:
        """Whether every item was selected."""
        return not (self.items or self.phase or self.section)


class Subject(Value):
    """What is judged."""

    project: str
    release: str = ""
    environment: str = ""
    commit: str = ""
    """Full object id of HEAD; empty outside a git repository or before its first commit."""
    branch: str = ""
    """Empty when HEAD is detached."""
    committed_at: AwareDatetime | None = None
    dirty: bool | None = None
    """Whether tracked files differ from `commit`, or untracked ones exist; None when git cannot tell."""
    changed: int = Field(default=0, ge=0)
    """How many files differ."""
    checklist: str = ""
    """Path of the checklist file, relative to the root."""
    checklist_sha256: str = ""
    selection: Selection = Selection()


class WaiverFact(Value):
    """A waiver of a result; it never changes the status."""

    item: str
    record: str
    """Digest of the waiving record."""
    principal: str
    name: str = ""
    """The name that the signer gives; nobody reviewed it."""
    printed_name: str = ""
    """The reviewed name of the signer, from `people` of the policy."""
    title: str = ""
    """The reviewed title of the signer."""
    requested_by: str = ""
    reason: str
    compensating_control: str
    signed_at: AwareDatetime
    expires_at: AwareDatetime
    key: str = ""
    """Fingerprint of the key, `SHA256:…`."""
    role: str = ""
    """In which capacity it was signed."""
    meaning: str = ""
    """What the person declared by signing."""
    item_text: str = ""
    """The item's title when it was signed."""
    state: SignoffState = SignoffState.VALID
    """How it stands; only a valid one is ever beside a result."""
    code: str = "valid"
    """Stable reason code of the state."""
    why: str = ""
    """Why it is in this state, in words."""
    remedy: str = ""
    used: bool = False
    """Whether the verdict rests on it: its item blocks the release otherwise."""


class PolicyChange(Value):
    """One difference between the policy that judges and the one that is proposed."""

    kind: Literal["weakens", "strengthens", "neutral"]
    code: str
    """Stable, for instance `item-dropped`."""
    text: str
    """One sentence: `drops the item coverage`."""
    item: str = ""
    """Id of the item that it is about; empty for none."""
    before: str = ""
    after: str = ""
    source: Source | None = None
    """Where the proposed one is written, as far as that is known."""


class PolicyFact(Value):
    """Which policy judged, and how the proposed one differs from it."""

    ref: str
    """As it was asked for, for instance `origin/main`."""
    commit: str
    """What the ref stands for."""
    name: str = ""
    """Full name of the one ref that it is, for instance `refs/remotes/origin/main`; empty for an object id."""
    merge_base: str
    """Where the judged commit left the policy branch."""
    checklist_sha256: str
    """Digest of the checklist file of that commit."""
    changes: tuple[PolicyChange, ...] = ()
    approved: bool = False
    """Whether there is no weakening, or the policy's owners have signed off exactly these."""


class Result(Value):
    """One item with its outcome, duration and waiver."""

    item: Item
    section: str
    """Title of its section."""
    selected: bool = True
    outcome: Outcome
    duration: float = Field(default=0.0, ge=0)
    """Seconds."""
    plugin: Plugin | None = None
    """Where the check came from; None when it is not installed or the item was never evaluated."""
    waiver: WaiverFact | None = None
    collected: bool = False
    """Whether the outcome is that of another job, which ran code of the change and had no key: its claim."""
    absolute: Outcome | None = None
    """The outcome by itself, where `no_worse_than` compared it with the base; a later run compares with this one."""

    @property
    def status(self) -> Status:
        """Status of the outcome."""
        return self.outcome.status

    @property
    def added(self) -> bool:
        """Whether the run added it by itself: the checklist does not hold it."""
        return self.item.id in RESERVED

    @property
    def blocks(self) -> bool:
        """Whether it holds the release: a selected blocker that neither passed nor is waived."""
        return (
            self.selected
            and self.item.severity == "blocker"
            and self.status is not Status.PASSED
            and self.waiver is None
        )


class VerdictWord(StrEnum):
    """The answer to: may this go to production?"""

    GO = "GO"
    CONDITIONAL_GO = "CONDITIONAL_GO"
    NO_GO = "NO_GO"
    INCOMPLETE = "INCOMPLETE"


class Blocker(Value):
    """One item that blocks the release, in the order in which a release manager resolves them."""

    item: str
    """Id of the item."""
    unblocks: tuple[str, ...] = ()
    """Ids of blocking items that were skipped because they need this one."""


class Flip(Value):
    """A moment at which the verdict falls by itself."""

    at: AwareDatetime
    text: str
    """What lapses then: `the waiver of coverage lapses`."""


class Verdict(Value):
    """The verdict and its reasons."""

    word: VerdictWord
    reason: str
    """One sentence: `3 blocking items failed, 2 sign-offs missing`."""
    valid_until: AwareDatetime | None = None
    """For GO and CONDITIONAL_GO: the earliest expiry of all the waivers and sign-offs that it rests on; None when
    nothing of that lapses by itself."""
    flips: tuple[Flip, ...] = ()
    """What makes it fall by itself, the earliest first."""
    blockers: tuple[Blocker, ...] = ()
    """What to mend, roots first: an item that only waits for another one stands under that one."""
    counts: dict[Status, int] = {}
    """Selected items of the checklist by status; without those that the run added."""


class Tool(Value):
    """The program that made the report."""

    name: str = "readiness"
    version: str
    python: str = ""


class Report(Value):
    """A whole run: the one input of every reporter."""

    schema_version: Literal["1"] = REPORT_VERSION
    tool: Tool
    subject: Subject
    started_at: AwareDatetime
    """By the injected clock, UTC."""
    duration: float = Field(ge=0)
    """Seconds."""
    interrupted: bool = False
    """Whether the run was stopped before its end."""
    confinement: Literal["", "none", "repository"] = ""
    """Where the commands and services of the run could write: wherever their user can, or only to the repository, a
    temporary folder and what `--writable` names (`--confine`). Empty when none ran here, as in `readiness judge`."""
    verdict: Verdict
    sections: tuple[str, ...]
    """Titles, in the order of the checklist."""
    results: tuple[Result, ...]
    """One for each item, in the order of the checklist."""
    waivers: tuple[WaiverFact, ...] = ()
    """Every waiver for this project, release and environment, in whatever state."""
    policy: PolicyFact | None = None
    """None when the policy was read from what is judged itself."""
    notices: tuple[str, ...] = ()
    """What a reader has to know beside the results, for instance a plugin that could not be loaded."""

    @property
    def controls(self) -> dict[str, tuple[Result, ...]]:
        """Results by control, in alphabetical order of the controls."""
        grouped: dict[str, dict[str, Result]] = {}
        for result in self.results:
            for control in result.item.controls:
                grouped.setdefault(control, {})[result.item.id] = result
        return {name: tuple(by_id.values()) for name, by_id in sorted(grouped.items())}
