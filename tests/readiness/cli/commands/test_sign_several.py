"""`readiness sign` with several items, environments and names at once: one list, one question, all or nothing."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from readiness.cli import main
from readiness.records.storage import work_tree
from readiness.records.storage.work_tree import Record, load_records
from readiness.records.writing import batch
from readiness.records.writing.signoff import signed_by_openssh
from support.in_process import same_signals
from support.signing import COUNSEL, PARALEGAL, Project, empty_home, git, key
from support.terminals import answered

ITEMS = tuple(f"review-{number:02}" for number in range(1, 13))
HEAD = """\
version: 1
project: deedpro
release: "3.0.0"
environments: {production: {}, staging: {}}
roles:
  legal: [counsel@example.com, paralegal@example.com]
  qa: [stranger@example.com]
sections:
  - title: Legal
    items:
"""


def item(name: str, **params: Any) -> str:
    said = {"role": "legal", "covers": '["templates/**"]', **params}
    inside = ", ".join(f"{key}: {value}" for key, value in said.items() if value)
    return f"      - {{id: {name}, title: The {name}, check: signoff, with: {{{inside}}}}}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name, value in (("HOME", str(empty_home())), ("XDG_CONFIG_HOME", str(empty_home()))):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    project = Project(tmp_path / "deedpro")
    monkeypatch.chdir(project.root)
    return project


def ask(project: Project, *items: str) -> None:
    project.write("readiness.yaml", HEAD + "".join(items))
    project.commit(date=datetime.now(UTC).isoformat())


def run(*args: str, person: str = COUNSEL, answer: str = "") -> Result:
    result = CliRunner().invoke(main, ["sign", *args, "--key", str(key(person))], input=answer)
    assert "Traceback" not in result.output
    return result


def records(project: Project) -> tuple[Record, ...]:
    kept = load_records(project.root)
    assert kept.problems == ()
    return kept.records


def places(project: Project) -> set[tuple[str, str, str]]:
    return {(said.item, said.environment, said.each) for record in records(project) if (said := record.signoff)}


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The programs that are started meanwhile."""
    started: list[str] = []
    real = subprocess.Popen.__init__

    def init(self: Any, args: Any, *rest: Any, **named: Any) -> None:
        started.append(Path(args if isinstance(args, str) else args[0]).name)
        real(self, args, *rest, **named)

    with monkeypatch.context() as patched:
        patched.setattr(subprocess.Popen, "__init__", init)
        yield started


