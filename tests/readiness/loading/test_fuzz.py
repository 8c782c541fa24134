"""Whatever is in the file: a checklist or a ChecklistError, never anything else, and every rendering is safe."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from readiness.loading import ChecklistError, load, validate
from readiness.text import unseen
from support.checklists import Loader
from support.long import often
from support.sample_checks import LocalHost

VALID = """\
version: 1
project: demo
release: "1.0"
environments:
  staging: {api: "http://s", min: 80}
  prod: {api: "http://p", min: 95}
roles: {legal: [a@example.com]}
services:
  web: {run: [serve, "${api}"], ready: "${api}/up", timeout: 5, env: {A: b}}
sections:
  - title: &title One
    items:
      - id: a
        title: *title
        check: measured
        with:
          sources: [{path: x, minimum: "${min}"}]
          ignore: [a, {name: b, reason: c}]
          max_age: 5d
      - {id: b, title: B, check: plain, needs: [a], severity: info, with: {note: "$${x} | 'y'"}}
"""
_TOKENS = """\
[|]|{|}|: |- |? |&a |*a|*title|!!int |!x |>-|'|"|#|---|...|%YAML 1.1|<<: |${|${api}|$${|\\|~|.inf
1e9|0o7|needs: [a, b]|null|true|  |, |é|\U0001f600|id: a|with: |@|`|=========="""
_CONTROLS = ["|\n", "\n", "\t", "\r", "\0", "\x85", "\ufeff", "\u202e"]
TOKENS = st.sampled_from([*_TOKENS.replace("\n", "|").split("|"), *_CONTROLS])

pytestmark = pytest.mark.long
quick = settings(
    max_examples=often(40, 150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def survive(loader: Loader) -> Callable[[bytes], None]:
    host = LocalHost()

    def check(content: bytes) -> None:
        path: Path = loader.path
        path.write_bytes(content)
        lines = content.count(b"\n") + 1
        for environment in ("", "prod"):
            with suppress(ChecklistError):
                load(path, environment=environment, host=host)
        found = validate(path, host=host)
        assert all(one.line is None or one.line <= lines for one in found)
        assert [unseen(line) for line in str(ChecklistError(found)).split("\n") if unseen(line)] == []

    return check


def test_the_seed_is_valid(loader: Loader) -> None:
    assert loader.validate(VALID) == []
    assert len(list(loader.load(VALID, environment="prod").items)) == 2


@quick
@given(content=st.binary(max_size=300))
def test_any_bytes(survive: Callable[[bytes], None], content: bytes) -> None:
    survive(content)


@quick
@given(content=st.text(max_size=300))
def test_any_text(survive: Callable[[bytes], None], content: str) -> None:
    survive(content.encode("utf-8", "surrogatepass"))


@quick
@given(parts=st.lists(TOKENS, max_size=40))
@example(parts=["---"])
@example(parts=["? ", "version"])
def test_any_tokens_of_yaml(survive: Callable[[bytes], None], parts: list[str]) -> None:
    survive("".join(parts).encode())


@settings(quick, max_examples=often(30, 100))
@given(
    places=st.lists(st.integers(0, len(VALID)), min_size=1, max_size=4),
    parts=st.lists(TOKENS, min_size=4, max_size=4),
    cut=st.integers(0, 12),
)
def test_a_checklist_that_was_tampered_with(
    survive: Callable[[bytes], None], places: list[int], parts: list[str], cut: int
) -> None:
    content = VALID
    for place, part in zip(sorted(places, reverse=True), parts, strict=False):
        content = content[:place] + part + content[place + cut :]
    survive(content.encode())


ITEM = {"id": "a", "title": "A", "check": "plain"}
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def document(item: dict[str, Any], **above: Any) -> bytes:
    """A checklist of one item, as JSON, which is YAML."""
    sections = [{"title": "T", "items": [item]}]
    return json.dumps({"version": 1, "project": "p", "sections": sections, **above}).encode()


@settings(quick, max_examples=often(30, 100))
@given(
    key=st.sampled_from(["version", "project", "release", "environments", "roles", "services", "sections"]), junk=JUNK
)
def test_any_value_at_any_key_above(survive: Callable[[bytes], None], key: str, junk: object) -> None:
    survive(document(ITEM, **{key: junk}))


@settings(quick, max_examples=often(30, 100))
@given(
    key=st.sampled_from(["id", "title", "check", "severity", "phase", "owner", "controls", "needs", "timeout", "with"]),
    check=st.sampled_from(["plain", "measured", "broken", "signoff"]),
    junk=JUNK,
)
def test_any_value_at_any_key_of_an_item(survive: Callable[[bytes], None], key: str, check: str, junk: object) -> None:
    document = {
        "version": 1,
        "project": "p",
        "sections": [{"title": "T", "items": [{**ITEM, "check": check, key: junk}]}],
    }
    survive(json.dumps(document).encode())


@settings(quick, max_examples=often(30, 100))
@given(name=st.sampled_from(["sources", "max_age", "level", "strict", "ignore", "labels", "[key]"]), junk=JUNK)
def test_any_value_of_any_parameter(survive: Callable[[bytes], None], name: str, junk: object) -> None:
    item = {**ITEM, "check": "measured", "with": {"sources": [{"path": "x", "minimum": 1}], name: junk}}
    survive(document(item))
