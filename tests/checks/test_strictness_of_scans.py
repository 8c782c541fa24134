"""What checks of hosts, reports, sources and packages declare as stricter is true of them: `test_strictness_holds`.

The judging is the checks' own. What they look at is made up: a chain of certificates, the answer of bandit, a report, a
database.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from readiness.check import Check, Context
from readiness.outcome import Level, Status
from readiness.testing import context, evaluate
from readiness_checks.bandit import Bandit
from readiness_checks.bandit import check as bandit_check
from readiness_checks.bandit.scan import Issue, Options, Scan
from readiness_checks.coverage import Coverage
from readiness_checks.dependencies import Dependencies
from readiness_checks.tls import Tls
from readiness_checks.tls.endpoint import Seen
from readiness_checks.tls.hello import Reply, Version
from readiness_checks.tls.judgement import Rules, judge
from readiness_checks.tls.target import parse
from readiness_checks.web.network import Address
from support.certificates import Identity, issue
from support.directions import Params, free, given_some, weakens

ADVISORIES = Path(__file__).parent / "fixtures/advisories/json"


def accepts(check: type[Check], root: Path, using: Context, params: Params) -> bool:
    """Whether a check passes; parameters that it refuses, and what it cannot judge, are no pass."""
    return evaluate(check, root, using=using, **params).status is Status.PASSED


# tls

TLS = given_some(
    min_days=st.sampled_from([1, 3, 20, 30, "30d", "8w", 365]), min_version=st.sampled_from(["1.2", "1.3", "TLSv1.3"])
)
HOSTS = st.lists(st.sampled_from(["a.example", "b.example"]), min_size=1, max_size=2, unique=True)
SHOWN = st.tuples(
    st.sampled_from(["week", "month", "quarter", "year"]),
    st.sampled_from([Reply.OFFERED, Reply.REFUSED]),
    st.sampled_from([Reply.REFUSED, Reply.REFUSED, Reply.OFFERED]),
)


@pytest.fixture(scope="module")
def leaves() -> dict[str, tuple[Identity, ...]]:
    """A chain for each length of a certificate's life; a third of it is over."""
    root = issue("root", authority=True, end=timedelta(days=3650))
    days = {"week": 7, "month": 30, "quarter": 90, "year": 397}
    return {
        name: (issue(name, root, start=timedelta(days=-life / 3), end=timedelta(days=life * 2 / 3)), root)
        for name, life in days.items()
    }


@settings(max_examples=400, deadline=None)
@given(TLS, TLS, HOSTS, HOSTS, SHOWN, SHOWN)
@example({"min_days": 30}, {}, ["a.example"], ["a.example"], ("month", Reply.REFUSED, Reply.REFUSED), ())
@example({}, {"min_days": 3}, ["a.example"], ["a.example"], ("quarter", Reply.REFUSED, Reply.REFUSED), ())
def test_tls(
    leaves: dict[str, tuple[Identity, ...]],
    before: Params,
    after: Params,
    hosts: list[str],
    others: list[str],
    first: Any,
    second: Any,
) -> None:
    shown = {"a.example": first, "b.example": second or first}

    def holds(params: Params) -> bool:
        check = Tls.model_validate(params)
        rules = Rules(datetime.now(UTC), check.min_days, check.min_version)
        judged = [judge(parse(host), seen(leaves, *shown[host]), rules) for host in check.hosts]
        return not any(one.unknown or any(f.level is Level.ERROR for f in one.findings) for one in judged)

    one, other = {**before, "hosts": hosts}, {**after, "hosts": others}
    if holds(other) and not holds(one):
        assert weakens(Tls, one, other)


def seen(leaves: dict[str, tuple[Identity, ...]], life: str, new: Reply, old: Reply) -> Seen:
    from cryptography.hazmat.primitives.serialization import Encoding

    chain = tuple(identity.certificate.public_bytes(Encoding.DER) for identity in leaves[life])
    versions = {**dict.fromkeys(Version, old), Version.TLS_1_2: new}
    agreed = "TLSv1.2" if new is Reply.OFFERED else "TLSv1.3"
    return Seen(Address("192.0.2.1", 443), version=agreed, sent=chain, verified=chain, versions=versions)


# coverage

