"""Repositories whose checklist, sign-offs and changes lie on days of their own."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from readiness.loading import load
from readiness.records.model.statement import Signer, Statement, Waiver, item_subject
from support.signing import COUNSEL, Project, key

ITEM = "templates-reviewed"


def at(day: str, clock: str = "10:00:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=UTC)


class Life(Project):
    """A project whose every event is brought to the branch five minutes after it is signed, at ten in the morning."""

    def __init__(self, root: Path, **params: Any) -> None:
        super().__init__(root, covers=["templates/**"], **params)
        self.controls: tuple[str, ...] = ("SOC2:CC8.1", "ISO27001:A.8.32")
        self.more: dict[str, Any] = {}
        """Whatever else the checklist says."""
        self.items: list[dict[str, Any]] = []
        """Its other items."""

    def ask(self, day: str, *, author: str = "dev@example.com") -> str:
        """Write the checklist as it is now, and commit it."""
        item = {
            "id": self.id,
            "title": self.title,
            "controls": list(self.controls),
            "check": "signoff",
            "with": self.params,
        }
        checklist = {
            "version": 1,
            "project": self.name,
            "release": "3.0.0",
            "environments": {"production": {}, "staging": {}},
            "roles": {role: list(names) for role, names in self.roles.items()},
            "sections": [{"title": "Legal", "items": [item, *self.items]}],
            **self.more,
        }
        self.write("readiness.yaml", yaml.safe_dump(checklist, sort_keys=False))
        return self.on(day, "Ask", author=author)

    def on(self, day: str, message: str, *, author: str = "dev@example.com") -> str:
        """Commit everything on a day."""
        return self.commit(message, author=author, date=f"{day}T10:05:00Z")

    def signed(self, day: str, person: str = COUNSEL, **said: Any) -> str:
        digest = self.sign(person, at=at(day), **said)
        self.on(day, "Sign", author=person)
        return digest

    def revoked(self, day: str, target: str, person: str = COUNSEL) -> str:
        digest = self.revoke(target, person, at=at(day))
        self.on(day, "Revoke", author=person)
        return digest

    def waived(self, day: str, item: str, until: str, person: str = COUNSEL) -> str:
        """Waive an item, by a record that is made as by `readiness waive`."""
        found = next(
            one for one in load(self.root / "readiness.yaml", environment="production").items if one.id == item
        )
        predicate = Waiver(
            project=self.name, release=self.release, environment=self.environment, item=item, item_text=found.title,
            item_digest=found.digest, role="legal", requested_by="dev@example.com", reason="The vendor mends it.",
            compensating_control="Support watches it.", meaning="I accept the risk.", signer=Signer(principal=person),
            signed_at=at(day), expires_at=at(until), nonce="0" * 32,
        )  # fmt: skip
        digest = self.keep(Statement(subject=(item_subject(item, found.digest),), predicate=predicate), key(person))
        self.on(day, "Waive", author=person)
        return digest

    def changed(self, day: str, path: str = "templates/grant_deed.html", *, author: str = "dev@example.com") -> str:
        self.write(path, f"<p>of {day}</p>\n")
        return self.on(day, f"Change {path}", author=author)


def asked(root: Path) -> Life:
    """A life whose checklist came on 1 October, and nothing else."""
    life = Life(root)
    life.ask("2026-10-01")
    return life
