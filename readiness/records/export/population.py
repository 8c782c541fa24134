"""All records as rows: the population that an auditor samples from."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from readiness.moment import show
from readiness.records.export.rosters import RosterVersion
from readiness.records.history.branch import Violation
from readiness.records.review.ledger import Entry
from readiness.records.storage.work_tree import Problem, Record
from readiness.text import safe

Row = dict[str, Any]


def row(entry: Entry, record: Record, files: Mapping[str, str]) -> Row:
    """One record with all that it says and how it stands.

    Args:
        entry: How it stands.
        record: The record.
        files: Where it is in the archive, and by which roster it is verified there.
    """
    said = record.statement.predicate
    details = said.model_dump(mode="json")
    more = ("item_text", "requested_by", "compensating_control", "commit", "evidence")
    return {
        **entry.model_dump(mode="json"),
        **{name: details[name] for name in more if name in details},
        "subjects": record.statement.subjects,
        **files,
    }


def as_json(about: Mapping[str, Any], rows: Sequence[Row], **lists: Sequence[Row]) -> bytes:
    """Write rows for machines.

    Args:
        about: What the rows are, and what was left out.
        rows: One for each record.
        lists: What else there is to tell, by name.
    """
    value = {"schema_version": "1", **about, "records": rows, **lists}
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def as_csv(rows: Sequence[Row], columns: Iterable[str] = ()) -> bytes:
    """Write rows for a spreadsheet.

    Args:
        rows: The rows.
        columns: Which to write even when there is no row; further ones follow in the order in which rows have them.
    """
    names = list(dict.fromkeys((*columns, *(name for row in rows for name in row))))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for each in rows:
        writer.writerow([cell(each.get(name)) for name in names])
    return out.getvalue().encode()


def cell(value: Any) -> str:
    """One value; a spreadsheet must not take a text for a formula."""
    if isinstance(value, dict | list | tuple):
        value = json.dumps(value, ensure_ascii=False) if value else ""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def problem_row(problem: Problem, file: str) -> Row:
    """Something that lies where records are, and is none; or that was done to one.

    Args:
        problem: What it is.
        file: Where its bytes are in the archive; empty when they are not.
    """
    found: Row = {
        "path": safe(problem.path),
        "code": problem.code,
        "reason": problem.reason,
        "record": problem.digest,
        "item_claimed": safe(problem.claims, limit=200),
        "file": file,
    }
    if isinstance(problem, Violation):
        when = show(problem.at) if problem.at else ""
        found |= {"commit": problem.commit, "author": safe(problem.author), "at": when}
    return found


def version_row(version: RosterVersion, file: str) -> Row:
    """What one commit made of the roster.

    Args:
        version: What it made of it.
        file: Where the content is in the archive; empty when the commit removed it.
    """
    return {
        "at": show(version.at),
        "commit": version.commit,
        "author": safe(version.author),
        "path": version.path,
        "what": "removed" if version.content is None else "written",
        "sha256": version.sha256,
        "file": file,
    }
