from readiness_reports import overview
from support import reports


def test_tasks_follow_the_verdict_with_owner_why_and_remedy() -> None:
    report = reports.no_go()
    tasks = overview.tasks(report)
    assert [task.item for task in tasks] == [blocker.item for blocker in report.verdict.blockers]
    retention = next(task for task in tasks if task.item == "retention")
    assert retention.why == "1 of 3 required sections is missing: Legal hold."
    assert retention.remedy == "Add a section “Legal hold” to policies/retention.md."
    assert retention.unblocks == ("data-protection",)


def test_a_blocker_that_the_report_has_no_result_for_is_still_shown() -> None:
    report = reports.no_go()
    edited = report.model_copy(update={"results": report.results[:1]})
    assert all(task.why == "This report has no result for it." for task in overview.tasks(edited))


def test_sections_count_every_item_once() -> None:
    report = reports.no_go()
    sections = overview.sections(report)
    assert [section.title for section in sections] == list(report.sections)
    assert sum(sum(section.counts.values()) for section in sections) == len(report.results)
    assert sum(section.blocking for section in sections) == sum(result.blocks for result in report.results)


def test_what_weakens_the_verdict_is_said() -> None:
    assert overview.caveats(reports.go()) == ()
    assert any("dirty: 3 files differ" in caveat for caveat in overview.caveats(reports.no_go()))
    partial = overview.caveats(reports.incomplete())
    assert any("phase “pre-deploy”: 21 of 27 items" in caveat for caveat in partial)
    assert any("acme-ledger" in caveat for caveat in partial)
    stopped = overview.caveats(reports.interrupted())
    assert any("stopped before its end" in caveat for caveat in stopped)
    assert any("No commit identifies" in caveat for caveat in stopped)


def test_command_lines_can_be_pasted() -> None:
    report = reports.no_go()
    lines = [command.line for command in overview.commands(report)]
    assert f"git checkout {reports.COMMIT}" in lines
    assert "sha256sum -- readiness.yaml" in lines
    assert "readiness check --env production -o run.json -o report.html" in lines
    assert "readiness report run.json -o signoffs.html" in lines
    governed = [command.line for command in overview.commands(reports.governed())]
    assert "readiness check --env production --policy-ref origin/main -o run.json -o report.html" in governed
    odd = report.model_copy(update={"subject": report.subject.model_copy(update={"checklist": "-r; rm '$x'"})})
    assert "sha256sum -- '-r; rm '\"'\"'$x'\"'\"''" in [command.line for command in overview.commands(odd)]


def test_what_cannot_be_pasted_is_left_out() -> None:
    lines = " ".join(command.line for command in overview.commands(reports.hostile()))
    assert "git checkout" not in lines
    assert "yaml" not in lines
