"""What is assigned to a name, what it is judged to be, and the secret that was found."""

from dataclasses import dataclass
from enum import Enum, auto

from readiness_checks.secrets.names import Telling


class Verdict(Enum):
    """What a candidate is."""

    SECRET = auto()
    TRIVIAL = auto()
    """A password that everybody guesses, or one for this machine."""
    ASIDE = auto()
    """It looks like a secret, and stands where nothing runs in production."""
    SAMPLE = auto()
    """Probably made up: for a test, or to show readers what a value looks like."""
    PUBLIC = auto()
    """What every user of an app or a site gets to see, by design of its vendor."""
    PLACEHOLDER = auto()
    NOTHING = auto()


@dataclass(frozen=True)
class Hit:
    """One secret."""

    kind: str
    value: str
    verdict: Verdict
    line: int = 0
    name: str = ""
    """What it is assigned to, where a name tells of it."""


@dataclass(frozen=True)
class Given:
    """A value that is assigned to a name."""

    value: str
    """Without quotes."""
    name: str
    telling: Telling
    """What the name says."""
    quoted: bool = True
    """Whether quotes make it a text; a bare word may be a name."""
    sure: bool = True
    """Whether the way it is written can only be an assignment."""
    commented: bool = False
    """Whether it stands in a comment."""