def test_twelve_items_of_a_weekly_release_take_one_command_one_question_and_one_process_of_openssh(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(project, *map(item, ITEMS))
    with counted(monkeypatch) as one:
        assert run(ITEMS[0], "--env", "production", answer="y\n").exit_code == 0
    project.commit(date=datetime.now(UTC).isoformat())
    with counted(monkeypatch) as all_:
        result = run(*ITEMS, "--env", "production", answer="y\n")
    assert result.exit_code == 0, result.output
    assert result.stderr.count("[y/N]") == 1
    assert "Sign these 12? [y/N]" in result.stderr
    assert len(result.stdout.split()) == 12
    assert 'git commit -m "Sign off review-01, review-02, review-03 and 9 more"' in result.stderr
    assert all_.count("ssh-keygen") == 1
    assert len(all_) <= len(one) + 4 * 11, "four short questions to git for each item that covers files, and no more"
    assert len(records(project)) == 13
    assert all(record.signature for record in records(project))
    project.commit(date=datetime.now(UTC).isoformat())
    checked = CliRunner().invoke(main, ["check", "-q", "--env", "production"])
    assert checked.exit_code == 0, checked.output


def test_items_environments_and_names_of_a_matrix_at_once(project: Project) -> None:
    persona = item("accepted", covers="", each="[escrow officer, title agent]")
    ask(project, item("terms"), persona)
    result = run(
        "terms", "accepted", "--each", "escrow officer", "--each", "title agent", "--env", "staging", "--env",
        "production", "--reason", "As asked.", "--expires", "30d", "--yes",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    both = ("staging", "production")
    assert places(project) == {("terms", where, "") for where in both} | {
        ("accepted", where, each) for where in both for each in ("escrow officer", "title agent")
    }
    assert "in 6 records, each with a signature of its own:" in result.stderr
    assert "  3. accepted [title agent] for 3.0.0 staging, as legal" in result.stderr
    said = [record.signoff for record in records(project)]
    assert all(one and one.reason == "As asked." and one.expires_at for one in said)


def test_what_is_for_the_content_is_signed_once_for_all_environments(project: Project) -> None:
    ask(project, item("terms", **{"for": "content"}))
    assert run("terms", "--env", "staging", "--env", "production", "--yes").exit_code == 0
    assert len(records(project)) == 1


def test_when_one_cannot_be_signed_none_is_and_all_reasons_come_before_any_question(project: Project) -> None:
    ask(project, item("terms"), item("privacy"), item("tested", role="qa"), item("device", user_verification="true"))
    result = run("terms", "privacy", "tested", "device", "nothing", "--env", "production", answer="y\n")
    assert result.exit_code == 2
    assert "the checklist has no item `nothing`" in result.stderr
    assert "[y/N]" not in result.stderr
    result = run("terms", "privacy", "tested", "device", "--env", "production", answer="y\n")
    assert result.exit_code == 2
    assert "2 sign-offs of the list cannot be given, so nothing was signed:" in result.stderr
    assert f"  tested production: {COUNSEL} is not in the role qa" in result.stderr
    assert "  device production: the sign-off would not count: the item asks for a device" in result.stderr
    assert "[y/N]" not in result.stderr
    assert records(project) == ()


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_a_no_signs_none(project: Project, answer: str) -> None:
    ask(project, item("terms"), item("privacy"))
    result = run("terms", "privacy", "--env", "production", answer=answer)
    assert (result.exit_code, records(project)) == (2, ())


def test_a_name_that_no_item_has_and_an_item_without_its_name_are_refused(project: Project) -> None:
    ask(project, item("terms"), item("accepted", each="[escrow officer, title agent]"))
    result = run("terms", "accepted", "--each", "escrow oficer", "--env", "production", "--yes")
    assert "no item that you sign has `escrow oficer` in its `each`" in result.stderr
    result = run("terms", "accepted", "--env", "production", "--yes")
    assert "accepted production: the item accepted is signed for each of: escrow officer, title agent" in result.stderr
    assert records(project) == ()


def test_the_policys_own_questions_are_signed_alone(project: Project) -> None:
    ask(project, item("terms"))
    result = run("terms", "records-append-only", "--yes")
    assert result.exit_code == 2
    assert "sign it alone" in result.stderr
    assert "name what you sign off" in run().stderr
    assert "name what you sign off" in run("terms", "--mine").stderr


def test_it_shows_what_changed_since_this_person_signed_and_no_other(project: Project) -> None:
    project.write("templates/grant_deed.html", "one\ntwo\nthree\n")
    ask(project, item("terms"), item("privacy", covers='["templates/tax_deed.html"]'))
    first = run("terms", "privacy", "--env", "production", "--yes")
    assert first.stderr.count("you have not signed it before") == 2
    project.commit(date=datetime.now(UTC).isoformat())
    project.write("templates/grant_deed.html", "one\nTWO \x1b[2J\nthree\n")
    (project.root / "templates/tax_deed.html").rename(project.root / "templates/levy_deed.html")
    project.write("templates/tax_deed.html", "other")
    project.commit(date=datetime.now(UTC).isoformat())
    shown = run("terms", "privacy", "--env", "production", answer="n\n").stderr
    assert "since then 3 covered files changed:" in shown
    for line in ("--- templates/grant_deed.html", "-two", "+TWO ", "--- (no file)", "+++ templates/levy_deed.html"):
        assert f"       {line}" in shown, line
    assert "\x1b" not in shown
    assert "since then 1 covered file changed:" in shown
    assert run("terms", "--env", "production", answer="n\n", person=PARALEGAL).stderr.count("you have not signed") == 1
    git(project.root, "checkout", "-q", "HEAD~1", "--", "templates/tax_deed.html")
    project.commit(date=datetime.now(UTC).isoformat())
    assert "nothing of what it covers changed since" in run("privacy", "--env", "production", answer="n\n").stderr


def test_no_changed_file_goes_unnamed(project: Project) -> None:
    """Not one that changed in what no line shows, not one behind a long other one, and a link is told as one."""
    project.write("templates/grant_deed.html", "one\ntwo\n")
    project.write("templates/latin.html", b"caf\xe9\n")
    project.write("templates/long.html", "")
    project.write("templates/none.html", "")
    (project.root / "templates/now.html").symlink_to("grant_deed.html")
    ask(project, item("terms"))
    assert run("terms", "--env", "production", "--yes").exit_code == 0
    project.write("templates/grant_deed.html", "one\r\ntwo\r\n")
    project.write("templates/latin.html", b"caf\xe8\n")
    project.write("templates/long.html", "more\n" * 1_000)
    (project.root / "templates/none.html").unlink()
    (project.root / "templates/now.html").unlink()
    (project.root / "templates/now.html").symlink_to("tax_deed.html")
    project.write("templates/z.html", "\u2028")
    project.commit(date=datetime.now(UTC).isoformat())
    shown = run("terms", "--env", "production", answer="n\n").stderr
    assert "since then 6 covered files changed:" in shown
    for line in (
        "templates/grant_deed.html changed in its line ends alone", "-caf\\xe9", "+caf\\xe8",
        "more lines of templates/long.html", "templates/none.html", "templates/now.html", "templates/z.html",
    ):  # fmt: skip
        assert line in shown, line
    project.write("templates/long.html", "")
    project.commit(date=datetime.now(UTC).isoformat())
    shown = run("terms", "--env", "production", answer="n\n").stderr
    for line in ("-link to grant_deed.html", "+link to tax_deed.html", "templates/none.html was empty", "\\u2028"):
        assert line in shown, line


def test_a_rejection_is_shown_in_the_list(project: Project) -> None:
    ask(project, item("terms"), item("privacy"))
    no = ("--decision", "reject", "--reason", "Clause 4 is void.")
    assert run("terms", "privacy", "--env", "production", *no, "--yes").exit_code == 0
    shown = run("terms", "privacy", "--env", "production", "--yes", person=PARALEGAL).stderr
    assert shown.count("It was rejected before:") == 2
    assert "this holds, whoever else approves" in shown


def test_when_one_cannot_be_written_those_before_it_are_taken_away(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(project, item("terms"), item("privacy"))
    written: list[Path] = []

    def full(path: Path, data: bytes) -> None:
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        written.append(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    monkeypatch.setattr(work_tree, "atomic_write", full)
    result = run("terms", "privacy", "--env", "production", "--yes")
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert len(written) == 3
    assert records(project) == ()


def test_who_interrupts_it_finds_nothing_written(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(project, item("terms"), item("privacy"))
    real, written = work_tree.write_record, list[str]()

    def interrupted(*args: Any) -> str:
        if written:
            raise KeyboardInterrupt
        written.append(real(*args))
        return written[0]

    monkeypatch.setattr(batch, "write_record", interrupted)
    with same_signals():
        run("terms", "privacy", "--env", "production", "--yes")
    assert (len(written), records(project)) == (1, ())


def test_a_signature_that_is_not_given_leaves_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(project, item("terms"), item("privacy"))
    real = signed_by_openssh

    def second_fails(data: Any, key_: Any, folder: Path) -> Any:
        (folder / "other").mkdir()
        return real(data, key_, folder)[0], *real([b"other"], key_, folder / "other")

    monkeypatch.setattr(batch, "signed_by_openssh", second_fails)
    assert run("terms", "privacy", "--env", "production", "--yes").exit_code == 2
    assert records(project) == ()


def test_mine_lists_what_waits_for_me_in_every_environment_and_signs_the_chosen(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", "tee paged.txt")
    own, private = item("own", not_by="authors"), item("privacy", valid_for="20d")
    ask(project, item("terms"), private, item("tested", role="qa"), own)
    assert run("terms", "--env", "staging", "--yes").exit_code == 0
    assert run("own", "--env", "staging", "--yes").exit_code == 0
    listed = run("--mine")
    assert listed.exit_code == 3
    lines = [line.partition(":")[0] for line in listed.stdout.splitlines()]
    assert sorted(lines) == [
        "own for 3.0.0 production", "privacy for 3.0.0 production", "privacy for 3.0.0 staging",
        "terms for 3.0.0 production",
    ]  # fmt: skip
    assert "4 sign-offs can be given by counsel@example.com" in listed.stderr
    assert len(records(project)) == 2, "without a terminal it lists, and signs nothing"
    assert run("--mine", "--role", "qa").stdout == "nothing waits for counsel@example.com\n"
    assert [line.partition(":")[0] for line in run("--mine", "--env", "staging").stdout.splitlines()] == [
        "privacy for 3.0.0 staging"
    ]
    args = ("sign", "--mine", "--key", str(key(COUNSEL)))
    code, drawn = answered(*args, cwd=project.root, question="Sign which?", answer="2-3\n")
    assert code == 3, "one still waits"
    assert drawn.count("Sign which?") == 1
    assert "in 4 records, each with a signature of its own:" in Path("paged.txt").read_text(encoding="utf-8"), "paged"
    Path("paged.txt").unlink()
    assert len(records(project)) == 4
    code, drawn = answered(*args, cwd=project.root, question="Sign which?", answer="all\n")
    assert code == 0
    done = run("--mine")
    assert (done.exit_code, done.stdout) == (0, "nothing waits for counsel@example.com\n")
    due = run("--mine", "--by", "30d")
    assert due.exit_code == 3
    assert [line.split(" for ")[0] for line in due.stdout.splitlines()] == ["privacy", "privacy"]
    assert "your sign-off lapses at" in due.stdout
    assert run("--mine", "--yes", person=PARALEGAL).stdout == "nothing waits for paralegal@example.com\n"


def test_mine_for_one_name_of_a_matrix_signs_for_no_other(project: Project) -> None:
    ask(project, item("terms"), item("accepted", each="[escrow officer, title agent]"))
    assert run("--mine", "--env", "staging", "--each", "title agent", "--yes").exit_code == 0
    assert places(project) == {("accepted", "staging", "title agent")}


def test_mine_tells_what_cannot_be_told_and_what_is_my_own_change(project: Project) -> None:
    ask(project, item("terms", covers='["nowhere/**"]'), item("own", not_by="authors"))
    project.write("templates/grant_deed.html", "mine")
    project.commit(author=COUNSEL, date=datetime.now(UTC).isoformat())
    result = run("--mine")
    assert result.exit_code == 3
    assert "cannot be told: terms production: `covers` matches no file" in result.stderr
    assert f"cannot be given: own production: the sign-off would not count: {COUNSEL} changed" in result.stderr
    assert result.stdout == "nothing waits for counsel@example.com\n"


def test_one_that_somebody_else_has_to_sign_still_waits_for_me_and_a_full_quorum_does_not(project: Project) -> None:
    ask(project, item("terms", quorum="2"), item("privacy"))
    run("terms", "privacy", "--env", "production", "--yes", person=PARALEGAL)
    waiting = run("--mine", "--env", "production")
    assert [line.partition(":")[0] for line in waiting.stdout.splitlines()] == ["terms for 3.0.0 production"]
