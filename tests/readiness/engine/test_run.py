import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from readiness import run
from readiness.checklist import Checklist, Section
from readiness.engine import Event, Host, ItemFinished, ItemStarted, RunFinished, RunStarted, SelectionError
from readiness.outcome import Outcome, Status
from readiness.plugins import installed, load_reporter
from readiness.report import Report, Result, Selection, WaiverFact
from readiness.run_policy import RunPolicy
from support.runs import NOW, checklist, item, survivors


def statuses(report: Report) -> dict[str, Status]:
    return {result.item.id: result.status for result in report.results}


def summary(report: Report, identifier: str) -> str:
    return next(result.outcome.summary for result in report.results if result.item.id == identifier)


def waiver(identifier: str, expires_at: datetime) -> WaiverFact:
    return WaiverFact(
        item=identifier,
        record="0" * 64,
        principal="lead@example.com",
        reason="known",
        compensating_control="watched",
        signed_at=NOW,
        expires_at=expires_at,
    )


def test_all_others_answer_whatever_one_plugin_does(environ: Mapping[str, str]) -> None:
    bad = {
        "acme-hang": {},
        "acme-segfault": {},
        "acme-raise": {"kind": "key"},
        "acme-exit": {},
        "acme-garbage": {"kind": "dict"},
        "acme-empty": {},
        "acme-import-error": {},
        "acme-import-segfault": {},
        "acme-import-exit": {},
        "acme-import-hang": {},
        "acme-forge": {"frame": "{}"},
        "acme-no-check": {},
        "nobody-has-this": {},
    }
    items = []
    for number, (check, params) in enumerate(bad.items()):
        items += [item(check, check, params=params, timeout=3.0), item(f"good-{number}")]
    items += [item("print", "acme-print"), item("leftover", "acme-leftover"), item("misbehave", "acme-misbehave")]
    items += [item("import-print", "acme-import-print")]
    with Host(environ=environ, import_timeout=10.0) as host:
        report = run(checklist(*items), host=host, jobs=8)
    assert survivors(host.mark) == []
    found = statuses(report)
    assert {name for name, status in found.items() if status is Status.ERROR} == set(bad)
    assert {status for name, status in found.items() if name not in bad} == {Status.PASSED}
    assert [result.item.id for result in report.results] == [each.id for each in items]
    assert report.verdict.word == "INCOMPLETE"
    assert not report.interrupted
    for result in report.results:
        if result.item.check != "nobody-has-this":
            assert result.plugin is not None
            assert (result.plugin.distribution, result.plugin.version) == ("acme-readiness", "2.3")
    assert Report.model_validate_json(report.model_dump_json()) == report
    assert load_reporter(installed("readiness.reporters")["acme"])(report) == "example: INCOMPLETE\n"


def test_a_third_party_does_not_replace_a_built_in(host: Host) -> None:
    report = run(checklist(item("it", "command", params={"run": "true"})), host=host)
    assert report.results[0].plugin is not None
    assert report.results[0].plugin.distribution == "readiness"
    assert any("acme-readiness 2.3 is not used" in notice for notice in report.notices)


def test_a_checklist_alone_is_judged_in_the_folder_of_its_file(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path)
    judged = checklist(item("here", "command", params={"run": "test -f here"}), root=str(tmp_path / "project"))
    (tmp_path / "project" / "here").touch()
    report = run(judged, host=host)
    assert statuses(report) == {"here": Status.PASSED}


def test_what_is_known_before_the_run_is_judged_with_the_rest_and_never_waived(host: Host) -> None:
    known = Result(item=item("known"), section="Policy", outcome=Outcome(status=Status.FAILED, summary="it is not so"))
    waivers = (waiver("known", NOW + timedelta(days=1)),)
    policy = RunPolicy(checklist(item("a")), Path(), given=(known,), waivers=waivers, notices=("the ref is old",))
    report = run(policy, selection=Selection(items=("a",)), host=host, clock=lambda: NOW)
    assert report.results[-1] == known
    assert report.sections == ("All", "Policy")
    assert report.verdict.word == "NO_GO"
    assert [fact.used for fact in report.waivers] == [False]
    assert report.notices[0] == "the ref is old"
    with pytest.raises(ValueError, match="same id"):
        run(RunPolicy(checklist(item("known")), Path(), given=(known,)))


def test_no_secret_reaches_report_or_events(environ: Mapping[str, str]) -> None:
    events: list[Event] = []
    items = (
        item("named", "acme-leak", params={"variable": "ACME_SECRET_VALUE"}),
        item("read", "acme-leak", params={"variable": "ACME_PLAIN"}),
        item("dies", "acme-leak", params={"variable": "ACME_PLAIN", "crash": True}),
        item("typed", params={"amount": 1}),
    )
    with Host(environ={**environ, "LOGIN_PASSWORD": "passed-passed"}) as host:
        host.redactor.register("passed", "good")  # a secret that is also a word of ours must not break the report
        report = run(checklist(*items), host=host, listener=events.append)
    for text in (report.model_dump_json(), *(event.model_dump_json() for event in events)):
        assert "hunter2-but-longer" not in text
        assert "swordfish9" not in text
    assert summary(report, "read") == "the secret is [redacted]"
    assert Report.model_validate_json(report.model_dump_json()) == report
    assert statuses(report)["typed"] is Status.PASSED


