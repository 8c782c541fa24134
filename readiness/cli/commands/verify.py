"""`readiness verify`: whether an attested verdict lets this commit be deployed, for deploy jobs."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli.attestation import explained
from readiness.cli.epilog import epilog
from readiness.cli.errors import INCOMPLETE, NO_GO, OK, UsageError
from readiness.cli.output.streams import emit

if TYPE_CHECKING:
    from readiness.attestation.demand import Examination

_path = click.Path(path_type=Path)
_FULL = (40, 64)
"""Hex digits of a full object id, SHA-1 and SHA-256."""
_HEX = frozenset("0123456789abcdef")
_SHORTEST = 4
"""Hex digits of the shortest abbreviation that git takes."""


class _Age(click.ParamType[timedelta]):
    """A length of time."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        from readiness.duration import parse

        try:
            return value if isinstance(value, timedelta) else parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command(
    epilog=epilog(
        "0 good, 1 refuted (signature, commit, environment, verdict ...), 2 usage, or a file that cannot be read, "
        "3 too old or lapsed",
        examples=(
            'verify verdict.intoto.json --key verdict.pub --commit "$GITHUB_SHA" --env production',
            "verify verdict.sigstore.json --commit HEAD --max-age 2h --artifact dist/app.whl --fail-on conditional",
        ),
    )
)
@click.argument("file", type=_path)
@click.option(
    "--commit", required=True, metavar="SHA", help="What is deployed: a full object id, or a ref such as HEAD."
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=_path,
    metavar="FILE",
    help="Public keys to trust, PEM; else those that READINESS_VERIFY_KEY names, else .readiness/verdict_keys.",
)
@click.option("--env", "environment", metavar="NAME", help="Environment that it must be about.")
@click.option("--release", metavar="R", help="Release that it must be about.")
@click.option("--project", metavar="NAME", help="Project that it must be about.")
@click.option(
    "--phase", default="", metavar="P", help="The phase that alone was judged; otherwise, the whole checklist."
)
@click.option("--artifact", "artifacts", multiple=True, type=_path, metavar="FILE", help="File that must be attested.")
@click.option("--max-age", type=_Age(), default="24h", show_default=True, help="How long ago it may have been judged.")
@click.option("--fail-on", type=click.Choice(["conditional"]), help="Refuse CONDITIONAL_GO.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def verify(file: Path, keys: tuple[Path, ...], *, commit: str, as_json: bool, **asked: Any) -> int:
    """Verify the attested verdict in FILE: signed by a trusted key, for this commit, and still to rely on.

    FILE is what `readiness check --attest` wrote, or the Sigstore bundle beside it. Nothing is asked of the network.
    """
    from readiness.attestation import file as files
    from readiness.attestation import trust
    from readiness.attestation.artifacts import digests
    from readiness.attestation.demand import Demand, examine

    with explained():
        demand = Demand(
            commit=_commit(commit),
            max_age=asked["max_age"],
            project=asked["project"],
            release=asked["release"],
            environment=asked["environment"],
            phase=asked["phase"],
            artifacts=digests(asked["artifacts"]),
            conditional=asked["fail_on"] != "conditional",
        )
        trusted = trust.find(keys, start=Path.cwd())
        now = datetime.now(UTC)
        found = examine(files.read(file), trusted, demand, now)
    code = exit_code(found)
    if as_json:
        import json

        emit([json.dumps(_facts(found, code), indent=2)], form="json")
    else:
        emit(_words(found, demand.commit, now))
    return code


def exit_code(found: "Examination") -> int:
    """1 when something refutes it, 3 when it only cannot be relied on any more."""
    if not found.objections:
        return OK
    return NO_GO if any(objection.kind == "refuted" for objection in found.objections) else INCOMPLETE


def _commit(text: str) -> str:
    """A full object id; that of a ref, where there is a repository to ask.

    Raises:
        UsageError: It is abbreviated, or names no commit.
    """
    name = text.strip().lower()
    if name and set(name) <= _HEX and len(name) >= _SHORTEST:
        if len(name) in _FULL:
            return name
        raise UsageError(
            f"`{text}` is no full object id: another commit may begin with the same digits\n"
            f"next: give all 40 (or 64) of them: `git rev-parse {text}`"
        )
    from readiness.git import GitError, Repository

    try:
        return Repository(Path.cwd()).resolve(text)
    except (GitError, ValueError) as error:
        raise UsageError(
            f"`{text}` names no commit here\nnext: give the full object id of the commit that is deployed"
        ) from error


def _words(found: "Examination", commit: str, now: datetime) -> Iterator[str]:
    from readiness.attestation.demand import age
    from readiness.records.model.statement import show
    from readiness.text import short

    for objection in found.objections:
        word = "REFUTED" if objection.kind == "refuted" else "LAPSED "
        yield f"{word}  {objection.code}: {short(objection.text)}"
        yield f"         next: {short(objection.remedy)}"
    if found.objections or found.statement is None or found.key is None:
        return
    verdict, verified = found.statement.predicate.verdict, found.statement.predicate.time_verified
    about = [verdict.project, verdict.release, f"in {verdict.environment}" if verdict.environment else ""]
    scope = f"phase {verdict.phase} of {_joined(about)}" if verdict.phase else _joined(about)
    yield short(
        f"good: {verdict.word.value} for {scope}, commit {commit[:10]}, judged {age(now - verified)} ago, "
        f"signed by key {found.key.id[:16]}"
    )
    if verdict.valid_until is not None:
        why = next((f": {flip.text}" for flip in verdict.flips if flip.at == verdict.valid_until), "")
        yield short(f"valid until {show(verdict.valid_until)}{why}")


def _joined(words: Iterable[str]) -> str:
    return " ".join(word for word in words if word)


def _facts(found: "Examination", code: int) -> dict[str, Any]:
    """What was found; of a file that no trusted key has signed, nothing is repeated."""
    statement = found.statement
    return {
        "ok": code == OK,
        "exit_code": code,
        "objections": [
            {"kind": one.kind, "code": one.code, "text": one.text, "remedy": one.remedy} for one in found.objections
        ],
        "key": found.key.id if found.key is not None else None,
        "statement": statement.model_dump(mode="json", by_alias=True) if statement is not None else None,
    }
