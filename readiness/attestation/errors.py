"""The error of attestations: what happened, where, and what to do next."""


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
