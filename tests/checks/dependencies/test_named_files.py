"""Lock files are told by their names: those of Python are read, those of other languages say what judges them."""

import json
from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import Level, Outcome
from readiness.testing import evaluate
from readiness_checks.dependencies import Dependencies
from support.advisories import JSON

CONDA = "https://conda.example.com/conda-forge"


def audit(root: Path, name: str, content: str, *, key: str = "requirements") -> Outcome:
    (root / name).write_text(content)
    asked: dict[str, Any] = {key: name}
    return evaluate(Dependencies, root, service="offline", database=str(JSON), **asked)


def rules(outcome: Outcome, level: Level = Level.ERROR) -> list[str]:
    return [finding.rule for finding in outcome.findings if finding.level is level]


def pipfile_lock(**default: Any) -> str:
    groups = {"_meta": {"hash": {"sha256": "0"}}, "default": default, "develop": {"sample-odd": {"version": "==1.0"}}}
    return json.dumps(groups, indent=4) + "\n"


SERVER = {"sample-server": {"hashes": ["sha256:0"], "version": "==2.0"}}


def test_a_lock_file_of_pipenv_is_judged_with_its_groups(tmp_path: Path) -> None:
    outcome = audit(tmp_path, "Pipfile.lock", pipfile_lock(**SERVER))
    assert (outcome.status, outcome.examined) == ("failed", 2)
    assert [f.line for f in outcome.findings if f.rule == "PYSEC-2099-2"] == [8]


@pytest.mark.parametrize(
    ("wanted", "stale"),
    [('"*"', False), ('">=2"', False), ('{version = "~=2.0"}', False), ('">=3"', True), ('"==2.1"', True)],
)
def test_a_lock_file_of_pipenv_has_to_satisfy_the_pipfile(tmp_path: Path, wanted: str, *, stale: bool) -> None:
    (tmp_path / "Pipfile").write_text(f'[packages]\nsample-server = {wanted}\n[requires]\npython_version = "3"\n')
    assert ("stale-lock" in rules(audit(tmp_path, "Pipfile.lock", pipfile_lock(**SERVER)))) is stale


def test_a_package_that_the_pipfile_names_and_the_lock_file_lacks_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "Pipfile").write_text('[dev-packages]\nsample-client = "*"\n')
    assert "stale-lock" in rules(audit(tmp_path, "Pipfile.lock", pipfile_lock(**SERVER)))


def test_folders_and_repositories_in_a_lock_file_of_pipenv(tmp_path: Path) -> None:
    outcome = audit(tmp_path, "Pipfile.lock", pipfile_lock(x={"editable": True, "path": "."}))
    assert "local" in rules(outcome, Level.NOTE)
    outcome = audit(tmp_path, "Pipfile.lock", pipfile_lock(x={"git": "https://example.com/x", "ref": "1"}))
    assert rules(outcome)[0] == "unpinned"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"_meta": {}}',
        '{"_meta": {}, "default": []}',
        '{"_meta": {}, "default": {"sample-odd": {"version": "==1.0"}}, "docs": [{"sample-server": "==2.0"}]}',
    ],
)
def test_what_pipenv_does_not_write_is_an_error(tmp_path: Path, content: str) -> None:
    assert audit(tmp_path, "Pipfile.lock", content).status == "error"


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("pylock.toml", 'directory = { path = "." }\nwheels = []'),
        ("pylock.toml", 'directory = { path = "." }\narchive = { url = "https://example.com/x.zip" }'),
        ("uv.lock", 'source = { registry = "https://example.com/simple", editable = "." }'),
        ("uv.lock", 'source = { editable = "." }\nsdist = { url = "https://example.com/x.tar.gz" }'),
    ],
)
def test_a_package_of_a_registry_that_is_called_a_folder_is_judged(tmp_path: Path, name: str, origin: str) -> None:
    table = "package" if name == "uv.lock" else "packages"
    entry = f'[[{table}]]\nname = "sample-server"\nversion = "2.0"\n{origin}\n'
    assert "PYSEC-2099-2" in rules(audit(tmp_path, name, f'version = 1\nlock-version = "1.0"\n{entry}'))


def test_a_pylock_of_any_name_is_read(tmp_path: Path) -> None:
    text = 'lock-version = "1.0"\n[[packages]]\nname = "sample-server"\nversion = "2.0"\nwheels = []\n'
    for name in ("pylock.toml", "pylock.prod.toml"):
        assert rules(audit(tmp_path, name, text)) == ["PYSEC-2099-2"]


CONDA_LOCK = f"""version: 1
metadata:
  platforms: [linux-64]
package:
- name: sample-server
  version: '2.0'
  manager: conda
  platform: linux-64
  url: {CONDA}/noarch/sample-server-2.0-pyhd8ed1ab_0.conda
- name: openssl
  version: 3.0.1
  manager: conda
  platform: linux-64
  url: {CONDA}/linux-64/openssl-3.0.1-h166bdaf_0.tar.bz2
- name: Sample_Odd
  version: '1.0'
  manager: pip
  url: https://packages.example.com/sample_odd-1.0.whl
"""
PIXI = f"""version: 6
environments:
  default:
    channels: []
packages:
- conda: {CONDA}/noarch/sample-server-2.0-pyhd8ed1ab_0.conda
  sha256: "0"
- conda: {CONDA}/linux-64/python-3.12.0-hab00c5b_0_cpython.conda
- pypi: https://packages.example.com/sample_odd-1.0.whl
  name: sample-odd
  version: '1.0'
- conda_source: cpp_math[3a64] @ .
- pypi: ./
  name: own
"""
EXPLICIT = f"""# platform: linux-64
@EXPLICIT
{CONDA}/noarch/sample-server-2.0-py311h38be061_1.conda#0123
{CONDA}/linux-64/openssl-3.0.1-h166bdaf_0.tar.bz2
"""


