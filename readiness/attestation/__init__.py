"""Attestations: signed statements that a commit may go to production, for deploy jobs and auditors."""


class AttestationError(Exception):
    """A verdict cannot be attested, or an attestation cannot be read.

    Args:
        summary: What happened and where. Never holds key material.
        remedy: What to do next.
    """

    def __init__(self, summary: str, remedy: str) -> None:
        super().__init__(summary)
        self.summary = summary
        self.remedy = remedy
