"""What items need: programs, evidence, people with keys, and items for every manifest."""

from pathlib import Path
from typing import Any

import pytest

from readiness.checklist import Checklist, Item, Section
from readiness.diagnosis import absent, needs
from readiness.diagnosis.machine import Line
from readiness.plugins import Description, describe, installed, load_check
from support.repositories import commit_all
from support.signing import COUNSEL, PARALEGAL, key, public, roster_line


def described(check: str) -> Description:
    return describe(load_check(installed("readiness.checks")[check]))


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("no-such-a --flag && no-such-b", ["no-such-a", "no-such-b"]),
        ("echo a | no-such-a; cd x || no-such-b", ["no-such-a", "no-such-b"]),
        ("A=1 no-such-a", ["no-such-a"]),
        ("if no-such-a; then true; fi", ["no-such-a"]),
        ("( no-such-a )", ["no-such-a"]),
        ("./gone.sh", ["./gone.sh"]),
        ("./here.sh && sh -c 'no-such-a'", []),
        ("no-such-a a\nno-such-a b", ["no-such-a"]),
        ("no-such-a \\\n  no-such-b", ["no-such-a"]),
        ("echo no-such-a > no-such-b", []),
        ("$TOOL run && ${OTHER} x", []),
        ("f() { true; }; f", []),
        ("cat <<EOF\nno-such-a\nEOF", []),
        ("echo 'no\nsuch'", []),
        ("for f in a b; do no-such-a $f; done", ["no-such-a"]),
        ("[[ -f x ]] && set -e", []),
        ("git --version", []),
    ],
)
def test_the_programs_of_a_command_are_the_words_that_it_begins_with(
    tmp_path: Path, command: str, missing: list[str]
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "here.sh").touch()
    params = {"run": command, "cwd": "sub"}
    assert list(absent.programs(described("command").directions, params, tmp_path)) == missing


def test_evidence_that_no_file_matches_is_missing_unless_an_item_before_brings_it(tmp_path: Path) -> None:
    checks = {"junit": described("junit")}
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.xml").touch()

    def item(*needed: str, paths: list[str]) -> Item:
        return Item(id="tests", title="t", check="junit", needs=needed, params={"paths": paths})

    there = [item(paths=["reports/*.xml", "reports", "reports/a.xml"])]
    assert needs.missing(checks, tmp_path, there) == [Line("passed", "all that the items name is here")]
    gone = [item(paths=["gone/*.xml", "/*["])]
    assert needs.missing(checks, tmp_path, gone)[0] == Line(
        "failed", "no file matches gone/*.xml: let the tools write it first", ("tests",)
    )
    (later,) = needs.missing(checks, tmp_path, [item("build", paths=["gone/*.xml"])])
    assert (later.state, later.items) == ("not_applicable", ())


