"""Decides whether a value of no known form holds a release where it stands."""

import re

from readiness_checks.secrets.places import Place
from readiness_checks.secrets.randomness import random
from readiness_checks.secrets.verdict import Hit, Verdict

_OF_OTHERS = re.compile(r"(?i)token|api[_-]?key|access[_-]?key|authorization|deploy|publish|release|registry")
"""Names whose values somebody else issues, or that publish; for its own services a workflow makes them up."""


def standing(hit: Hit, place: Place) -> Verdict:
    """What a value is where it stands; `SECRET`, which holds a release, only where it may run in production."""
    if hit.verdict is not Verdict.SECRET or place.production:
        return hit.verdict
    if place.aside:
        return Verdict.ASIDE if random(hit.value) else Verdict.SAMPLE
    if place.throwaway and not _OF_OTHERS.search(hit.name):
        return Verdict.ASIDE if random(hit.value) else Verdict.TRIVIAL
    return Verdict.TRIVIAL if place.composed and hit.value.isalpha() and not random(hit.value) else hit.verdict
