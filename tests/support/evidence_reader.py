"""A third party's check that reads files of evidence, and says which bytes it examined."""

import hashlib
from typing import Annotated

from pydantic import BaseModel

from readiness.check import Check, Context
from readiness.outcome import Evidence, Finding, Outcome, Status
from readiness.strictness import stricter


class Log(BaseModel):
    """One of the files of `Reads`."""

    file: Annotated[str, stricter.evidence_files]


class Reads(Check):
    """A third party's check that reads what other tools wrote."""

    logs: Annotated[list[str], stricter.evidence_files] = ["out/*.log"]
    inner: Annotated[list[Log], stricter.more_named("file")] = []
    says: Annotated[Status, stricter.unknown] = Status.PASSED

    def run(self, context: Context) -> Outcome:
        """Say what it is told to say."""
        files = context.glob([*self.logs, *(log.file for log in self.inner)])
        broken = Finding(message="broken")
        return Outcome(
            status=self.says,
            summary="read",
            comparable=True,
            examined=len(files),
            findings=() if self.says is Status.PASSED else (broken,),
            evidence=tuple(
                Evidence(name=context.name(f), sha256=hashlib.sha256(f.read_bytes()).hexdigest()) for f in files
            ),
        )
