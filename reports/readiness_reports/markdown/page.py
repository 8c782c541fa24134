"""Writes a report as Markdown for a pull request comment, a job summary or a wiki."""

from readiness.countdown import countdown
from readiness.outcome import Status
from readiness.report import Report, Result
from readiness.text import count
from readiness_reports.markdown import tables
from readiness_reports.markdown.escaping import code, prose, table
from readiness_reports.markdown.item import details
from readiness_reports.markdown.tables import MARKS, Part, mark, part
from readiness_reports.view import items, records, verification, wording

LIMIT = 64_000
"""UTF-8 bytes. GitHub refuses a comment of more than 65,536 characters; a wiki or another forge may count bytes."""
VERDICT_MARKS = {"GO": "✅", "NO_GO": "🛑", "CONDITIONAL_GO": "🔶", "INCOMPLETE": "⚪"}
_NOTE_ROOM = 200
_FLIPS_SHOWN = 3


def render(report: Report) -> str:
    """Write the page, cut to `LIMIT` where it has to be; what is left out is counted and said.

    Room is given in the order in which a reader needs it: verdict, blockers, sections, warnings, changes of the policy,
    waivers, sign-offs, controls, items that did not pass, items that passed.
    """
    top, bottom = _top(report), _verify(report)
    room = LIMIT - _size([*top, *bottom])
    lines = list(top)
    for piece in (
        _blockers(report),
        _sections(report),
        _warnings(report),
        *tables.parts(report),
    ):
        if piece.rows:
            # Many blockers must not hide how many there are of everything else.
            fitted = _fit(piece, room * 7 // 10 if piece.noun == "blocker" else room)
            room -= _size(fitted)
            lines += fitted
    lines += _items(report, room)
    return "\n".join([*lines, *bottom]) + "\n"


def _size(lines: list[str]) -> int:
    return sum(len(line.encode("utf-8", "replace")) + 1 for line in lines)


def _fit(piece: Part, room: int) -> list[str]:
    """As many rows as there is room for; the rest is counted."""
    head = ["", *piece.head]
    if _size(head + piece.rows) <= room - _NOTE_ROOM:
        return head + piece.rows
    kept, room = [], room - _size(head) - _NOTE_ROOM
    for row in piece.rows:
        room -= _size([row])
        if room < 0:
            break
        kept.append(row)
    left = len(piece.rows) - len(kept)
    more = count(left, f"more {piece.noun}")
    note = f"**{more} not shown for want of room**: see the HTML or JSON report."
    return [*(head if kept else [piece.head[0]]), *kept, "", note]


def _top(report: Report) -> list[str]:
    subject, verdict = report.subject, report.verdict
    lines = [
        f"# {VERDICT_MARKS[verdict.word]} {wording.VERDICT_WORDS[verdict.word]}: {prose(wording.subject_line(report))}",
        "",
        f"**{prose(wording.sentence(verdict.reason))}** {wording.VERDICT_MEANINGS[verdict.word]}",
    ]
    if verdict.valid_until:
        left = countdown(verdict.valid_until, report.started_at)
        lines += ["", f"**Valid until {wording.moment(verdict.valid_until)}, {left}.**"]
    lines += _flips(report)
    tree = {None: "unknown", False: "clean", True: f"dirty, {count(subject.changed, 'file')} changed"}[subject.dirty]
    commit = code(subject.commit) + (f" on {prose(subject.branch)}" if subject.branch else "")
    facts = [
        ("Project", prose(f"{subject.project} {subject.release}")),
        ("Environment", prose(subject.environment) or "not stated"),
        ("Commit", commit or "none"),
        ("Work tree", tree),
        ("Policy", tables.origin(report)),
        ("Judged at", f"{wording.moment(report.started_at)}, in {wording.seconds(report.duration)}"),
        ("Items", _counted([result for result in report.results if not result.added])),
    ]
    if added := [result for result in report.results if result.added]:
        facts.append(("Added by the run", _counted(added)))
    lines += ["", *table(("What was judged", ""), facts)]
    caveats = verification.caveats(report)
    if caveats:
        lines += ["", "**Know before you rely on it**", "", *(f"- {prose(caveat)}" for caveat in caveats[:10])]
        if len(caveats) > 10:  # noqa: PLR2004 - the same number as in the line above
            lines.append(f"- and {len(caveats) - 10:,} more, in the JSON report of this run")
    return lines


def _counted(results: list[Result]) -> str:
    return ", ".join(f"{number:,} {wording.STATUS_WORDS[key]}" for key, number in items.tally(results).items())


def _flips(report: Report) -> list[str]:
    flips = records.flips(report)
    if not flips:
        return []
    lines = ["", "What flips it:", ""]
    lines += [
        f"- {'⚠️ ' if flip.loud else ''}{wording.moment(flip.at)}, {flip.countdown}: {prose(flip.text)}"
        for flip in flips[:_FLIPS_SHOWN]
    ]
    if len(flips) > _FLIPS_SHOWN:
        lines.append(f"- and {count(len(flips) - _FLIPS_SHOWN, 'later moment')}")
    return lines


def _blockers(report: Report) -> Part:
    rows = []
    for number, task in enumerate(items.tasks(report), 1):
        result = task.result
        what = f"{prose(result.item.title) if result else ''} ({code(task.item)})".strip()
        after = f" *Unblocks {count(len(task.unblocks), 'item')}.*" if task.unblocks else ""
        rows.append(
            (
                str(number),
                mark(result) if result else MARKS["error"],
                what,
                prose(result.item.owner) if result else "",
                prose(task.why),
                prose(task.remedy) + after,
            )
        )
    head = ("#", "State", "Item", "Owner", "Why", "What to do")
    return part("The shortest way to GO", "blocker", head, rows)


def _sections(report: Report) -> Part:
    sections = items.sections(report)
    present = [key for key in MARKS if any(key in section.counts for section in sections)]
    rows = [
        (prose(section.title), *(f"{section.counts.get(key, 0):,}" for key in present), f"{section.blocking:,}")
        for section in sections
    ]
    return part("Sections", "section", ("Section", *(MARKS[key] for key in present), "blocking"), rows)


def _warnings(report: Report) -> Part:
    rows = [
        (
            mark(r),
            f"{prose(r.item.title)} ({code(r.item.id)})",
            r.item.severity,
            prose(r.item.owner),
            prose(r.outcome.summary),
        )
        for r in items.advisories(report)
    ]
    return part("Beside the verdict", "warning", ("State", "Item", "Severity", "Owner", "Why"), rows)


def _items(report: Report, room: int) -> list[str]:
    """Every item that there is room for, those that did not pass first to be kept, in the order of the checklist."""
    sections = items.sections(report)
    headings = {section.title: ["", f"### {prose(section.title) or 'Untitled'}", ""] for section in sections}
    room -= sum(_size(lines) for lines in headings.values()) + 3 * _NOTE_ROOM
    kept: dict[int, list[str]] = {}
    left = {True: 0, False: 0}
    order = sorted(range(len(report.results)), key=lambda i: report.results[i].status is Status.PASSED)
    full = False
    for index in order:
        result = report.results[index]
        lines = [] if full else details(result, mark(result))
        full = full or _size(lines) > room
        if full:
            left[result.status is Status.PASSED] += 1
        else:
            kept[index] = lines
            room -= _size(lines)
    found = ["", "## Every item"]
    if left[True] or left[False]:
        missing = " and ".join(
            count(number, f"item that {word}", f"items that {word}")
            for number, word in ((left[False], "did not pass"), (left[True], "passed"))
            if number
        )
        found += [
            "",
            f"**The details of {missing} are left out** for want of room: see the HTML or JSON report of this run.",
        ]
    shown = {id(report.results[index]): lines for index, lines in kept.items()}
    for section in sections:
        inside = [shown[id(result)] for result in section.results if id(result) in shown]
        if inside:
            found += headings[section.title]
            found += [line for lines in inside for line in lines]
    return found


def _verify(report: Report) -> list[str]:
    tool = f"{report.tool.name} {report.tool.version}"
    return [
        "",
        "## How to verify",
        "",
        "You can verify this page: it is a pure function of the JSON report of the same run.",
        "",
        *(f"- {code(command.line, 2_000)} {prose(command.shows)}" for command in verification.commands(report)),
        "",
        f"Written by {prose(tool)}, report format {report.schema_version}."
        + (f" {wording.CONFINEMENT[report.confinement]}." if report.confinement else ""),
    ]
