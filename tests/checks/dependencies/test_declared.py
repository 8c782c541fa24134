"""A lock file that does not satisfy what the project declares is stale."""

from pathlib import Path

import pytest
from packaging.version import Version

from readiness.outcome import Outcome
from readiness.testing import evaluate
from readiness_checks.dependencies import Dependencies
from readiness_checks.dependencies.declared import Project, poetry_needs, stale, tool_needs
from support.advisories import JSON

REGISTRY = 'source = { registry = "https://packages.example.com/simple" }\nwheels = []\n'


def project(root: Path, text: str, **locks: str) -> Outcome:
    (root / "pyproject.toml").write_text(text)
    for name, content in locks.items():
        (root / name.replace("_", ".")).write_text(content)
    return evaluate(Dependencies, root, pyproject="pyproject.toml", service="offline", database=str(JSON))


def uv(*versions: str, more: str = "", source: str = REGISTRY) -> str:
    entries = "".join(f'[[package]]\nname = "sample-client"\nversion = "{version}"\n{source}\n' for version in versions)
    return f'version = 1\n\n{entries}[[package]]\nname = "x"\nsource = {{ editable = "." }}\n{more}'


def declares(*needs: str, more: str = "") -> str:
    return f'[project]\nname = "x"\ndependencies = {list(needs)}\n{more}'


def stale_in(outcome: Outcome) -> list[str]:
    return [finding.message for finding in outcome.findings if finding.rule == "stale-lock"]


@pytest.mark.parametrize(
    "need", ["sample-client>=1,<3", "Sample_Client", "sample-client==2.*", "sample-client[x]>=2a1"]
)
def test_a_lock_file_that_satisfies_the_project_is_not_stale(tmp_path: Path, need: str) -> None:
    assert stale_in(project(tmp_path, declares(need), uv_lock=uv("2.5"))) == []


def test_a_locked_version_that_the_project_does_not_allow_is_an_error(tmp_path: Path) -> None:
    outcome = project(tmp_path, declares("sample-client>=3"), uv_lock=uv("2.5"))
    assert outcome.status == "error"
    assert stale_in(outcome) == ["`sample-client>=3` is declared in pyproject.toml, but uv.lock has sample-client 2.5"]


@pytest.mark.parametrize(
    "table",
    [
        '[project.optional-dependencies]\nmore = ["sample-client>=3"]',
        '[dependency-groups]\ndev = ["sample-client>=3"]',
        '[tool.uv]\ndev-dependencies = ["sample-client>=3"]',
        '[tool.pdm.dev-dependencies]\ndev = ["sample-client>=3"]',
        '[tool.poetry.dependencies]\nsample-client = "^3.0"',
        '[tool.poetry.group.dev.dependencies]\nsample-client = {version = "~3"}',
    ],
)
def test_every_table_that_declares_is_compared(tmp_path: Path, table: str) -> None:
    assert len(stale_in(project(tmp_path, declares(more=table), uv_lock=uv("2.5")))) == 1


def test_of_requirements_under_conditions_one_has_to_be_met(tmp_path: Path) -> None:
    both = ["sample-client<2; python_version<'3.9'", "sample-client>=2; python_version>='3.9'"]
    assert stale_in(project(tmp_path, declares(*both), uv_lock=uv("2.5"))) == []
    assert stale_in(project(tmp_path, declares(*both), uv_lock=uv("1.5", "2.5"))) == []
    assert len(stale_in(project(tmp_path, declares("sample-client<2; python_version<'3.9'"), uv_lock=uv("2.5")))) == 1


def test_what_no_platform_installs_has_no_entry_and_is_not_missing(tmp_path: Path) -> None:
    heard = (
        'dependencies = []\n[package.metadata]\nrequires-dist = [{ name = "old", marker = "python_version < \'3\'" }]\n'
    )
    need = declares("sample-client", "old; python_version<'3'")
    assert stale_in(project(tmp_path, need, uv_lock=uv("2.5", more=heard))) == []
    assert len(stale_in(project(tmp_path, need, uv_lock=uv("2.5")))) == 1


@pytest.mark.parametrize("origin", ['git = "https://example.com/x?rev=1#1"', 'url = "https://example.com/x.whl"'])
def test_a_version_from_a_repository_is_not_chosen_by_what_is_declared(tmp_path: Path, origin: str) -> None:
    lock = uv("2.5", source=f"source = {{ {origin} }}\n")
    assert stale_in(project(tmp_path, declares("sample-client>=3"), uv_lock=lock)) == []


