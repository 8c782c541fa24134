from readiness_reports.view import items
from support import reports


def test_tasks_follow_the_verdict_with_owner_why_and_remedy() -> None:
    report = reports.no_go()
    tasks = items.tasks(report)
    assert [task.item for task in tasks] == [blocker.item for blocker in report.verdict.blockers]
    retention = next(task for task in tasks if task.item == "retention")
    assert retention.why == "1 of 3 required sections is missing: Legal hold."
    assert retention.remedy == "Add a section “Legal hold” to policies/retention.md."
    assert retention.unblocks == ("data-protection",)


def test_a_blocker_that_the_report_has_no_result_for_is_still_shown() -> None:
    report = reports.no_go()
    edited = report.model_copy(update={"results": report.results[:1]})
    assert all(task.why == "This report has no result for it." for task in items.tasks(edited))


def test_sections_count_every_item_once() -> None:
    report = reports.no_go()
    sections = items.sections(report)
    assert [section.title for section in sections] == list(report.sections)
    assert sum(sum(section.counts.values()) for section in sections) == len(report.results)
    assert sum(section.blocking for section in sections) == sum(result.blocks for result in report.results)
