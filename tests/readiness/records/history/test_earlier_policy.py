"""What the checklist of an earlier commit said: who might take back a waiver when the revocation came."""

from pathlib import Path

import pytest
import yaml

from readiness.checklist import Checklist, Item, Policy, Section, WaiverPolicy
from readiness.records.judging.evidence import read_evidence
from readiness.records.judging.waiver import judge_waivers
from readiness.testing import NOW
from support.record_values import COUNSEL, DAY, STRANGER, keep, revocation, waiver
from support.signing import Project

ITEM = Item(id="coverage", title="Covered by tests", check="command", params={"run": "false"})


class Governed:
    """A repository whose checklist changes who may waive."""

    def __init__(self, root: Path) -> None:
        self.project = Project(root)
        keep(root)

    def grant(self, by: dict[str, tuple[str, ...]], **roles: tuple[str, ...]) -> None:
        """Let other roles waive, and commit that."""
        policy = Policy(waivers=WaiverPolicy(longest={"blocker": 14 * DAY}, by=by))
        self.checklist = Checklist(
            version=1, project="deedpro", release="3.0.0", environment="production", roles=roles, policy=policy,
            sections=(Section(title="Code", items=(ITEM,)),),
        )  # fmt: skip
        rules = policy.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        written = {
            "version": 1, "project": "deedpro", "policy": rules,
            "roles": {role: list(names) for role, names in roles.items()},
        }  # fmt: skip
        self.project.write("readiness.yaml", yaml.safe_dump(written))
        self.project.commit()

    def code(self) -> str:
        evidence = read_evidence(self.project.root, NOW, rules=self.checklist.policy)
        (fact,) = judge_waivers(self.checklist, evidence)
        return fact.code


@pytest.fixture
def governed(tmp_path: Path) -> Governed:
    return Governed(tmp_path / "deedpro")


def test_who_leaves_does_not_bring_back_a_waiver_that_another_role_revoked(governed: Governed) -> None:
    governed.grant({"legal": ("*",), "qa": ("cov*",)}, legal=(COUNSEL,), qa=(STRANGER,))
    target = waiver(item=ITEM)
    keep(governed.project.root, target, revocation(target, STRANGER))
    assert governed.code() == "revoked"
    governed.project.commit("Revoke")
    governed.grant({"legal": ("*",)}, legal=(COUNSEL,))
    assert governed.code() == "revoked"


def test_a_role_that_never_might_waive_the_item_can_not_revoke_it(governed: Governed) -> None:
    governed.grant({"legal": ("*",), "qa": ("other",)}, legal=(COUNSEL,), qa=(STRANGER,))
    target = waiver(item=ITEM)
    keep(governed.project.root, target, revocation(target, STRANGER))
    governed.project.commit("Revoke")
    assert governed.code() == "valid"
