"""What is fuzzed: a reader of bytes, and the errors that it may raise."""

from collections.abc import Callable
from dataclasses import dataclass

from readiness.attestation import AttestationError
from readiness.git_program import GitError
from readiness.loading.diagnostics import ChecklistError
from readiness.outcome import CheckError
from readiness.plugins import PluginError
from readiness.records.model.errors import RecordsError
from readiness_checks.web.network import NetworkError

DOCUMENTED = (
    CheckError,
    ValueError,
    RecordsError,
    AttestationError,
    ChecklistError,
    PluginError,
    NetworkError,
    GitError,
)
"""What readers say that they raise; the texts of Python's own errors among them are told apart in `trial`."""


@dataclass(frozen=True)
class Reader:
    """A reader of bytes, and texts that it reads."""

    read: Callable[[bytes], object]
    samples: tuple[str | bytes, ...]
