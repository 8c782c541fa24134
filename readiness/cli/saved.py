"""The last run of a repository, kept inside its git folder so that nothing becomes dirty."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from readiness.cli.errors import UsageError
from readiness.cli.outputs import replace

if TYPE_CHECKING:
    from readiness.report import Report

_MOST_PROBLEMS = 3


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
            replace(place, report.model_dump_json(by_alias=True).encode("utf-8", "backslashreplace"))


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
        return Report.model_validate_json(place.read_bytes())
    except OSError as error:
        raise UsageError(f"`{place}` cannot be read: {error.strerror}") from error
    except ValidationError as error:
        problems = [
            f"  {'.'.join(map(str, problem['loc']))}: {problem['msg']}".replace("  : ", "  ")
            for problem in error.errors(include_url=False)[:_MOST_PROBLEMS]
        ]
        raise UsageError(
            "\n".join([f"`{place}` is not a run that `readiness check -o run.json` wrote", *problems])
        ) from error
