"""The checklist that a team writes: sections of items, validated and resolved for one environment."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from readiness import memory_limit
from readiness.duration import Duration
from readiness.outcome import Value
from readiness.size import Size
from readiness.text import is_blank, unseen_place

SCHEMA_VERSION = 1
POLICY_WEAKENING = "policy-weakening"
EVIDENCE_WEAKENING = "evidence-weakening"
RECORDS_APPEND_ONLY = "records-append-only"
INSTALLATION_UNCHANGED = "installation-unchanged"
RESERVED = (POLICY_WEAKENING, EVIDENCE_WEAKENING, RECORDS_APPEND_ONLY, INSTALLATION_UNCHANGED)
"""Ids of items that a run adds by itself; they can neither be written nor waived."""
PHASES = ("pre-deploy", "post-deploy")
"""Phases of a checklist that declares none."""
SIGNOFF = "signoff"
"""The check whose items people sign: sign-offs are the engine's own concept, and so is its name."""
DEFAULT_TIMEOUT = 120.0
"""Seconds that an item may take when it does not say."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
"""An id, a role, an environment: ASCII, so that no two look alike."""
Principal = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}(@[A-Za-z0-9][A-Za-z0-9.-]{0,252})?$")
]
"""Who signs, usually an e-mail address: ASCII, without any of the wildcards of OpenSSH."""
PRINCIPAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}(@[A-Za-z0-9][A-Za-z0-9.-]{0,252})?")
"""The same, for use with `fullmatch`."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""A line of text that a person reads."""


def _shown(text: str) -> str:
    if place := unseen_place(text):
        raise ValueError(f"holds the character {place}, which a reader cannot see")
    if text and is_blank(text):
        raise ValueError("it is blank")
    return text


def _no_address(text: str) -> str:
    if "@" in text:
        raise ValueError("holds `@`: a reader could take the name for the address of somebody else")
    return text


Printed = Annotated[str, StringConstraints(max_length=200), AfterValidator(_shown)]
"""A name or title that is printed beside signatures."""
OtherNames = tuple[Annotated[str, StringConstraints(min_length=1, max_length=320)], ...]


class Person(Value):
    """What is printed of a person who signs, and the person's other names."""

    name: Annotated[Printed, StringConstraints(min_length=1), AfterValidator(_no_address)]
    """The reviewed name that reports print beside the principal."""
    title: Printed = ""
    """The reviewed title."""
    also: OtherNames = ()
    """Other principals of the person, and the addresses that the person commits with."""


_OWNER_LIMIT = 200
_OWNERS_NAMED = 3
Severity = Literal["blocker", "warning", "info"]


class Source(Value):
    """Where something stands in the checklist file."""

    file: str
    """Path relative to the root of the repository."""
    line: int = Field(ge=1)
    column: int = Field(ge=1)


class Item(Value):
    """One thing that has to be true, and the check that answers it."""

    model_config = ConfigDict(populate_by_name=True)

    id: Identifier
    """Unique in the checklist; what the command line, `needs` and sign-offs call it."""
    title: Line
    """What has to be true, in the team's words."""
    check: str
    """Name of the check that answers it; `readiness list checks` shows them."""
    severity: Severity = "blocker"
    """`blocker` holds the release, `warning` is shown, `info` is only noted."""
    phase: Identifier = "pre-deploy"
    """One of the checklist's `phases`; `--phase` selects by it."""
    owner: str = Field(default="", max_length=_OWNER_LIMIT)
    """Who mends it: a person, team or role."""
    controls: tuple[Annotated[str, StringConstraints(min_length=1, max_length=100)], ...] = ()
    """Controls that it is evidence for, for instance `SOC2:CC8.1`."""
    needs: tuple[Identifier, ...] = ()
    """Ids of items that must have passed before this one is evaluated."""
    timeout: Annotated[float, Field(gt=0, le=86_400)] = DEFAULT_TIMEOUT
    """Seconds until it is stopped, with every process it started."""
    memory: Annotated[Size, Field(ge=memory_limit.LEAST)] = memory_limit.DEFAULT
    """Most memory that the check may take, for instance `8 GB` (Linux). A command that it runs may take more."""
    no_worse_than: Literal["", "base"] = ""
    """`base` compares the outcome with that of the policy branch (`--base-report`): what was bad there may stay, and
    nothing may get worse."""
    producer: Identifier | Literal[""] = ""
    """The role whose keys have to have signed every file of evidence that the item reads (`readiness attest-evidence`);
    by default files need no signature."""
    params: dict[str, Any] = Field(default={}, alias="with")
    """Parameters of the check."""
    source: Source | None = None
    """Where it is written; set by the loader."""

    @property
    def digest(self) -> str:
        """`sha256:…` of what a sign-off agrees to: id, title, check and parameters (resolved), and a producer."""
        words = {"id": self.id, "title": self.title, "check": self.check, "with": self.params}
        words |= {"producer": self.producer} if self.producer else {}
        canonical = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
        return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


