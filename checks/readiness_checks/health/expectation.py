"""The parameters that say what a health document has to hold, and what an answer without one has to be."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from readiness.outcome import Value
from readiness.strictness import stricter
from readiness_checks.health.document import Part
from readiness_checks.health.words import GOOD
from readiness_checks.http.expectation import Status as HttpStatus
from readiness_checks.http.expectation import has_status
from readiness_checks.parameters import ONE_OR_MANY, Also, Milliseconds, as_list
from readiness_checks.web.client import Answer

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Component(Value):
    """What is required of one component."""

    status: Annotated[
        Annotated[list[Word], Field(min_length=1), ONE_OR_MANY] | None,
        stricter.fewer_entries.in_any_case().when_absent(*sorted(GOOD)),
    ] = None
    """The only words that are good for it; the usual good ones when not given."""
    max_ms: Annotated[Milliseconds | None, stricter.lower.measured_as("milliseconds")] = None
    """Milliseconds that it may say it took."""


def _rule(value: Any) -> Any:
    """Read a component without a rule, or with the only word that is good for it."""
    if value is None:
        return {}
    return {"status": [value]} if isinstance(value, str) else value


_Component = Annotated[Component, Also(_rule, {"type": ["string", "null"]})]


Components = Annotated[
    list[Name] | dict[Name, _Component],
    Also(as_list, {"type": "string"}),
]
COMPONENTS = stricter.more_named(entry=stricter.fields(alone="status"), unnamed={})


class Expected(Value):
    """What an answer has to be that says nothing by the usual words."""

    status: Annotated[HttpStatus | Annotated[list[HttpStatus], Field(min_length=1)] | None, stricter.unknown] = None
    """Status of HTTP, such as 200, 204 or `2xx`, or several of them, which says that the service is well."""
    text: Annotated[str | None, Field(min_length=1, max_length=1000), stricter.unknown] = None
    """Text that the answer has to hold, in capitals or not; one that stands behind `not` or `no` does not count.
    Without `status` the answer has to be a 2xx, too."""
    components: Annotated[Components, COMPONENTS] = []
    """As `components`."""

    @property
    def statuses(self) -> Sequence[HttpStatus]:
        """The expected statuses; empty when none is given."""
        return self.status if isinstance(self.status, list) else [] if self.status is None else [self.status]

    def meets(self, answer: Answer) -> bool | None:
        """Whether an answer is as expected; None where nothing is expected of its status and text."""
        if not self.statuses and self.text is None:
            return None
        return has_status(answer.status, self.statuses or ["2xx"]) and self.says(answer)

    def says(self, answer: Answer) -> bool:
        """Whether an answer holds the text, if one is given."""
        if self.text is None:
            return True
        words = r"\s+".join(map(re.escape, self.text.split()))
        pattern = rf"(?<!\w)(?<!\bnot )(?<!\bno )(?<!n't ){words}(?!\w)"
        return re.search(pattern, " ".join(answer.text.split()), re.IGNORECASE) is not None


def _status_alone(value: Any) -> Any:
    return {"status": value} if isinstance(value, int | str | list) and not isinstance(value, bool) else value


ExpectedAnswer = Annotated[Expected, Also(_status_alone, {"type": ["integer", "string", "array"]})]


@dataclass(frozen=True)
class Demands:
    """All that is required of a service."""

    url: str
    components: Mapping[str, Component]
    """Those that are asked for, with their rules."""
    expect: Expected
    accept: Sequence[str]
    version: str | None
    max_ms: float | None
    max_age: timedelta

    def rule(self, part: Part) -> Component:
        """What is required of a component that the service names: all that is asked for under any of its names."""
        rules = [rule for name, rule in self.components.items() if part.answers_to(name)]
        words = [{word.casefold() for word in rule.status} for rule in rules if rule.status is not None]
        limits = [rule.max_ms for rule in rules if rule.max_ms is not None]
        good = sorted(set.intersection(*words)) if words else None
        return Component.model_construct(status=good, max_ms=min(limits, default=None))
