"""The last run of a repository, kept inside its git folder so that nothing becomes dirty."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from readiness.atomic_write import atomic_write
from readiness.cli.errors import UsageError
from readiness.packed_lines import one_document
from readiness.text import mistakes
from readiness.untrusted import require_small

if TYPE_CHECKING:
    from readiness.outcome import SignoffCard
    from readiness.report import Report, Verdict

_MOST_PROBLEMS = 3
_LARGEST = 256 * 2**20
"""Bytes of a saved run; one of 10,000 items has a tenth of that."""
_SHORT = 200


def _place(folder: Path) -> Path | None:
    from readiness.git import GitError, Repository

    repository = Repository.find(folder)
    if repository is None:
        return None
    with contextlib.suppress(GitError):
        return folder / repository.read("rev-parse", "--git-dir").strip() / "readiness" / "last-run.json"
    return None


def keep(report: "Report", folder: Path) -> None:
    """Keep a run; where there is no repository, or it cannot be written to, none is kept."""
    place = _place(folder)
    if place is not None:
        with contextlib.suppress(OSError):
            atomic_write(place, report.to_json())


def newest() -> "Report | None":
    """The last run here; None where none was kept that can be read."""
    with contextlib.suppress(UsageError):
        return read(None)
    return None


def read(path: Path | None) -> "Report":
    """Read a saved run; the last one when no path is given.

    Raises:
        UsageError: There is none, or it is no report.
    """
    from pydantic import ValidationError

    from readiness.report import Report

    place = path or _place(Path.cwd())
    if place is None or (path is None and not place.is_file()):
        raise UsageError(
            "no run was kept here\nname one: `readiness check -o run.json`, then `readiness report run.json`"
        )
    try:
        with place.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise UsageError(f"`{place}` is larger than {_LARGEST >> 20} MiB, which no run is")
        with one_document():
            report = _with_quorums(Report.model_validate_json(require_small(data)))
    except OSError as error:
        raise UsageError(f"`{place}` cannot be read: {error.strerror}") from error
    except ValidationError as error:
        problems = [f"  {mistake}" for mistake in mistakes(error, _MOST_PROBLEMS)]
        raise UsageError(_refusal(place, "is not a run that this version can read", problems)) from error
    except ValueError as error:
        raise UsageError(_refusal(place, f"is no run: {error}", [])) from error
    contradictions = _contradictions(report)
    if contradictions:
        raise UsageError(_refusal(place, "contradicts itself, so it is not what a run wrote", contradictions))
    return report


def _refusal(place: Path, what: str, problems: list[str]) -> str:
    again = "write it again: `readiness check -o run.json`"
    return "\n".join([f"`{place}` {what}", *problems, again])


def _with_quorums(report: "Report") -> "Report":
    """Give the cards of an earlier version, which did not say their quorum, that of their item."""
    from readiness.checklist import SIGNOFF

    def card_with(card: "SignoffCard", quorum: int) -> "SignoffCard":
        return card if "quorum" in card.model_fields_set else card.model_copy(update={"quorum": quorum})

    results = []
    for result in report.results:
        outcome, quorum = result.outcome, result.item.params.get("quorum")
        if result.item.check == SIGNOFF and type(quorum) is int and quorum > 0:
            cards = tuple(card_with(card, quorum) for card in outcome.signoffs)
            outcome = outcome.model_copy(update={"signoffs": cards})
        results.append(result.model_copy(update={"outcome": outcome}))
    return report.model_copy(update={"results": tuple(results)})


def _contradictions(report: "Report") -> list[str]:
    """What cannot be so, since the verdict is a function of the results."""
    from collections import Counter

    from readiness.redaction import MASK
    from readiness.verdict import judge
    from readiness.version import __version__

    said, follows = report.verdict, judge(report.results, interrupted=report.interrupted)
    pairs: list[tuple[str, object, object]] = [
        ("its verdict is", said.word.value, follows.word.value),
        ("it is valid until", said.valid_until, follows.valid_until),
        ("its blockers are", [b.item for b in said.blockers], [b.item for b in follows.blockers]),
        ("it counts", _counts(said), _counts(follows)),
    ]
    if report.tool.version == __version__ and MASK not in said.reason:  # another version may word it otherwise
        pairs.append(("its reason is", said.reason, follows.reason))
    found = [f"  {what} {_short(a)}, and from its results follows {_short(b)}" for what, a, b in pairs if a != b]
    twice = [name for name, number in Counter(result.item.id for result in report.results).items() if number > 1]
    return found + [f"  the item `{name}` has more than one result" for name in twice[:_MOST_PROBLEMS]]


def _counts(verdict: "Verdict") -> dict[str, int]:
    return {status.value: number for status, number in sorted(verdict.counts.items())}


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHORT else f"{text[:_SHORT]} ..."