class Section(Value):
    """A titled group of items."""

    title: Line
    items: tuple[Item, ...] = Field(min_length=1)


class Service(Value):
    """A process that the probes need: started before them, stopped afterwards, whatever happens."""

    run: Line | tuple[str, ...]
    """A shell command line, or a list of arguments that no shell sees."""
    ready: str = ""
    """URL that answers below 500 as soon as the service is ready; without it, the process must merely stay up."""
    cwd: str = "."
    """Folder to run in, relative to the root."""
    env: dict[str, str] = {}
    """Environment variables to add."""
    timeout: Annotated[float, Field(gt=0, le=3_600)] = 30.0
    """Seconds until it must be ready."""


class WaiverPolicy(Value):
    """Who may waive what, and for how long."""

    longest: dict[Severity, Duration] = Field(min_length=1)
    """Longest time for which an item of a severity may be waived, for instance `blocker: 14d`. A severity that is not
    named cannot be waived."""
    by: dict[Identifier, Annotated[tuple[Annotated[str, StringConstraints(min_length=1)], ...], Field(min_length=1)]]
    """By role: the ids of the items that it may waive; `*` in one stands for any characters."""


class Policy(Value):
    """What a team has agreed about its own rules."""

    owners: Identifier | Literal[""] = ""
    """The role that has to sign off a weakening of the policy. Without one, nobody can."""
    waivers: WaiverPolicy | None = None
    """Without it, nothing can be waived."""
    ahead: Duration = timedelta(minutes=5)
    """How far a record's date may be ahead of the commit that first brought it to the policy branch."""
    behind: Duration = timedelta(days=7)
    """How far a record's date may be behind that commit. An older one counts where key and role were held all the time
    between."""


class Checklist(Value):
    """A whole checklist file, resolved for one environment."""

    version: Literal[1]
    """Version of this format."""
    project: Identifier
    release: str = Field(default="", max_length=100)
    """The release that is judged, for instance `"3.0.0"`; sign-offs are bound to it."""
    phases: Annotated[tuple[Identifier, ...], Field(min_length=1)] = PHASES
    """Phases that items may have; an item of any other would never be asked for."""
    environments: dict[Identifier, dict[Identifier, str | int | float | bool]] = {}
    """Values that differ between environments, referred to as `${name}`; a number stays one where it stands alone."""
    roles: dict[Identifier, tuple[str, ...]] = {}
    """Who holds a role: principals as in `.readiness/allowed_signers`, usually e-mail addresses."""
    people: dict[Principal, OtherNames | Person] = {}
    """What is printed of a person (`{name: …, title: …, also: […]}`), and the person's other names, which may also
    stand alone (`[…]`): principals and the addresses that the person commits with. A person counts once."""
    policy: Policy = Policy()
    """Who may waive, and who may weaken these rules."""
    services: dict[Identifier, Service] = {}
    sections: tuple[Section, ...] = Field(min_length=1)
    environment: str = ""
    """Name of the environment that it is resolved for; set by the loader."""
    source: str = ""
    """Path of the file relative to the root; set by the loader."""
    sha256: str = ""
    """Digest of the file's bytes; set by the loader."""
    root: str = Field(default="", exclude=True)
    """Folder of the file on this machine, absolute; set by the loader, never written anywhere."""

    @property
    def items(self) -> Iterator[Item]:
        """All items, in the order of the file."""
        for section in self.sections:
            yield from section.items

    @property
    def policy_owner(self) -> str:
        """Whom the policy's own items belong to, as an item names its owner: the role, and people who hold it."""
        role, holders = self.policy.owners, self.roles.get(self.policy.owners, ())
        named, more = ", ".join(holders[:_OWNERS_NAMED]), len(holders) - _OWNERS_NAMED
        people = f"{named} and {more} more" if more > 0 else named
        text = f"{role} ({people})" if people else role
        return text if len(text) <= _OWNER_LIMIT else role