def test_a_secret_that_is_the_name_of_the_project_does_not_mask_that_name(environ: Mapping[str, str]) -> None:
    known = checklist(item("acme", "acme-leak", params={"variable": "ACME_PLAIN"}))
    known = known.model_copy(update={"project": "the-secret", "release": "swordfish9"})
    with Host(environ={**environ, "LOGIN_PASSWORD": "the-secret"}) as host:
        report = run(known, host=host)
    assert (report.subject.project, report.subject.release) == ("the-secret", "swordfish9")
    assert summary(report, "acme") == "the secret is swordfish9", "it is the name of the release, which all may know"


def test_items_wait_for_what_they_need_and_are_skipped_without(host: Host) -> None:
    finished: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, ItemFinished):
            finished.append(event.result.item.id)

    items = (
        item("last", needs=("middle",)),
        item("middle", needs=("first",)),
        item("first", params={"seconds": 0.2}),
        item("fails", params={"answer": "failed"}),
        item("below", needs=("fails", "first")),
        item("lowest", needs=("below",)),
        item("waits", params={"answer": "pending"}),
        item("after-wait", needs=("waits",)),
        item("after-na", needs=("na",)),
        item("na", params={"answer": "not_applicable"}),
        item("after-error", needs=("error",)),
        item("error", params={"answer": "error"}),
    )
    report = run(checklist(*items), host=host, listener=listen)
    assert [name for name in finished if name in {"first", "middle", "last"}] == ["first", "middle", "last"]
    assert summary(report, "below") == "not evaluated: it needs `fails`, which failed"
    assert summary(report, "lowest") == "not evaluated: it needs `below`, which was skipped"
    assert summary(report, "after-wait") == "not evaluated: it needs `waits`, which waits for a person"
    assert summary(report, "after-na") == "not evaluated: it needs `na`, which does not apply"
    assert summary(report, "after-error") == "not evaluated: it needs `error`, which could not be determined"
    assert report.verdict.word == "NO_GO"
    assert {blocker.item: blocker.unblocks for blocker in report.verdict.blockers}["fails"] == ("below", "lowest")


def test_a_waiver_does_not_satisfy_a_need(host: Host) -> None:
    judged = checklist(item("fails", params={"answer": "failed"}), item("below", needs=("fails",)))
    policy = RunPolicy(judged, Path(), waivers=(waiver("fails", NOW + timedelta(days=1)),))
    report = run(policy, host=host, clock=lambda: NOW)
    assert statuses(report)["below"] is Status.SKIPPED
    assert report.verdict.word == "INCOMPLETE"


def test_a_circle_and_a_missing_need_are_errors_not_endless(host: Host) -> None:
    items = (item("a", needs=("b",)), item("b", needs=("a",)), item("c", needs=("nowhere",)), item("d"))
    report = run(checklist(*items), host=host)
    assert statuses(report)["d"] is Status.PASSED
    assert all(statuses(report)[name] in {Status.ERROR, Status.SKIPPED} for name in "abc")
    assert "`nowhere`, which is not in the checklist" in summary(report, "c")
    assert report.verdict.word == "INCOMPLETE"


def test_a_waiver_counts_until_it_lapses(host: Host) -> None:
    judged = checklist(item("fails", params={"answer": "failed"}), item("fine"))
    later = NOW + timedelta(days=1)
    policy = RunPolicy(judged, Path(), waivers=(waiver("fails", later),))
    waived = run(policy, host=host, clock=lambda: NOW)
    lapsed = run(policy, host=host, clock=lambda: later)
    assert (waived.verdict.word, waived.verdict.valid_until) == ("CONDITIONAL_GO", later)
    assert statuses(waived)["fails"] is Status.FAILED
    assert lapsed.verdict.word == "NO_GO"
    assert [entry.used for entry in (*waived.waivers, *lapsed.waivers)] == [True, False]
    (notice,) = lapsed.notices
    assert notice.endswith(f"of `fails` is not applied: it lapsed at {later.isoformat()}")


def two_sections() -> Checklist:
    return Checklist(
        version=1,
        project="example",
        sections=(
            Section(title="Code quality & testing", items=(item("unit"), item("coverage", needs=("unit",)))),
            Section(title="Legal", items=(item("privacy", phase="post-deploy"),)),
        ),
    )


