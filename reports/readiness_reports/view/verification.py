"""How far a report can be relied on, and how to verify it without believing it."""

import re
import shlex
from typing import NamedTuple

from readiness.report import Report
from readiness.text import count
from readiness_reports.view.text import line


def caveats(report: Report) -> tuple[str, ...]:
    """What a reader has to know before the verdict is believed."""
    subject = report.subject
    found = []
    if report.interrupted:
        found.append("The run was stopped before its end: items that had not been evaluated did not pass.")
    if not subject.selection.whole:
        selected = sum(result.selected for result in report.results)
        found.append(
            f"Not the whole checklist was judged, but {_asked(report)}: "
            f"{selected:,} of {count(len(report.results), 'item')}."
        )
    if subject.dirty:
        differ = f"{count(subject.changed, 'file')} {'differs' if subject.changed == 1 else 'differ'}"
        what = differ if subject.changed else "files differ"
        found.append(f"The work tree is dirty: {what} from the commit, so the commit does not hold what was judged.")
    elif subject.dirty is None or not subject.commit:
        found.append("No commit identifies what was judged: it cannot be checked out again.")
    return (*found, *report.notices)


def _asked(report: Report) -> str:
    selection = report.subject.selection
    parts = []
    if selection.phase:
        parts.append(f"phase “{selection.phase}”")
    if selection.section:
        parts.append(f"section “{selection.section}”")
    if selection.items:
        named = ", ".join(selection.items[:5])
        more = f" and {len(selection.items) - 5:,} more" if len(selection.items) > 5 else ""  # noqa: PLR2004 - five ids fit a line
        parts.append(f"the items {named}{more}")
    return " and ".join(parts)


class Command(NamedTuple):
    """A command line that a reviewer can paste, and what it shows."""

    line: str
    shows: str


_OBJECT_ID = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def commands(report: Report) -> tuple[Command, ...]:
    """How to verify the report without believing it. Every word from outside is quoted for the shell."""
    subject = report.subject
    found = []
    if _OBJECT_ID.fullmatch(subject.commit):
        found.append(Command(f"git checkout {subject.commit}", "brings back the commit that was judged"))
    # A name that is not shown as it is cannot be pasted.
    if subject.checklist and subject.checklist_sha256 and line(subject.checklist) == subject.checklist:
        name = shlex.quote(subject.checklist)
        found.append(Command(f"sha256sum -- {name}", f"prints {subject.checklist_sha256}, the digest of the checklist"))
    # The grammar of the checklist leaves nothing in a name that has to be quoted; a file edited by hand may.
    environment = f" --env {shlex.quote(line(subject.environment))}" if subject.environment else ""
    policy = report.policy.ref if report.policy else ""
    base = f" --policy-ref {shlex.quote(policy)}" if policy and line(policy) == policy else ""
    found += [
        Command("readiness records verify", "verifies every signature, with OpenSSH’s own format and your roster"),
        Command(f"readiness check{environment}{base} -o run.json -o report.html", "judges again, from nothing"),
        Command("readiness report run.json -o report.html", "writes this page again, byte for byte, from its JSON"),
        Command("readiness report run.json -o signoffs.html", "writes who signed what, as a page for print"),
        Command(
            "sha256sum -- PATH",
            "prints the digest that this page shows beside a piece of evidence, as long as that is unchanged",
        ),
    ]
    return tuple(found)