def test_evidence_that_git_neither_has_nor_ignores_is_named(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("ignored.xml\n")
    (tmp_path / "tracked.xml").touch()
    commit_all(tmp_path)
    tests = Item(id="tests", title="t", check="junit", params={"paths": ["*.xml", "gone/*.xml", "/*[", "../*.xml"]})
    checks = {"junit": described("junit")}
    (tmp_path / "ignored.xml").touch()
    assert needs.unignored(checks, tmp_path, [tests]) == []
    (tmp_path / "loose.xml").touch()
    assert needs.unignored(checks, tmp_path, [tests]) == [
        Line(
            "not_applicable",
            "git neither has nor ignores loose.xml: reports count them as uncommitted changes; "
            "name what tools write in .gitignore",
        )
    ]
    outside = tmp_path / "ignored"
    outside.mkdir()
    assert needs.unignored(checks, outside, [tests]) == []


def checklist(root: Path, **params: Any) -> Checklist:
    item = Item(id="terms", title="t", check="signoff", params={"role": "legal", **params})
    sections = (Section(title="s", items=(item,)),)
    return Checklist(version=1, project="p", root=str(root), roles={"legal": (COUNSEL, PARALEGAL)}, sections=sections)


def test_a_role_needs_as_many_people_with_a_key_as_its_item_asks_for(tmp_path: Path) -> None:
    (none,) = needs.signers(checklist(tmp_path))
    assert (none.state, none.items) == ("failed", ("terms",))
    assert "readiness signers add" in none.text
    folder = tmp_path / ".readiness"
    folder.mkdir()
    lines = [roster_line(COUNSEL, key(COUNSEL))]
    (folder / "allowed_signers").write_text("".join(f"{line.rstrip()}\n" for line in lines))
    (one,) = needs.signers(checklist(tmp_path))
    assert one == Line("passed", "role legal: 1 of 2 members with a key that may sign today")
    (two,) = needs.signers(checklist(tmp_path, quorum=2))
    assert (two.state, two.items) == ("failed", ("terms",))
    (folder / "revoked_keys").write_text(public(key(COUNSEL)).line + "\n")
    (revoked,) = needs.signers(checklist(tmp_path))
    assert revoked.text.startswith("role legal: 0 of 2 members")
    (folder / "allowed_signers").write_text("nonsense\n")
    assert "allowed_signers:1" in needs.signers(checklist(tmp_path))[0].text


def test_each_manifest_is_named_with_the_items_that_judge_it(tmp_path: Path) -> None:
    for name in ("go.mod", "web/composer.json", "build.zig"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    vet = Item(id="vet", title="t", check="command", params={"run": "go vet ./..."})
    audit = Item(id="audit", title="t", check="command", params={"run": "scan", "files": ["web/composer.json"]})
    assert needs.manifests(tmp_path, [vet, audit]) == [
        Line("passed", "go.mod (Go): vet"),
        Line("passed", "web/composer.json (PHP): audit"),
        Line("not_applicable", "build.zig (Zig): no item names it or runs its tools, so nothing judges it"),
    ]
    assert [line.state for line in needs.manifests(tmp_path / "web", [])] == ["not_applicable"]


@pytest.mark.parametrize(
    ("manifest", "path", "judged"),
    [
        ("CMakeLists.txt", "build/junit.xml", True),
        ("lib/CMakeLists.txt", "lib/build/junit.xml", True),
        ("lib/CMakeLists.txt", "build/junit.xml", False),
        ("pom.xml", "**/target/surefire-reports/TEST-*.xml", True),
    ],
)
def test_the_results_that_its_runner_writes_judge_a_project(
    tmp_path: Path, manifest: str, path: str, *, judged: bool
) -> None:
    (tmp_path / manifest).parent.mkdir(exist_ok=True)
    (tmp_path / manifest).touch()
    tests = Item(id="tests", title="t", check="junit", params={"paths": [path]})
    (line,) = needs.manifests(tmp_path, [tests])
    assert (line.state == "passed") is judged
    assert line.text.endswith(": tests") is judged


def test_a_folder_without_other_manifests_is_said_plainly(tmp_path: Path) -> None:
    (none,) = needs.manifests(tmp_path, [])
    assert none == Line("not_applicable", "no manifest of any stack is here")
    for name in ("package.json", "pyproject.toml", *(f"p{number}/package.json" for number in range(5))):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (some,) = needs.manifests(tmp_path, [])
    assert some.text.startswith("only those of Python and npm, which are not compared with items: p0/package.json")
    assert some.text.endswith(" and 2 more")


def test_a_second_build_tool_of_one_project_is_not_said_to_be_unjudged(tmp_path: Path) -> None:
    (tmp_path / "pom.xml").touch()
    (tmp_path / "build.gradle").touch()
    build = Item(id="build", title="t", check="command", params={"run": "mvn verify"})
    assert [line.text for line in needs.manifests(tmp_path, [build])] == [
        "pom.xml (Maven): build", "build.gradle (Gradle): builds the same as pom.xml",
    ]  # fmt: skip