@pytest.mark.parametrize(
    ("name", "content", "examined", "other"),
    [
        ("conda-lock.yml", CONDA_LOCK, 2, "openssl"),
        ("dev-conda-lock.yaml", CONDA_LOCK, 2, "openssl"),
        ("pixi.lock", PIXI, 2, "python"),
        ("conda-linux-64.lock", EXPLICIT, 1, "openssl"),
        ("explicit.txt", EXPLICIT, 1, "openssl"),
    ],
)
def test_lock_files_of_conda_are_judged_where_python_made_the_package(
    tmp_path: Path, name: str, content: str, examined: int, other: str
) -> None:
    outcome = audit(tmp_path, name, content)
    assert (outcome.status, outcome.examined) == ("failed", examined)
    assert "PYSEC-2099-2" in rules(outcome)
    note = next(finding for finding in outcome.findings if finding.rule == "not-python")
    assert note.level is Level.NOTE
    assert other in note.message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("conda-lock.yml", ""),
        ("conda-lock.yml", "package: {}\n"),
        ("conda-lock.yml", "metadata: {}\npackage:\n- version: '1'\n"),
        ("conda-lock.yml", "metadata: {}\npackage: []\n"),
        ("conda-lock.yml", "a: [\n"),
        ("conda-linux-64.lock", ""),
        ("conda-linux-64.lock", f"{CONDA}/noarch/a-1-py_0.conda\n"),
        ("conda-linux-64.lock", EXPLICIT[:-4]),
        ("pixi.lock", "packages:\n- conda: x\n"),
    ],
)
def test_what_conda_does_not_write_is_an_error(tmp_path: Path, name: str, content: str) -> None:
    outcome = audit(tmp_path, name, content)
    assert outcome.status == "error"
    assert outcome.remedy


def test_a_pixi_lock_lists_what_its_environments_name(tmp_path: Path) -> None:
    """Its packages stand at the end: cut off between two of them, it is YAML all the same."""
    named = "    packages:\n      linux-64:\n" + "".join(
        f"      - {kind}: {address}\n"
        for kind, address in (
            ("conda", f"{CONDA}/noarch/sample-server-2.0-pyhd8ed1ab_0.conda"),
            ("conda", f"{CONDA}/linux-64/python-3.12.0-hab00c5b_0_cpython.conda"),
            ("pypi", "https://packages.example.com/sample_odd-1.0.whl"),
            ("pypi", "./"),
        )
    )
    whole = PIXI.replace("    channels: []\n", f"    channels: []\n{named}")
    assert audit(tmp_path, "pixi.lock", whole).examined == 2
    old = whole.replace("\n- conda: ", "\n- kind: conda\n  url: ").replace("\n- pypi: ", "\n- kind: pypi\n  url: ")
    assert audit(tmp_path, "pixi.lock", old.replace("version: 6", "version: 5")).examined == 2
    cut = whole[: whole.index("- pypi: https://packages.example.com/sample_odd-1.0.whl\n  name")]
    outcome = audit(tmp_path, "pixi.lock", cut)
    assert outcome.status == "error"
    assert "names https://packages.example.com/sample_odd-1.0.whl, which its packages lack" in outcome.summary


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        # one parser takes the first of two keys, another the last
        ("conda-lock.yml", CONDA_LOCK + "package: []\n", "the key `package` is there twice"),
        ("conda-lock.yml", CONDA_LOCK.replace("  version: '2.0'", "  version: '3.0'\n  version: '2.0'"), "there twice"),
        ("pixi.lock", PIXI.replace("  version: '1.0'", "  version: '1.0'\n  \"version\": '9.0'"), "there twice"),
        ("pixi.lock", PIXI[:-1], "cut off"),
        ("pixi.lock", "[" * 30_000 + "\n", "nested too deeply"),
        ("pixi.lock", "- " * 30_000 + "\n", "nested too deeply"),
        ("pixi.lock", "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n" + "".join(
            f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
        ), "more than 2,000,000 values"),
    ],
)  # fmt: skip
def test_yaml_that_says_two_things_or_too_much_is_an_error(tmp_path: Path, name: str, content: str, said: str) -> None:
    outcome = audit(tmp_path, name, content)
    assert outcome.status == "error"
    assert said in outcome.summary


def test_an_environment_of_conda_is_explained(tmp_path: Path) -> None:
    outcome = audit(tmp_path, "environment.yml", "name: x\ndependencies:\n- python=3.12\n- requests\n")
    assert outcome.status == "error"
    assert "not the exact versions" in outcome.summary
    assert "conda-lock" in outcome.remedy


@pytest.mark.parametrize(
    ("name", "language", "tool"),
    [
        ("package-lock.json", "npm", "npm audit"),
        ("pnpm-lock.yaml", "pnpm", "pnpm audit"),
        ("yarn.lock", "yarn", "audit"),
        ("go.sum", "Go", "govulncheck"),
        ("Cargo.lock", "Rust", "cargo audit"),
        ("Gemfile.lock", "Ruby", "bundle-audit"),
        ("composer.lock", "PHP", "composer audit"),
        ("packages.lock.json", ".NET", "--vulnerable"),
        ("pom.xml", "Maven", "dependency-check"),
        ("mix.lock", "Elixir", "deps.audit"),
    ],
)
@pytest.mark.parametrize("key", ["requirements", "pyproject"])
def test_a_lock_file_of_another_language_says_which_and_what_to_use(
    tmp_path: Path, name: str, language: str, tool: str, key: str
) -> None:
    outcome = audit(tmp_path, name, "{}", key=key)
    assert outcome.status == "error"
    assert language in outcome.summary
    assert tool in outcome.remedy
