"""The reports that go into an export: of a saved run, or of the sign-offs alone, judged now."""

from pathlib import Path
from typing import TYPE_CHECKING

from readiness.cli.errors import UsageError
from readiness.cli.workspace import Workspace

if TYPE_CHECKING:
    from readiness.checklist import Checklist
    from readiness.report import Report

_FORMS = ("html", "json")


def reports(workspace: Workspace, run: Path | None, *, environment: str, release: str) -> dict[str, bytes]:
    """Render the reports by name; none when there is nothing to report.

    Args:
        workspace: The checklist and its records.
        run: A saved run; the sign-offs are judged when not given.
        environment: The environment that is judged.
        release: The release that is judged.

    Raises:
        ChecklistError: The checklist cannot be used.
        UsageError: The saved run cannot be read, or a report cannot be rendered.
    """
    from readiness.cli.last_run import read
    from readiness.cli.output.report_files import render, reporter
    from readiness.plugins import PluginError

    found = read(run) if run is not None else _sign_offs(workspace, environment, release)
    try:
        pages = {f"report.{form}": render(found, reporter(form)) for form in _FORMS} if found is not None else {}
    except PluginError as error:
        raise UsageError(f"the report cannot be rendered: {error}") from error
    return {name: page.encode("utf-8", "backslashreplace") for name, page in pages.items()}


def _sign_offs(workspace: Workspace, environment: str, release: str) -> "Report | None":
    """Judge the items that people sign off, and nothing that runs a command or talks to a network."""
    from readiness.engine.host import Host
    from readiness.engine.runner import run
    from readiness.report import PolicyFact, Selection
    from readiness.run_policy import RunPolicy

    checklist = workspace.checklist(environment, release)
    items = _signed_alone(checklist)
    if not items:
        return None
    policy = workspace.evidence.policy
    fact = PolicyFact(ref=policy, commit=policy, merge_base="", checklist_sha256=checklist.sha256) if policy else None
    notices: tuple[str, ...] = ("made for an export: the sign-offs alone were judged, everything else was left out",)
    notices += (f"judged by the policy of commit {policy}",) if policy else ()
    with Host() as host:
        report = run(
            RunPolicy(checklist, workspace.root, fact=fact, notices=notices),
            selection=Selection(items=items),
            clock=lambda: workspace.evidence.now,
            host=host,
        )
    # how long it took is no evidence, and would make each archive another one
    results = tuple(result.model_copy(update={"duration": 0.0}) for result in report.results)
    return report.model_copy(update={"duration": 0.0, "results": results, "policy": None})


def _signed_alone(checklist: "Checklist") -> tuple[str, ...]:
    """Items that people sign off, and that need no others than such."""
    from readiness.records.judging.ask import CHECK

    items = {item.id: item for item in checklist.items}
    alone = {name for name, item in items.items() if item.check == CHECK}
    while dropped := {
        name for name in alone if not alone.issuperset(need for need in items[name].needs if need in items)
    }:
        alone -= dropped
    return tuple(name for name in items if name in alone)
