"""What the commands about records ask of git and of the processor, as the records become more."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from readiness.cli import main
from readiness.git_program import GitProgram
from readiness.records.history import all_records
from readiness.records.judging.question import Question
from readiness.records.judging.signoff import Judged, judge_record
from readiness.records.review import ledger
from readiness.records.storage.work_tree import Record
from support.lives import ITEM, Life, at

QUESTIONS = [
    ("list",),
    ("list", "--format", "json"),
    ("list", "--item", ITEM, "--release", "3.0"),
    ("due", "--within", "900d"),
    ("history", ITEM, "--env", "production"),
]


def years(root: Path, releases: int) -> None:
    """Three items, each signed for so many releases; a covered file changed after the first."""
    life = Life(root, valid_for="365d")
    others: list[dict[str, Any]] = [
        {"id": f"item-{n}", "title": f"Item {n}", "check": "signoff", "with": life.params} for n in "12"
    ]
    life.items = others
    life.ask("2026-10-01")
    names = [(life.id, life.title), *((each["id"], each["title"]) for each in others)]
    for number in range(releases):
        life.release = f"3.{number}"
        for life.id, life.title in names:
            life.sign(at=at(f"2026-10-{number + 2:02}"))
        life.on(f"2026-10-{number + 2:02}", "Sign")
        if not number:
            life.changed("2026-10-02")
    life.changed("2026-10-09", "README.md")


@pytest.fixture
def asked_of_git(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that git gets, each a process."""
    commands: list[str] = []
    execute = GitProgram._execute

    def counting(self: GitProgram, args: list[str], *rest: object, **how: bool) -> object:
        commands.append(" ".join(args))
        return execute(self, args, *rest, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(GitProgram, "_execute", counting)
    return commands


def test_git_is_asked_as_often_for_nine_records_as_for_three(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked_of_git: list[str]
) -> None:
    found: dict[int, list[list[str]]] = {}
    for releases in (1, 3):
        years(tmp_path / f"of-{releases}", releases)
        monkeypatch.chdir(tmp_path / f"of-{releases}")
        for question in QUESTIONS:
            asked_of_git.clear()
            all_records._last.clear()  # what this process read for the question before
            done = CliRunner().invoke(main, ["records", *question])
            assert done.exit_code == 0, done.output
            found.setdefault(releases, []).append(list(asked_of_git))
    told = {question: (len(few), len(many)) for question, few, many in zip(QUESTIONS, found[1], found[3], strict=True)}
    assert all(many <= few for few, many in told.values()), told


def test_only_what_a_filter_takes_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    years(tmp_path / "deedpro", 2)
    monkeypatch.chdir(tmp_path / "deedpro")
    judged: list[str] = []

    def judging(question: Question, record: Record, *more: Any) -> Judged:
        judged.append(record.digest)
        return judge_record(question, record, *more)

    monkeypatch.setattr(ledger, "judge_record", judging)
    narrow = CliRunner().invoke(main, ["records", "list", "--item", "item-1", "--release", "3.1", "--format", "json"])
    assert [one["record"] for one in json.loads(narrow.output)["records"]] == judged
    assert len(judged) == 1
