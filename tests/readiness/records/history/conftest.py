"""A policy branch of each test's own."""

from pathlib import Path

import pytest

from support.policy_branch import PolicyBranch


@pytest.fixture
def project(tmp_path: Path) -> PolicyBranch:
    return PolicyBranch(tmp_path / "deedpro")
