"""`readiness verify`: whether an attested verdict allows this commit to be deployed, for deploy jobs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli.errors import INCOMPLETE, NO_GO, OK
from readiness.cli.options import (
    FILE,
    Sha256,
    TrustedKeys,
    epilog,
    file_option,
    file_options,
    flag,
    named_ref,
    text_option,
)
from readiness.cli.output.streams import emit, emit_json
from readiness.cli.typed_options import Length, takes

if TYPE_CHECKING:
    from readiness.attestation.verification import Examination


@dataclass(frozen=True)
class VerifyOptions:
    """What `verify` takes."""

    file: Annotated[Path, click.argument("file", type=FILE)]
    commit: Annotated[
        str,
        click.option(
            "--commit",
            required=True,
            metavar="SHA",
            help="The commit to deploy: a full object id, or a ref such as HEAD.",
        ),
    ]
    keys: TrustedKeys
    ref: Annotated[
        str | None,
        click.option(
            "--policy-ref",
            "ref",
            metavar="REF",
            help="Ref, or full commit id, whose policy must have judged; its .readiness/verdict_keys are trusted where "
            "no other key is named.",
        ),
    ]
    policy_sha256: Annotated[
        str | None,
        click.option(
            "--policy-sha256", type=Sha256(), metavar="HEX", help="SHA-256 of the checklist that must have judged."
        ),
    ]
    checklist: Annotated[
        str | None,
        click.option(
            "--checklist",
            metavar="PATH",
            help="Checklist that must have judged, or its folder: a path from the top of the repository.",
        ),
    ]
    report: Annotated[
        Path | None, file_option("--report", about="Report in JSON (`-o run.json`) that must be that of the run.")
    ]
    level: Annotated[
        str | None,
        click.option("--level", metavar="L", help="Level that must be verified, for instance READINESS_GO."),
    ]
    work_tree: Annotated[
        bool,
        flag(
            "--trust-work-tree",
            "work_tree",
            about="Trust .readiness/verdict_keys of the work tree, here or above, where no other key is named.",
        ),
    ]
    environment: Annotated[
        str | None,
        click.option("--env", "environment", metavar="NAME", help="Environment that the verdict must be for."),
    ]
    release: Annotated[str | None, click.option("--release", metavar="R", help="Release that the verdict must be for.")]
    project: Annotated[
        str | None, click.option("--project", metavar="NAME", help="Project that the verdict must be for.")
    ]
    phase: Annotated[
        str,
        text_option(
            "--phase",
            about="Accept a verdict about this phase alone; by default it must be about the whole checklist.",
            metavar="P",
        ),
    ]
    artifacts: Annotated[
        tuple[Path, ...],
        file_options("--artifact", "artifacts", about="File whose SHA-256 the verdict must attest; may be repeated."),
    ]
    max_age: Annotated[
        timedelta,
        click.option(
            "--max-age", type=Length(), default="24h", show_default=True, help="The greatest age of the verdict."
        ),
    ]
    fail_on: Annotated[
        str | None, click.option("--fail-on", type=click.Choice(["conditional"]), help="Refuse CONDITIONAL_GO.")
    ]
    as_json: Annotated[bool, flag("--json", "as_json", about="Print the result as JSON.")]


@click.command(
    epilog=epilog(
        "0 good, 1 refuted (signature, commit, environment, verdict ...), 2 usage, or a file that cannot be read, "
        "3 too old or lapsed",
        examples=(
            'verify verdict.intoto.json --key verdict.pub --commit "$GITHUB_SHA" --env production',
            "verify verdict.intoto.json --policy-ref origin/main --checklist shop/readiness.yaml --commit HEAD",
            "verify verdict.sigstore.json --commit HEAD --max-age 2h --artifact dist/app.whl --fail-on conditional",
        ),
    )
)
@takes(VerifyOptions)
def verify(asked: VerifyOptions) -> int:
    """Verify the attested verdict in FILE: a trusted key signed it, for this commit, and it is still valid.

    FILE is what `readiness check --attest` wrote, or the Sigstore bundle beside it. Nothing uses the network.
    """
    from readiness.attestation.demand import Demand
    from readiness.attestation.earlier_verdict import left_branch
    from readiness.attestation.envelope import read_file
    from readiness.attestation.subject import artifact_digests, file_digest, full_commit
    from readiness.attestation.trust import find_trusted_keys
    from readiness.attestation.verification import examine

    ref = named_ref(asked.ref)
    demand = Demand(
        commit=full_commit(asked.commit, Path.cwd()),
        max_age=asked.max_age,
        project=asked.project,
        release=asked.release,
        environment=asked.environment,
        phase=asked.phase,
        artifacts=artifact_digests(asked.artifacts),
        conditional=asked.fail_on != "conditional",
        policy_ref=ref,
        policy_sha256=asked.policy_sha256,
        checklist=asked.checklist,
        report_sha256=None if asked.report is None else file_digest(asked.report, "report"),
        level=asked.level,
    )
    trusted = find_trusted_keys(asked.keys, start=Path.cwd(), ref=ref, work_tree=asked.work_tree)
    now = datetime.now(UTC)
    found = examine(read_file(asked.file), trusted, demand, now)
    if found.statement is not None and ref is not None:
        found = replace(found, objections=(*found.objections, *left_branch(found.statement, ref, Path.cwd())))
    code = exit_code(found)
    if asked.as_json:
        emit_json(_facts(found, code), ascii_only=True)
    else:
        emit(_words(found, demand.commit, now))
    return code


def exit_code(found: "Examination") -> int:
    """1 when something refutes it, 3 when it only cannot be relied on any more."""
    if not found.objections:
        return OK
    return NO_GO if any(objection.kind == "refuted" for objection in found.objections) else INCOMPLETE


def _words(found: "Examination", commit: str, now: datetime) -> Iterator[str]:
    from readiness.attestation.demand import judged_by
    from readiness.attestation.verification import age
    from readiness.moment import show
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
    yield short(judged_by(found.statement))
    claims = [item.id for item in verdict.items if item.collected]
    if claims:
        yield short(f"claims of a job that ran code of the change: {', '.join(claims)}")
    if verdict.valid_until is not None:
        why = next((f": {flip.text}" for flip in verdict.flips if flip.at == verdict.valid_until), "")
        yield short(f"valid until {show(verdict.valid_until)}{why}")


def _joined(words: Iterable[str]) -> str:
    return " ".join(word for word in words if word)


def _facts(found: "Examination", code: int) -> dict[str, object]:
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
