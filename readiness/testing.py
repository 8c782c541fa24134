"""For tests of checks: evaluates a check in this process, in one line.

outcome = evaluate(FileContains, tmp_path, path="README.md", pattern="^# ")
assert outcome.status == "passed"
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from readiness.check import Check, Context, Facts
from readiness.checklist import Item
from readiness.outcome import CheckError, Outcome
from readiness.plugins import parse
from readiness.provenance.files import Declared, judged
from readiness.report import Subject
from readiness.strictness.declared import directions

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""The date that `evaluate` uses when none is given."""


def context(
    root: Path,
    *,
    now: datetime = NOW,
    environ: Mapping[str, str] | None = None,
    roles: Mapping[str, tuple[str, ...]] | None = None,
    subject: Subject | None = None,
    item: Item | None = None,
) -> Context:
    """Make a context for a check that judges a folder.

    Args:
        root: The folder.
        now: The date of the run.
        environ: Environment variables; none when not given.
        roles: Who holds which role.
        subject: What is judged; project `example` when not given.
        item: The item; `example` when not given.
    """
    facts = Facts(
        root=root,
        now=now,
        subject=subject or Subject(project="example"),
        item=item or Item(id="example", title="Example", check="example"),
        roles=dict(roles or {}),
    )
    return Context(facts, environ=environ or {})


def evaluate(
    check: type[Check],
    root: Path,
    /,
    *,
    using: Context | None = None,
    **params: Any,
) -> Outcome:
    """Evaluate a check as the engine does, but in this process.

    Parameters are validated as from a checklist file: give what YAML would give.

    Args:
        check: The class.
        root: The folder that is judged.
        using: A context made by `context`; a plain one when not given.
        params: Parameters of the check, as in the checklist.

    Raises:
        pydantic.ValidationError: The parameters are not what the check takes.
    """
    subject = using or context(root)
    try:
        outcome = parse(check, params).run(subject)
    except CheckError as error:
        outcome = error.outcome
    outcome = judged(outcome, subject, Declared(params, directions(check)))
    return subject.redactor.model(Outcome.model_validate(outcome.model_dump()))
