"""Links are followed as tools follow them, and what no system follows leads nowhere."""

import pytest

from readiness.evidence.links import Links


@pytest.mark.parametrize(
    ("targets", "path", "place"),
    [
        ({}, "a/b", "a/b"),
        ({"a": "c"}, "a/b", "c/b"),
        ({"d/a": "../c/./x"}, "d/a/b", "c/x/b"),
        ({"a": "c", "c": "d/"}, "a/b", "d/b"),
        ({"a": "."}, "a/b", "b"),
        ({"a": ".."}, "a/b", None),
        ({"a": "/etc"}, "a/b", None),
        ({"a": "b", "b": "a"}, "a", None),
        ({"a": "b/" * 2_000 + "c"}, "a", "b/" * 2_000 + "c"),
        ({"a": "b/" * 5_000 + "c"}, "a", None),
    ],
    ids=["none", "a folder", "relative", "of a link", "here", "out", "absolute", "a loop", "long", "too long"],
)
def test_a_link_leads_to_its_place(targets: dict[str, str], path: str, place: str | None) -> None:
    assert Links(targets).lead(path) == place
