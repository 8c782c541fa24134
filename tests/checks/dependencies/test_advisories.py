"""Advisories are evaluated as the OSV schema says, and never in favour of the package when they cannot be read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from readiness_checks.dependencies.advisories import MalformedError, parse, vulnerabilities


def record(*events: dict[str, str], versions: list[str] | None = None, **more: Any) -> dict[str, Any]:
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}] if events else []
    affected = {"package": {"ecosystem": "PyPI", "name": "a"}, "versions": versions or [], "ranges": ranges}
    return {"id": "PYSEC-1", "modified": "2026-01-01T00:00:00Z", "affected": [affected], **more}


def hit(version: str, *events: dict[str, str], versions: list[str] | None = None) -> bool:
    return parse(record(*events, versions=versions)).covers("a", Version(version))


@pytest.mark.parametrize(
    ("version", "affected"),
    [("0.9", False), ("1.0", True), ("1.9", True), ("1.10", False), ("1.10rc1", True), ("2.5", True), ("3.0", False)],
)
def test_events_are_sorted_as_versions_not_as_text(version: str, *, affected: bool) -> None:
    events = [{"fixed": "3.0"}, {"introduced": "2.0"}, {"fixed": "1.10"}, {"introduced": "1.0"}]
    assert hit(version, *events) is affected


@pytest.mark.parametrize(("version", "affected"), [("1.4", True), ("1.4.0", True), ("1.4.1", False), ("1.5", False)])
def test_last_affected_is_still_affected(version: str, *, affected: bool) -> None:
    assert hit(version, {"introduced": "0"}, {"last_affected": "1.4"}) is affected


def test_introduced_zero_covers_pre_releases_of_zero() -> None:
    assert hit("0.dev0", {"introduced": "0"})
    assert hit("0.0a1", {"introduced": "0"})


def test_a_version_that_is_fixed_and_introduced_again_at_once_is_affected() -> None:
    assert hit("2.0", {"introduced": "1.0"}, {"fixed": "2.0"}, {"introduced": "2.0"})


def test_a_limit_ends_a_range() -> None:
    assert hit("1.0", {"introduced": "0"}, {"limit": "2.0"})
    assert not hit("2.0", {"introduced": "0"}, {"limit": "2.0"})
    assert hit("2.0", {"introduced": "0"}, {"limit": "*"})


def test_listed_versions_are_compared_as_versions() -> None:
    assert hit("3.2.0", versions=["3.2"])
    assert not hit("3.2.1", versions=["3.2"])


def test_a_local_version_is_judged_by_its_public_part() -> None:
    assert hit("1.0+patched", versions=["1.0"])
    assert hit("1.4+patched", {"introduced": "0"}, {"last_affected": "1.4"})


def test_an_unreadable_fix_does_not_fix() -> None:
    assert hit("99", {"introduced": "0"}, {"fixed": "0.2.0-n653"})


def test_where_a_range_is_unreadable_the_listed_versions_decide() -> None:
    assert not hit("99", {"introduced": "0"}, {"fixed": "0.2.0-n653"}, versions=["0.1"])
    assert hit("0.1", {"introduced": "0"}, {"fixed": "0.2.0-n653"}, versions=["0.1"])


def test_an_advisory_without_any_version_covers_all() -> None:
    assert hit("1.0")


def test_an_advisory_with_commits_alone_covers_all() -> None:
    entry = record()
    entry["affected"][0]["ranges"] = [{"type": "GIT", "repo": "x", "events": [{"introduced": "0"}, {"fixed": "abc"}]}]
    assert parse(entry).covers("a", Version("1.0"))


def test_a_withdrawn_advisory_covers_nothing_but_only_a_time_withdraws() -> None:
    assert parse(record({"introduced": "0"}, withdrawn="2026-01-02T00:00:00Z")).packages == ()
    assert parse(record({"introduced": "0"}, withdrawn="null")).covers("a", Version("1"))


def test_the_suffix_of_the_ecosystem_and_the_spelling_of_the_name_do_not_matter() -> None:
    entry = record({"introduced": "0"})
    entry["affected"][0]["package"] = {"ecosystem": "PyPI:extra", "name": "A.B__c"}
    assert parse(entry).covers("a-b-c", Version("1"))


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {},
        {"id": ""},
        {"id": 5},
        {"id": "X", "affected": "all"},
        {"id": "X", "affected": [{"package": {"ecosystem": "PyPI"}}]},
        {"id": "X", "affected": [{"package": {"ecosystem": "PyPI", "name": "a"}, "versions": "1.0"}]},
        {"id": "X", "affected": [{"package": {"ecosystem": "PyPI", "name": "a"}, "ranges": [1]}]},
        {
            "id": "X",
            "affected": [
                {"package": {"ecosystem": "PyPI", "name": "a"}, "ranges": [{"type": "ECOSYSTEM", "events": [1]}]}
            ],
        },
        {"id": "X", "aliases": "CVE-1"},
        {"id": "X", "affected": ["a"]},
        {"id": "X", "affected": [{}]},
        {"id": "X", "affected": [{"package": "a"}]},
        {"id": "X", "affected": [{"package": {"ecosystem": "PyPI", "name": ""}}]},
    ],
)
def test_a_record_that_is_no_advisory_is_refused(broken: Any) -> None:
    with pytest.raises(MalformedError):
        parse(broken)


@pytest.mark.parametrize(
    "found",
    [
        {"type": "ECOSYSTEM"},
        {"type": "ECOSYSTEM", "events": []},
        {"type": "ECOSYSTEM", "events": [{}]},
        {"type": "ECOSYSTEM", "events": [{"introduced": 0}]},
        {"type": "ECOSYSTEM", "events": [{"introduced": ""}]},
        {"type": "ECOSYSTEM", "events": [{"introduced": None}]},
        {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": 2}]},
        {"type": "SEMVER", "events": [{"fixed": "2"}]},
        {"type": "GIT", "events": []},
        {"events": [{"introduced": "0"}]},
        {"type": "ecosystem", "events": [{"introduced": "0"}]},
        {"type": ["ECOSYSTEM"], "events": [{"introduced": "0"}]},
    ],
)
def test_a_range_that_cannot_be_read_is_refused_and_affects_not_nothing(found: Any) -> None:
    entry = record()
    entry["affected"][0]["ranges"] = [found]
    with pytest.raises(MalformedError):
        parse(entry)


@pytest.mark.parametrize("versions", [[1.1], [""], [None], [["1.0"]]])
def test_a_listed_version_that_is_no_text_is_refused(versions: list[Any]) -> None:
    with pytest.raises(MalformedError):
        parse(record(versions=versions))


def test_an_unreadable_version_of_thousands_of_digits_does_not_fix() -> None:
    assert hit("99", {"introduced": "0"}, {"fixed": "1" * 5000})


def test_the_ecosystem_is_compared_without_case() -> None:
    entry = record({"introduced": "0"})
    entry["affected"][0]["package"] = {"ecosystem": "pypi", "name": "a"}
    assert parse(entry).covers("a", Version("1"))


def test_aliases_are_one_vulnerability_even_through_a_third_record() -> None:
    records = [
        record({"introduced": "0"}, {"fixed": "2"}, id="PYSEC-1", aliases=["CVE-1"]),
        record({"introduced": "0"}, {"fixed": "2.1"}, id="GHSA-1", aliases=["CVE-2"]),
        record({"introduced": "0"}, id="X-1", aliases=["CVE-1", "CVE-2"]),
    ]
    found = vulnerabilities("a", Version("1"), [parse(entry) for entry in records])
    assert [v.id for v in found] == ["PYSEC-1"]
    assert found[0].aliases == ("CVE-1", "CVE-2", "GHSA-1", "X-1")
    assert [str(fix) for fix in found[0].fixed] == ["2", "2.1"]


@given(st.permutations([{"introduced": "0"}, {"fixed": "1.5"}, {"introduced": "2"}, {"last_affected": "2.4"}]))
def test_the_order_of_events_in_the_record_does_not_matter(events: list[dict[str, str]]) -> None:
    answers = [hit(version, *events) for version in ("0.1", "1.4", "1.5", "1.9", "2", "2.4", "2.5")]
    assert answers == [True, True, False, False, True, True, False]
