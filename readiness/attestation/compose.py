"""Makes the statements to sign from a report: the verdict, and the same one for tools that know nothing of readiness.

Those read in-toto's Simple Verification Result (SVR) v0.1:
https://github.com/in-toto/attestation/blob/main/spec/predicates/svr.md
"""

from collections.abc import Iterator, Mapping

from readiness.attestation import AttestationError
from readiness.attestation.statement import (
    EXTENSION,
    PREDICATE,
    PROJECT_URI,
    STATEMENT,
    VERIFIER,
    FlipFact,
    ItemFact,
    PolicySource,
    RecordFact,
    Resource,
    Statement,
    Summary,
    VerdictFact,
    Verifier,
    encode,
)
from readiness.outcome import SignoffState
from readiness.records.storage.work_tree import record_path
from readiness.report import PolicyFact, Report, VerdictWord

PASSED = "PASSED"
_SHA1 = 40
_SIGNED = {VerdictWord.GO, VerdictWord.CONDITIONAL_GO}


def compose(report: Report, *, report_sha256: str, artifacts: Mapping[str, str], folder: str) -> Statement:
    """Say what a verdict says, as a verification summary of the commit and of files built from it.

    Args:
        report: A run that ended in GO or CONDITIONAL_GO.
        report_sha256: Digest of the report in JSON.
        artifacts: SHA-256 by name of each further subject.
        folder: Folder of the checklist, from the top of the repository; empty for the top.

    Raises:
        AttestationError: The report is about no commit, or its verdict is another: that is never signed.
    """
    subject, verdict = report.subject, report.verdict
    if verdict.word not in _SIGNED or report.interrupted:
        raise AttestationError(
            f"a verdict {verdict.word.value} is never attested", "fix the blockers, and run it again"
        )
    if not subject.commit:
        raise AttestationError("there is no commit to attest", "commit what is to be judged")
    return Statement(
        type=STATEMENT,
        subject=(_commit(report), *(Resource(name=name, digest={"sha256": sha}) for name, sha in artifacts.items())),
        predicate_type=PREDICATE,
        predicate=_summary(report, _verdict(report, report_sha256, folder)),
    )


def _summary(report: Report, verdict: VerdictFact) -> Summary:
    return Summary(
        verifier=Verifier(id=VERIFIER, version={report.tool.name: report.tool.version}),
        time_verified=report.started_at,
        resource_uri=PROJECT_URI + report.subject.project,
        policy=_policy(report, verdict),
        input_attestations=(
            *(
                Resource(name=record_path(digest), uri=f"urn:readiness:record:{digest}", digest={"sha256": digest})
                for digest in dict.fromkeys(fact.record for fact in verdict.records)
            ),
            *_signed_evidence(report),
        ),
        result=PASSED,
        levels=(verdict.level,),
        verdict=verdict,
    )


def _signed_evidence(report: Report) -> Iterator[Resource]:
    """The signed statements of files of evidence, each once."""
    evidence = (one for result in report.results if result.selected for one in result.outcome.evidence)
    signed = dict.fromkeys(
        (one.signature.envelope, one.signature.envelope_sha256) for one in evidence if one.signature is not None
    )
    for name, digest in signed:
        yield Resource(name=name, uri=f"urn:readiness:evidence:{digest}", digest={"sha256": digest})


def _commit(report: Report) -> Resource:
    commit = report.subject.commit
    # many tools know a commit by `sha1` only
    return Resource(
        name=report.subject.project, digest={"gitCommit": commit} | ({"sha1": commit} if len(commit) == _SHA1 else {})
    )


def _policy(report: Report, verdict: VerdictFact) -> Resource:
    fact, subject = report.policy, report.subject
    commit, sha256 = (fact.commit, fact.checklist_sha256) if fact else (subject.commit, subject.checklist_sha256)
    return Resource(
        name=verdict.checklist_path or "",
        uri=f"urn:readiness:policy:{subject.project}",
        digest={"sha256": sha256},
        annotations={"commit": commit} | ({"ref": fact.ref} if fact else {}),
    )


def _verdict(report: Report, report_sha256: str, folder: str) -> VerdictFact:
    subject, verdict = report.subject, report.verdict
    ends = (verdict.valid_until, *(flip.at for flip in verdict.flips))
    return VerdictFact(
        word=verdict.word,
        reason=verdict.reason,
        project=subject.project,
        release=subject.release,
        environment=subject.environment,
        phase=subject.selection.phase,
        valid_until=min((at for at in ends if at is not None), default=None),
        flips=tuple(FlipFact(at=flip.at, text=flip.text) for flip in verdict.flips),
        policy=_source(report.policy) if report.policy else None,
        checklist=subject.checklist,
        folder=folder,
        report_sha256=report_sha256,
        items=tuple(
            ItemFact(
                id=result.item.id,
                title=result.item.title,
                severity=result.item.severity,
                status=result.status,
                selected=result.selected,
                digest=result.item.digest,
                controls=result.item.controls,
                waiver=result.waiver.record if result.waiver is not None and result.waiver.used else "",
                collected=result.collected,
            )
            for result in report.results
        ),
        records=tuple(_records(report)),
    )


def _source(fact: PolicyFact) -> PolicySource:
    return PolicySource(ref=fact.ref, commit=fact.commit, name=fact.name)


def _records(report: Report) -> Iterator[RecordFact]:
    """Valid sign-offs and used waivers of the items that were judged."""
    for result in report.results:
        if not result.selected:
            continue
        for card in result.outcome.signoffs:
            if card.state is SignoffState.VALID and card.record and card.signed_at is not None:
                yield RecordFact(
                    record=card.record,
                    action="signoff",
                    item=result.item.id,
                    role=card.role,
                    principal=card.principal,
                    signed_at=card.signed_at,
                    expires_at=card.expires_at,
                )
        waiver = result.waiver
        if waiver is not None and waiver.used:
            yield RecordFact(
                record=waiver.record,
                action="waive",
                item=result.item.id,
                principal=waiver.principal,
                signed_at=waiver.signed_at,
                expires_at=waiver.expires_at,
            )


SIMPLE_RESULT = "https://in-toto.io/attestation/svr/v0.1"
BY_POLICY_REF = "READINESS_BY_POLICY_REF"
"""Property of a verdict that a policy ref judged, which the judged commit could not change."""
_SCOPE = {"project", "release", "environment", "phase", "folder", "checklist", "valid_until"}


def simple_result(said: Statement) -> bytes:
    """Say the same verdict, of the same subjects, as a list of properties; the bytes to sign.

    The properties are the level that the verification summary says, and whether a policy ref judged. What the verdict
    is for, and when it ends, stands below a field with a name of our own.
    """
    summary = said.predicate
    by_ref = [] if summary.verdict.policy is None else [BY_POLICY_REF]
    policy = summary.policy.model_dump(mode="json", exclude_defaults=True)
    return encode(
        {
            "_type": STATEMENT,
            "subject": [one.model_dump(mode="json", exclude_defaults=True) for one in said.subject],
            "predicateType": SIMPLE_RESULT,
            "predicate": {
                "verifier": {"id": summary.verifier.id, "version": summary.verifier.version, "policy": policy},
                "timeCreated": summary.model_dump(mode="json")["time_verified"],
                "properties": [*summary.levels, *by_ref],
                EXTENSION: summary.verdict.model_dump(mode="json", include=_SCOPE, exclude_defaults=True),
            },
        }
    )