SOURCE = st.fixed_dictionaries(
    {
        "path": st.sampled_from(["a.info", "b.info"]),
        "metric": st.just("lines"),
        "minimum": st.sampled_from([0, 50, 80]),
    },
    optional={
        "files": st.sampled_from([[], ["src/a.py"], ["src/*.py"]]),
        "max_excluded": st.sampled_from([None, 0, 1, 9]),
    },
)
COVERAGE = st.fixed_dictionaries(
    {"sources": st.lists(SOURCE, min_size=1, max_size=2, unique_by=lambda one: one["path"])},
    optional={"max_age": st.sampled_from(["1h", "30d"])},
)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files of source, one with an excluded line, and two reports: one of half of it, one of all."""
    root = tmp_path_factory.mktemp("reports")
    (root / "src").mkdir()
    (root / "src/a.py").write_text("x = 1\ny = 2\nz = 3  # pragma: no cover\n")
    (root / "src/b.py").write_text("x = 1\ny = 2\n")
    for name, hits in (("a", 0), ("b", 1)):
        lines = f"DA:1,1\nDA:2,{hits}\n"
        files = ("src/a.py", "src/b.py") if hits else ("src/a.py",)
        (root / f"{name}.info").write_text("".join(f"SF:{file}\n{lines}end_of_record\n" for file in files))
    return root


@settings(max_examples=150, deadline=None)
@given(COVERAGE, COVERAGE, st.sampled_from([0, 2, 40]))
def test_coverage(reports: Path, before: Params, after: Params, days: int) -> None:
    now = datetime.now(UTC) + timedelta(days=days, seconds=5)

    def holds(params: Params) -> bool:
        return accepts(Coverage, reports, context(reports, now=now, environ=os.environ), params)

    if holds(after) and not holds(before):
        assert weakens(Coverage, before, after)


# bandit

RANKS = st.sampled_from(["low", "medium", "HIGH"])
GLOBS = st.lists(st.sampled_from([".", "src", "src/a.py", "tests"]), min_size=1, max_size=2, unique=True)
BANDIT = given_some(
    paths=GLOBS,
    exclude=st.lists(st.sampled_from(["tests", "src/a.py"]), max_size=2, unique=True),
    min_severity=RANKS,
    min_confidence=RANKS,
    nosec=st.booleans(),
).filter(lambda params: not {*params.get("paths", ())} & {*params.get("exclude", ())})  # an error, whatever is found
ISSUES = st.lists(
    st.tuples(
        st.sampled_from(["src/a.py", "src/b.py", "tests/c.py"]),
        st.sampled_from(["LOW", "MEDIUM", "HIGH", "UNDEFINED"]),
        st.sampled_from(["LOW", "MEDIUM", "HIGH"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=3,
)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sources")
    for name in ("src/a.py", "src/b.py", "tests/c.py"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("x()  # nosec\n")
    return root


@contextmanager
def answered_by(issues: list[Any]) -> Iterator[None]:
    """What bandit answers, as far as it is asked: file, severity, confidence, and whether a comment suppresses it."""

    def scan(_: Context, files: Sequence[str], __: Options, *, ignore_nosec: bool) -> Scan:
        found = tuple(
            Issue(
                filename=name, line_number=1, test_id="B1", issue_text="x", issue_severity=rank, issue_confidence=sure
            )
            for name, rank, sure, hidden in issues
            if name in files and (ignore_nosec or not hidden)
        )
        return Scan(found, (), len(files))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bandit_check, "scan", scan)
        yield


@settings(max_examples=400, deadline=None)
@given(BANDIT, BANDIT, ISSUES)
@example({"nosec": False}, {}, [("src/a.py", "HIGH", "HIGH", True)])
@example({}, {"min_severity": "high"}, [("src/a.py", "LOW", "HIGH", False)])
@example({}, {"paths": ["tests"]}, [("src/a.py", "LOW", "HIGH", False)])
def test_bandit(sources: Path, before: Params, after: Params, issues: list[Any]) -> None:
    with answered_by(issues):
        if accepts(Bandit, sources, context(sources), after) and not accepts(Bandit, sources, context(sources), before):
            assert weakens(Bandit, before, after)


# dependencies

IGNORED = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["PYSEC-2099-2", "CVE-2099-0001", "OTHER-1"]),
        "reason": st.just("not called"),
        "until": st.sampled_from(["2026-11-01", "2026-11-23", "2027-11-01"]),
    }
)
PACKAGES = st.fixed_dictionaries(
    {"requirements": st.lists(st.sampled_from(["good.txt", "bad.txt"]), min_size=1, max_size=2, unique=True)},
    optional=cast(
        "dict[str, st.SearchStrategy[Any]]",
        {
            "max_age": st.sampled_from(["1d", "13d", "30d", "90d"]),
            "ignore": st.lists(IGNORED, max_size=2, unique_by=lambda one: str(one["id"])),
        },
    ),
)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("packages")
    (root / "good.txt").write_text("sample-client==1.4.1\n")
    (root / "bad.txt").write_text("sample-server==2.0\n")
    return root


@settings(max_examples=150, deadline=None)
@given(PACKAGES, PACKAGES, st.sampled_from([0, 20, 60]))
@example(
    {"requirements": ["bad.txt"]},
    {"requirements": ["bad.txt"], "ignore": [{"id": "PYSEC-2099-2", "reason": "x", "until": "2027-11-01"}]},
    0,
)
@example({"requirements": ["good.txt"], "max_age": "1d"}, {"requirements": ["good.txt"]}, 0)
def test_dependencies(packages: Path, before: Params, after: Params, days: int) -> None:
    using = context(packages, now=datetime(2026, 11, 23, 12, tzinfo=UTC) + timedelta(days=days))

    def holds(params: Params) -> bool:
        return accepts(Dependencies, packages, using, {"service": "offline", "database": str(ADVISORIES), **params})

    if holds(after) and not holds(before):
        assert weakens(Dependencies, before, after)


# what asks more is free

LCOV = {"path": "a.info", "metric": "lines"}


@pytest.mark.parametrize(
    ("check", "before", "after"),
    [
        (Tls, {"hosts": ["a.example"]}, {"hosts": ["a.example", "b.example"], "min_days": 30, "min_version": "1.3"}),
        (Tls, {"min_days": 20}, {"min_days": "30d"}),
        (Coverage, {"sources": [{**LCOV, "minimum": 50}]}, {"sources": [{**LCOV, "minimum": 80, "max_excluded": 0}]}),
        (Coverage, {"sources": [{**LCOV, "minimum": 50}]}, {"sources": [{**LCOV, "minimum": 50}], "max_age": "1h"}),
        (Bandit, {"exclude": ["tests"], "min_severity": "high"}, {"min_severity": "medium", "nosec": False}),
        (Bandit, {"min_severity": "high"}, {"min_severity": "HIGH"}),
        (Bandit, {"min_severity": "HIGH"}, {"min_severity": "Medium"}),
        (Dependencies, {"requirements": "a.txt"}, {"requirements": ["a.txt", "b.txt"], "max_age": "7d"}),
    ],
)
def test_what_asks_more_is_free(check: type[Check], before: Params, after: Params) -> None:
    assert free(check, before, after)
