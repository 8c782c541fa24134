"""Lists that were written without a look at the code: at least 95 in 100 dilutions are found, and no honest change."""

import pytest

from readiness.evidence.change import ChangedFile
from readiness.evidence.suppressions import new_suppressions
from support.configuration import data, found, texts


def weakened(path: str, before: str | None, after: str) -> bool:
    """Whether a change of one file weakens the evidence."""
    content = None if before is None else before.encode()
    suppressed = list(new_suppressions([ChangedFile(path, content, after.encode())]))
    return bool(suppressed or found(texts(path, before), texts(path, after)))


@pytest.mark.parametrize("name", ["unseen.yaml", "unseen_tools.yaml"])
def test_nearly_every_dilution_is_found(name: str) -> None:
    cases = data(name)
    missed = [case for case in cases if not weakened(*case)]
    assert len(cases) > 150
    assert len(missed) <= 0.05 * len(cases), missed


@pytest.mark.parametrize(("path", "before", "after"), data("unseen_honest.yaml"))
def test_an_honest_change_is_free(path: str, before: str, after: str) -> None:
    assert not weakened(path, before, after)
