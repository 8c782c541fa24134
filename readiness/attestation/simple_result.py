"""The verdict for tools that know nothing of readiness: in-toto's Simple Verification Result (SVR) v0.1.

https://github.com/in-toto/attestation/blob/main/spec/predicates/svr.md
"""

from readiness.attestation.statement import EXTENSION, STATEMENT, Statement, encode

PREDICATE = "https://in-toto.io/attestation/svr/v0.1"
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
            "predicateType": PREDICATE,
            "predicate": {
                "verifier": {"id": summary.verifier.id, "version": summary.verifier.version, "policy": policy},
                "timeCreated": summary.model_dump(mode="json")["time_verified"],
                "properties": [*summary.levels, *by_ref],
                EXTENSION: summary.verdict.model_dump(mode="json", include=_SCOPE, exclude_defaults=True),
            },
        }
    )
