"""Finds out from git whether documents changed since a date, for a length of time, or since a ref."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from readiness import GitError, Repository, duration
from readiness.check import Context
from readiness.outcome import CheckError, Finding
from readiness_checks.reading.evidence_files import CLOCK_SKEW

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNSHALLOW = "fetch the whole history (`fetch-depth: 0`, `git fetch --unshallow`)"


def validate(text: str) -> str:
    """Check what `changed_since` says, as far as it can be known without a repository.

    Raises:
        ValueError: It looks like a date or a length of time, but is none; or it is no name for git.
    """
    if re.fullmatch(duration.PATTERN, text):
        duration.parse(text)
    elif _DATE.fullmatch(text):
        date.fromisoformat(text)
    elif (
        re.fullmatch(r"[0-9]{1,6}", text)
        or not text.strip()
        or text.startswith("-")
        or re.search(r"[\s~^:?*\[\\\x00-\x1f]|\.\.", text)
    ):
        raise ValueError("write a date (2026-01-31), a length of time (180d) or the name of a git tag or branch")
    return text


def unchanged(context: Context, names: Sequence[str], since: str) -> list[Finding]:
    """A finding for each document that no commit has changed since then; changes that are not committed do not count.

    Raises:
        CheckError: There is no git repository, it lacks the history, or there is no such ref.
    """
    repository = context.repository
    if repository is None or not repository.head:
        raise CheckError(
            "there are no commits here to see changes by", "check inside a git repository, or drop `changed_since`"
        )
    try:
        return [finding for name in names if (finding := _judge(context, repository, name, since)) is not None]
    except GitError as error:
        raise CheckError(
            f"git cannot tell what changed since `{since}`: {error}", f"correct the ref, or {_UNSHALLOW}"
        ) from error


def _judge(context: Context, repository: Repository, name: str, since: str) -> Finding | None:
    moment = _moment(context, since)
    if moment is None:
        _require_ref(repository, since)
    commit, committed_at = _newest(repository, name, "" if moment else since)
    if committed_at is not None and committed_at > context.now + CLOCK_SKEW:
        raise CheckError(
            f"the last commit to {name} ({commit[:12]}) is dated {committed_at:%Y-%m-%d %H:%M} UTC, in the future",
            "correct the clock of whoever commits, and commit again",
        )
    recent = committed_at is not None and (moment is None or committed_at >= moment)
    if repository.shallow and (not recent or commit in repository.read("rev-list", "--max-parents=0", "HEAD").split()):
        raise CheckError(f"this clone is shallow, so git cannot tell when {name} was changed", _UNSHALLOW)
    if recent:
        return None
    tracked = bool(repository.tracked_files([name]))
    last = f"the last commit to it is of {committed_at:%Y-%m-%d}" if moment and committed_at else "no commit changed it"
    return Finding(
        message=f"not changed since {since}: {last if tracked else 'it is not committed'}",
        rule="unchanged",
        path=name,
        remedy="review it, bring it up to date, and commit it",
    )


def _require_ref(repository: Repository, since: str) -> None:
    try:
        repository.resolve(since)
    except GitError as error:
        raise CheckError(
            f"`changed_since: {since}`: git knows no such tag, branch or commit here",
            "correct it, or fetch the tags and the whole history (`git fetch --tags`, `fetch-depth: 0`)",
        ) from error


def _moment(context: Context, since: str) -> datetime | None:
    """The moment that a date or length of time means; None for a ref."""
    if re.fullmatch(duration.PATTERN, since):
        return context.now - duration.parse(since)
    if _DATE.fullmatch(since):
        return datetime.combine(date.fromisoformat(since), time.min, UTC)
    return None


def _newest(repository: Repository, name: str, after: str) -> tuple[str, datetime | None]:
    """The newest commit to a file that is no merge, and its date; one that is reachable from `after` does not count."""
    excluded = ["^" + repository.resolve(after)] if after else []
    wanted = ("--no-merges", "--full-history", "--format=%H %cI", "-1", "HEAD", *excluded, "--", name)
    commit, _, text = repository.read("log", *wanted).strip().partition(" ")
    return commit, datetime.fromisoformat(text).astimezone(UTC) if text else None