@pytest.mark.parametrize(
    "table",
    [
        '[tool.uv]\noverride-dependencies = ["sample-client==2.5"]',
        '[tool.pdm.resolution.overrides]\nsample-client = "2.5"',
    ],
)
def test_an_override_may_contradict_what_is_declared(tmp_path: Path, table: str) -> None:
    assert stale_in(project(tmp_path, declares("sample-client>=3", more=table), uv_lock=uv("2.5"))) == []


def test_two_lock_files_are_both_audited(tmp_path: Path) -> None:
    pylock = (
        'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "sample-server"\nversion = "2.0"\nwheels = []\n'
    )
    (tmp_path / "pylock.prod.toml").write_text(pylock)
    outcome = project(tmp_path, declares("sample-client"), uv_lock=uv("2.5"))
    assert [evidence.name for evidence in outcome.evidence[:3]] == ["pyproject.toml", "pylock.prod.toml", "uv.lock"]
    assert "PYSEC-2099-2" in {finding.rule for finding in outcome.findings if finding.path == "pylock.prod.toml"}
    assert stale_in(outcome) == ["`sample-client` is declared in pyproject.toml but missing from pylock.prod.toml"]


def test_a_lock_file_of_groups_is_held_against_these_alone(tmp_path: Path) -> None:
    more = '[dependency-groups]\ndev = ["sample-odd"]\n'
    entry = '[[package]]\nname = "sample-client"\nversion = "2.5"\nfiles = []\n'
    pdm = f'[metadata]\nlock_version = "4.5"\ngroups = ["default"]\n\n{entry}'
    assert stale_in(project(tmp_path, declares("sample-client", more=more), pdm_lock=pdm)) == []
    whole = pdm.replace('["default"]', '["default", "dev"]')
    assert len(stale_in(project(tmp_path, declares("sample-client", more=more), pdm_lock=whole))) == 1


def test_a_project_that_needs_nothing_is_not_applicable_with_a_lock_file_too(tmp_path: Path) -> None:
    assert project(tmp_path, declares(), uv_lock=uv()).status == "not_applicable"
    assert project(tmp_path, declares("sample-client"), uv_lock=uv()).status == "error"


@pytest.mark.parametrize(
    ("constraint", "allowed", "refused"),
    [
        ("^1.2.3", "1.9", "2.0"),
        ("^0.2.3", "0.2.9", "0.3"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("^1", "1.9", "2"),
        ("~1.2.3", "1.2.9", "1.3"),
        ("~1.2", "1.2.9", "1.3"),
        ("~1", "1.9", "2"),
        ("~=1.4", "1.9", "2"),
        ("1.2.*", "1.2.9", "1.3"),
        ("1.2", "1.2.0", "1.2.1"),
        (">=1,<2", "1.5", "2"),
        (">= 1, < 2", "1.5", "2"),
        (">=1 <2", "1.5", "2"),
        ("==1.0", "1.0", "1.1"),
        ("!=1.0", "1.1", "1.0"),
    ],
)
def test_constraints_of_poetry(constraint: str, allowed: str, refused: str) -> None:
    asked = tuple(poetry_needs({"tool": {"poetry": {"dependencies": {"python": "^3", "a": constraint}}}}))
    found = Project("pyproject.toml", "x", asked)
    assert list(stale(found, {"a": [Version(allowed)]}, (), "poetry.lock")) == []
    assert len(list(stale(found, {"a": [Version(refused)]}, (), "poetry.lock"))) == 1


@pytest.mark.parametrize("constraint", ["*", "^1 || ^2", "nonsense", {"git": "x"}, {"path": "../a"}, ""])
def test_constraints_that_name_no_version_allow_any(constraint: object) -> None:
    found = Project("Pipfile", "", tuple(tool_needs({"a": constraint}, "")))
    assert list(stale(found, {"a": [Version("9")]}, (), "lock")) == []


def test_several_constraints_of_poetry_for_several_platforms() -> None:
    listed = [{"version": "^1", "python": "<3.9"}, {"version": "^2", "python": ">=3.9"}]
    found = Project("pyproject.toml", "x", tuple(tool_needs({"a": listed}, "")))
    assert list(stale(found, {"a": [Version("2.1")]}, (), "poetry.lock")) == []
    assert len(list(stale(found, {"a": [Version("3")]}, (), "poetry.lock"))) == 1


def test_a_group_may_take_in_extras_of_the_project_itself(tmp_path: Path) -> None:
    more = '[dependency-groups]\nall = ["x[more]>=9"]\n'
    assert stale_in(project(tmp_path, declares("sample-client", more=more), uv_lock=uv("2.5"))) == []
