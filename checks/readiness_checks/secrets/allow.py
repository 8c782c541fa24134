"""An entry of `allow`: a finding that is no secret, with the reason."""

import re
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from readiness.outcome import Value
from readiness.strictness import stricter
from readiness_checks.reading.globs import glob_pattern
from readiness_checks.secrets.verdict import Hit

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Allow(Value):
    """A finding that is no secret, or is meant to be public. All that is given has to match."""

    fingerprint: Annotated[_Text | None, stricter.unknown] = None
    """Fingerprint as the finding shows it."""
    path: Annotated[_Text | None, stricter.unknown] = None
    """Path or glob; `**` crosses folders."""
    pattern: Annotated[re.Pattern[str] | None, stricter.unknown] = None
    """Regular expression that is found in the value."""
    reason: Annotated[_Text, stricter.irrelevant]
    """Why it does no harm."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.fingerprint is None and self.path is None and self.pattern is None:
            raise ValueError("give `fingerprint`, `path` or `pattern`")
        return self

    @property
    def title(self) -> str:
        """How the report names it."""
        pattern = self.pattern.pattern if self.pattern else None
        return ", ".join(f"`{part}`" for part in (self.fingerprint, self.path, pattern) if part)

    def covers(self, hit: Hit, path: str, fingerprint: str) -> bool:
        """Whether it speaks of this finding."""
        return (
            (self.fingerprint is None or self.fingerprint == fingerprint)
            and (self.path is None or glob_pattern(self.path).fullmatch(path) is not None)
            and (self.pattern is None or self.pattern.search(hit.value) is not None)
        )