@pytest.mark.parametrize(
    ("selection", "selected"),
    [
        (Selection(), {"unit", "coverage", "privacy"}),
        (Selection(items=("coverage",)), {"unit", "coverage"}),
        (Selection(section="legal"), {"privacy"}),
        (Selection(section="code-quality-testing"), {"unit", "coverage"}),
        (Selection(phase="post-deploy"), {"privacy"}),
        (Selection(items=("unit", "privacy"), phase="pre-deploy"), {"unit"}),
    ],
)
def test_a_selection_takes_its_needs_along(host: Host, selection: Selection, selected: set[str]) -> None:
    report = run(two_sections(), selection=selection, host=host)
    assert {result.item.id for result in report.results if result.selected} == selected
    for result in report.results:
        if not result.selected:
            assert (result.status, result.outcome.summary) == (Status.SKIPPED, "not selected")
    assert report.subject.selection == selection


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (Selection(items=("covrage",)), "there is no item `covrage` in the checklist; did you mean `coverage`?"),
        (Selection(section="Lega"), "there is no section `Lega` in the checklist; did you mean `Legal`?"),
        (Selection(phase="zzz"), "there is no phase `zzz` in the checklist; there are `post-deploy`, `pre-deploy`"),
        (Selection(items=("unit",), phase="post-deploy"), "no item matches item `unit` and phase `post-deploy`"),
        (Selection(section="&"), "there is no section `&`"),
    ],
)
def test_a_selection_of_nothing_is_refused(selection: Selection, words: str) -> None:
    with pytest.raises(SelectionError) as caught:
        run(two_sections(), selection=selection)
    assert words in str(caught.value)


def test_refuses_arguments_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="jobs must be at least 1"):
        run(two_sections(), jobs=0)
    with pytest.raises(ValueError, match="same id"):
        run(checklist(item("a"), item("a")))
    with pytest.raises(ValueError, match="time zone"):
        run(two_sections(), clock=lambda: datetime(2026, 1, 1))  # noqa: DTZ001  that is what is refused


def test_sign_offs_are_judged_before_anything_else_runs_unless_they_wait_for_it(host: Host) -> None:
    events: list[Event] = []
    signed: dict[str, Any] = {"check": "signoff", "params": {"role": "legal"}}
    items = (
        item("a"), item("late", needs=("a",), **signed), item("early", **signed),
        item("later", needs=("early",), **signed), item("below", needs=("early",)),
    )  # fmt: skip
    run(checklist(*items), host=host, listener=events.append)
    told = [event.item.id for event in events if isinstance(event, ItemStarted)]
    assert told[0] == "early", "it is missing, so nothing that needs it begins"
    finished = [event.result.item.id for event in events if isinstance(event, ItemFinished)]
    assert set(finished[:3]) == {"early", "later", "below"}
    assert set(told[1:]) == {"a", "late"}
    first_other = next(n for n, event in enumerate(events) if isinstance(event, ItemStarted) and event.item.id == "a")
    assert any(isinstance(event, ItemFinished) and event.result.item.id == "early" for event in events[:first_other])


def test_tells_what_happens_and_dates_it_by_the_clock(host: Host) -> None:
    events: list[Event] = []
    report = run(checklist(item("a"), item("b")), host=host, clock=lambda: NOW, listener=events.append)
    assert events[0] == RunStarted(total=2)
    assert events[-1] == RunFinished(report=report)
    assert {type(event).__name__ for event in events[1:-1]} == {"ItemStarted", "ItemFinished"}
    assert report.started_at == NOW.astimezone(UTC)
    assert report.duration >= max(result.duration for result in report.results)


def test_a_listener_that_fails_leaves_no_process(environ: Mapping[str, str]) -> None:
    def listen(event: Event) -> None:
        if isinstance(event, ItemStarted):
            raise BrokenPipeError

    with Host(environ=environ) as host:
        with pytest.raises(BrokenPipeError):
            run(checklist(item("a", "acme-hang"), item("b", "acme-hang")), host=host, listener=listen)
        assert survivors(host.mark) == []


def test_the_subject_comes_from_git_and_never_fails_a_run(host: Host, tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=A", "-c", "user.email=a@example.com"]
    policy = RunPolicy(checklist(item("a")), tmp_path)
    outside = run(policy, host=host).subject
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    unborn = run(policy, host=host).subject
    (tmp_path / "a").write_text("a")
    subprocess.run([*git, "add", "a"], check=True)
    subprocess.run([*git, "commit", "-qm", "a"], check=True)
    clean = run(policy, host=host).subject
    (tmp_path / "b").write_text("b")
    dirty = run(policy, host=host).subject
    assert (outside.commit, outside.dirty) == ("", None)
    assert (unborn.commit, unborn.branch) == ("", "main")
    assert (len(clean.commit), clean.branch, clean.dirty, clean.changed) == (40, "main", False, 0)
    assert clean.committed_at is not None
    assert (dirty.commit, dirty.dirty, dirty.changed) == (clean.commit, True, 1)


def test_a_long_chain_and_many_items(host: Host) -> None:
    chain = [item(f"i{n}", needs=(f"i{n - 1}",) if n else ()) for n in range(1_500)]
    broken = [item("f0", params={"answer": "failed"})]
    broken += [item(f"f{n}", needs=(f"f{n - 1}",)) for n in range(1, 5_000)]
    report = run(checklist(*chain, *broken), host=host)
    assert report.verdict.counts == {Status.PASSED: 1_500, Status.FAILED: 1, Status.SKIPPED: 4_999}
    (blocker,) = report.verdict.blockers
    assert len(blocker.unblocks) == 4_999
