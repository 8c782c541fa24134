"""A project that is attacked, judged by the real program; and the table that says what has to come of each attack."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.policy_branch import PolicyBranch, ago, check, verify

TABLE = Path(__file__).parents[2] / "docs/threats.md"
ITEM, INTACT, WEAKENING = "templates-reviewed", "records-append-only", "policy-weakening"
_ROW = re.compile(
    r"\| (?P<attack>[^|`]+?) \| (?P<state>[a-z]+)(?: `(?P<code>[a-z-]+)`)? "
    r"\| (?P<check>[\d-]) \| (?P<verify>\d) \| [^|]+ \|"
)


@dataclass(frozen=True)
class Seen:
    """What comes of an attack."""

    state: str
    """Of the sign-off that counts least; of the item, where no single sign-off is at fault; `refused` without a run."""
    code: str
    """Reason code; empty where there is none."""
    check: int | None
    """Exit code of `readiness check`; None for what no single run can see."""
    verify: int
    """Exit code of `readiness records verify`."""


def table() -> dict[str, Seen]:
    """The rows of the documentation, by attack, in their order."""
    text = TABLE.read_text(encoding="utf-8").partition("## What it withstands\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")][1:]
    rows = {}
    for line in lines:
        match = _ROW.fullmatch(line)
        assert match is not None, f"this row of the table has another form: {line}"
        assert match["attack"] not in rows, f"this row is there twice: {line}"
        code = None if match["check"] == "-" else int(match["check"])
        rows[match["attack"]] = Seen(match["state"], match["code"] or "", code, int(match["verify"]))
    return rows


class Attacked(PolicyBranch):
    """A project whose checklist says what its attributes say."""

    def __init__(self, root: Path, *, people: Mapping[str, Any] | None = None, **params: Any) -> None:
        super().__init__(root, **params)
        self.people: dict[str, Any] = dict(people or {})
        self.policy: dict[str, Any] = {}
        self.more: list[dict[str, Any]] = []
        self.agree()
        self.save(39, "Agree")

    def agree(self) -> None:
        """Write the checklist down."""
        item = {"id": self.id, "title": self.title, "check": "signoff", "with": self.params}
        said = {
            "version": 1,
            "project": self.name,
            "release": self.release,
            "environments": {self.environment: {}},
            "roles": {role: list(members) for role, members in self.roles.items()},
            "people": self.people,
            "policy": self.policy,
            "sections": [{"title": "Legal", "items": [item, *self.more]}],
        }
        self.write("readiness.yaml", json.dumps(said, indent=1))

    def seen(self, *args: str, ref: str = "", item: str = "", root: Path | None = None) -> Seen:
        """What the program says: `check`, and then `records verify`.

        Args:
            args: More arguments of `check`.
            ref: The policy branch; none when empty.
            item: The item that is looked at; the one that is signed when empty.
            root: Another folder than the project's.
        """
        place, refs = root or self.root, ("--policy-ref", ref) if ref else ()
        code, outcomes = check(place, "--env", self.environment, *refs, *args)
        name = item or self.id
        state, reason = ("refused", "") if not outcomes else (worst if name == self.id else faults)(outcomes[name])[:2]
        return Seen(state, reason, code, verify(place, *refs)[0])

    def outcomes(self, *args: str) -> dict[str, Any]:
        return check(self.root, "--env", self.environment, *args)[1]


def faults(outcome: Mapping[str, Any]) -> tuple[str, ...]:
    """Status of an item about policy or records, and the reason codes of what was found, the first first."""
    return outcome["status"], *(finding["rule"] for finding in outcome["findings"])


def worst(outcome: Mapping[str, Any]) -> tuple[str, str]:
    """State and reason code of what keeps an item from passing, or of the sign-off that lets it pass."""
    cards = outcome["signoffs"]
    at_fault = [card for card in cards if card["state"] not in {"valid", "missing"}]
    waiting = [card for card in cards if card["state"] == "missing"]
    if outcome["status"] == "passed":
        return next(((card["state"], card["code"]) for card in cards if card["state"] == "valid"), ("passed", ""))
    for card in (*at_fault, *waiting):
        return card["state"], card["code"]
    return outcome["status"], next((finding["rule"] for finding in outcome["findings"]), "")


__all__ = ["INTACT", "ITEM", "TABLE", "WEAKENING", "Attacked", "Seen", "ago", "faults", "table", "worst"]
