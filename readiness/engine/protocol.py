"""What the engine and a worker process say to each other: JSON in frames with a length in front, never pickle.

And the errors for a worker that says nothing, or something else.
"""

import json
import struct
from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from pydantic import JsonValue, ValidationError
from pydantic_core import PydanticSerializationError

from readiness.check import Facts
from readiness.evidence.change import Comparing, Stopped, WeakenedEvidence
from readiness.outcome import Outcome, Value
from readiness.plugins import Description, Problem
from readiness.report import Plugin, Report

LENGTH = struct.Struct(">I")
"""The length in front of a frame: four bytes, big-endian."""
LARGEST = 32 * 2**20
"""Bytes; a longer frame is refused before it is read."""

Verb = Literal["import", "describe", "problems", "evaluate", "render", "compare"]
EXPECTED: Mapping[Verb, str] = {
    "import": "imported",
    "describe": "described",
    "problems": "problems",
    "evaluate": "evaluated",
    "render": "rendered",
    "compare": "compared",
}
"""The kind of the reply to each verb; `refused` may come instead."""


class Request(Value):
    """A request of the engine to a worker."""

    id: int
    """Every request of one worker has its own; the reply repeats it."""
    verb: Verb
    plugin: Plugin
    params: dict[str, JsonValue] = {}
    """For `problems`."""
    facts: Facts | None = None
    """For `evaluate`."""
    report: Report | None = None
    """For `render`."""
    comparing: Comparing | None = None
    """For `compare`."""


class Reply(Value):
    """What a worker answers; whatever does not fit this model is garbage."""

    id: int
    kind: Literal[
        "ready", "secrets", "imported", "described", "problems", "evaluated", "rendered", "compared", "refused"
    ]
    secrets: tuple[str, ...] = ()
    """For `secrets`: values that a check has just read, sent before it gets them. Never leaves the engine."""
    description: Description | None = None
    problems: tuple[Problem, ...] = ()
    outcome: Outcome | None = None
    text: str = ""
    """What a reporter gave."""
    evidence: WeakenedEvidence | None = None
    """What a comparison found."""
    stopped: Stopped | None = None
    """Why it found nothing."""
    refused: str = ""
    """Why the plugin cannot be used."""
    spawned: bool = False
    """Whether the check started processes."""
    retire: bool = False
    """Whether this worker is no longer fit for another request, for instance because threads were left behind."""

    @property
    def complete(self) -> bool:
        """Whether what its kind promises is there."""
        promised: Mapping[str, object] = {
            "described": self.description,
            "evaluated": self.outcome,
            "rendered": self.text or None,
            "compared": self.evidence or self.stopped,
        }
        return promised.get(self.kind, "") is not None


class WorkerError(Exception):
    """A worker did not answer; the text says why, `log` is the end of what it printed."""

    def __init__(self, why: str, log: str = "") -> None:
        super().__init__(why)
        self.log = log


class TimedOutError(WorkerError):
    """It took too long."""


class DiedError(WorkerError):
    """The process ended."""


class GarbageError(WorkerError):
    """It answered with something that is no answer."""


_Frame = TypeVar("_Frame", bound=Value)


def pack(frame: Value) -> bytes:
    """Write a frame; texts that are no UTF-8 arrive as they are, for they can be paths and values of secrets.

    Raises:
        ValueError: It is too large, or holds what JSON cannot say.
    """
    try:
        body = frame.model_dump_json().encode()
    except (PydanticSerializationError, UnicodeError):
        body = json.dumps(frame.model_dump(mode="json"), allow_nan=False).encode()
    if len(body) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST} bytes")
    return LENGTH.pack(len(body)) + body


def unpack(kind: type[_Frame], body: bytes) -> _Frame:
    """Read a frame.

    Raises:
        ValidationError: It is no such frame.
    """
    try:
        return kind.model_validate_json(body)
    except ValidationError:
        if b"\\ud" not in body:
            raise
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            told = None
        return kind.model_validate(told)


def length(header: bytes) -> int:
    """Read the length in front of a frame.

    Raises:
        ValueError: It is too large.
    """
    size: Any = LENGTH.unpack(header)[0]
    if size > LARGEST:
        raise ValueError(f"a frame of {size} bytes is larger than {LARGEST}")
    return int(size)
