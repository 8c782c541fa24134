"""What is a weakening: each known direction, and that nothing that changes goes unmentioned."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from readiness.loading import ChecklistError
from readiness.policy.items import runs_code
from readiness.policy.weakening import ComparedPolicy, compare, paired
from readiness.strictness.rules import Undirected
from readiness.strictness.structures import Fields, NamedEntries
from support.long import often
from support.policies import Written, changes, full, items, kinds, resolved

Path = tuple[str | int, ...]


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every value of a checklist that holds no other, and every list and map."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))


def holder(written: Written, path: Path) -> Any:
    value: Any = written
    for step in path[:-1]:
        value = value[step]
    return value


def altered(path: Path, value: Any) -> Written:
    """The checklist with one value replaced."""
    written = full()
    holder(written, path)[path[-1]] = value
    return written


def without(path: Path) -> Written:
    written = full()
    del holder(written, path)[path[-1]]
    return written


def params(item: str, **values: Any) -> Written:
    """The checklist with other parameters of an item; None takes one away."""
    written = full()
    asked = items(written)[item]["with"]
    for name, value in values.items():
        asked[name] = value
        if value is None:
            del asked[name]
    return written


def test_nothing_changes_nothing() -> None:
    assert changes(full(), full()) == ()


LEAVES = tuple(leaves(full()))


def mutants(path: Path) -> Iterator[Written]:
    """What somebody could make of one value."""
    value = holder(full(), path)[path[-1]]
    yield without(path)
    if isinstance(value, bool):
        yield altered(path, not value)
    elif isinstance(value, int | float):
        yield from (altered(path, value + step) for step in (1, -1))
    elif isinstance(value, str):
        yield altered(path, value + "x")
        yield altered(path, "5d")
    elif isinstance(value, list):
        yield altered(path, value[::-1])
        yield altered(path, [*value, "more"])


@pytest.mark.parametrize("path", LEAVES, ids=lambda path: ".".join(map(str, path)))
def test_whatever_changes_is_mentioned_and_only_what_is_known_to_be_harmless_is_free(path: Path) -> None:
    tried = 0
    for mutant in mutants(path):
        try:
            after = resolved(mutant)
        except ChecklistError:
            continue
        tried += 1
        before = resolved(full())
        same = [one.checklist.model_dump(exclude={"sha256"}) for one in (before, after)]
        if same[0] == same[1] and after.services == before.services:
            continue
        there, back = changes(full(), mutant), changes(mutant, full())
        assert there, "it changed, and nobody is told"
        assert back
        if kinds(there) <= {"strengthens", "neutral"} and "strengthens" in kinds(there):
            assert "weakens" in kinds(back)
        if kinds(there) == {"neutral"}:
            assert "weakens" not in kinds(back) or "controls" in path  # one more is no harm, to lose one is


@pytest.mark.long
@settings(max_examples=often(20, 60), deadline=None)
@given(st.lists(st.sampled_from(LEAVES), min_size=1, max_size=4), st.data())
def test_a_weakening_is_never_hidden_by_other_changes(paths: list[Path], data: st.DataObject) -> None:
    mutated = full()
    for path in paths:
        try:
            place = holder(mutated, path)
            del place[path[-1]]
        except (KeyError, IndexError, TypeError):
            reject()
    try:
        alone = [changes(full(), without(path)) for path in paths]
        together = changes(full(), mutated)
    except ChecklistError:
        reject()
    weakest = data.draw(st.sampled_from(alone))
    assert "weakens" not in kinds(weakest) or "weakens" in kinds(together)


FREE = [
    (params("tests", minimum_tests=11), "threshold-raised"),
    (params("tests", max_skipped=2), "limit-lowered"),
    (params("tests", max_skipped=0), "limit-lowered"),
    (params("tests", require=["e2e", "smoke", "api"]), "requirement-added"),
    (params("tests", max_age="1d"), "limit-lowered"),
    (params("tls", min_days=30), "threshold-raised"),
    (params("tls", min_days="5w"), "threshold-raised"),
    (params("tls", hosts=["${url}", "api.example.com"]), "requirement-added"),
    (params("bandit", exclude=[]), "exception-dropped"),
    (params("bandit", min_severity="low"), "level-raised"),
    (params("bandit", paths=["src", "tools"]), "requirement-added"),
    (params("secrets", allow=[]), "exception-dropped"),
    (params("packages", ignore=[{"id": "CVE-2026-1", "reason": "unused", "until": "2026-11-30"}]), "limit-lowered"),
    (params("templates", quorum=3), "threshold-raised"),
    (params("templates", valid_for="90d"), "limit-lowered"),
    (params("templates", covers=["templates/**", "terms.md", "imprint.md"]), "requirement-added"),
    (params("templates", user_verification=True), "level-raised"),
    (params("policy-page", changed_since="90d"), "threshold-raised"),
    (params("policy-page", sections=["Contact", "Cookies", "Deletion"]), "requirement-added"),
    (params("lint", expect_exit=0), "exception-dropped"),
    (params("health", max_ms=500), "limit-lowered"),
    (params("health", components=["queue", "db", "cache"]), "requirement-added"),
]
COSTLY = [
    (params("tests", minimum_tests=9), "threshold-lowered"),
    (params("tests", minimum_tests=None), "threshold-lowered"),
    (params("tests", max_skipped=4), "limit-raised"),
    (params("tests", max_skipped=None), "limit-raised"),
    (params("tests", require=["smoke"]), "requirement-dropped"),
    (params("tests", paths=["other.xml"]), "parameter-changed"),
    (params("tls", min_days=7), "threshold-lowered"),
    (params("tls", min_days=None), "threshold-lowered"),
    (params("tls", min_version="1.2"), "threshold-lowered"),
    (params("tls", hosts=["example.com"]), "requirement-dropped"),
    (params("tls", ca_file="mine.pem"), "parameter-changed"),
    (params("bandit", exclude=["tests", "src/legacy"]), "exception-added"),
    (params("bandit", min_severity="high"), "level-lowered"),
    (params("bandit", min_confidence="high"), "level-lowered"),
    (params("bandit", nosec=None), "level-lowered"),
    (params("bandit", paths=["src/a"]), "requirement-dropped"),
    (params("secrets", history=None), "level-lowered"),
    (params("secrets", allow=[{"pattern": ".", "reason": "all"}]), "exception-added"),
    (params("packages", ignore=[{"id": "CVE-2026-1", "reason": "unused", "until": "2027-12-01"}]), "limit-raised"),
    (params("packages", max_age="60d"), "limit-raised"),
    (params("templates", quorum=1), "threshold-lowered"),
    (params("templates", quorum=None), "threshold-lowered"),
    (params("templates", role="release"), "parameter-changed"),
    (params("templates", covers=["templates/**"]), "requirement-dropped"),
    (params("templates", covers=None), "requirement-dropped"),
    (params("templates", valid_for="365d"), "limit-raised"),
    (params("templates", valid_for=None), "limit-raised"),
    (params("templates", each=["buyer"]), "requirement-dropped"),
    (params("templates", not_by=None), "parameter-changed"),
    (params("policy-page", changed_since="400d"), "threshold-lowered"),
    (params("policy-page", changed_since="v1"), "parameter-changed"),
    (params("policy-page", forbid_placeholders=False), "level-lowered"),
    (params("lint", run="lint || true"), "command-changed"),
    (params("lint", env={"A": "b"}), "command-changed"),
    (params("lint", expect_exit=[0, 1, 3]), "exception-added"),
    (params("health", accept=["warm", "down"]), "exception-added"),
    (params("health", max_age="1h"), "limit-raised"),
    (params("health", url="https://elsewhere.example.com"), "parameter-changed"),
    (params("api", expect={"status": [200, 204, 500]}), "exception-added"),
    (params("variables", required={"PORT": "port"}), "requirement-dropped"),
    (params("headers", require=["X-One"]), "requirement-dropped"),
    (params("headers", baseline="none"), "parameter-changed"),
]


@pytest.mark.parametrize(("after", "code"), FREE, ids=[f"{code}-{n}" for n, (_after, code) in enumerate(FREE)])
def test_strengthening_is_free(after: Written, code: str) -> None:
    found = changes(full(), after)
    assert kinds(found) == {"strengthens"}
    assert {change.code for change in found} == {code}
    assert "weakens" in kinds(changes(after, full()))


@pytest.mark.parametrize(("after", "code"), COSTLY, ids=[f"{code}-{n}" for n, (_after, code) in enumerate(COSTLY)])
def test_weakening_is_not(after: Written, code: str) -> None:
    found = [change for change in changes(full(), after) if change.kind == "weakens"]
    assert code in {change.code for change in found}
    assert all(change.item for change in found)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("sections", 0, "items", 0, "severity"), "info", "severity-lowered"),
        (("sections", 0, "items", 0, "phase"), "post-deploy", "phase-changed"),
        (("sections", 0, "items", 0, "controls"), ["SOC2:CC8.1"], "control-dropped"),
        (("sections", 0, "items", 1, "needs"), [], "need-dropped"),
        (("sections", 0, "items", 2), {"id": "lint", "title": "Lint", "check": "junit", "with": {"paths": "x"}},
         "check-changed"),
        (("sections", 0, "items", 2, "id"), "linted", "item-dropped"),
        (("project",), "deedpro2", "project-changed"),
        (("roles", "legal"), ["counsel@example.com", "deputy@example.com", "me@example.com"], "role-member-added"),
        (("roles", "mine"), ["me@example.com"], "role-member-added"),
        (("people", "counsel@example.com"), [], "people-changed"),
        (("people", "security@example.com"), ["me@example.com"], "people-changed"),
        (("policy", "owners"), "release", "policy-parameter-changed"),
        (("policy", "ahead"), "1h", "policy-limit-raised"),
        (("policy", "behind"), "70d", "policy-limit-raised"),
        (("policy", "waivers", "longest", "blocker"), "15d", "policy-limit-raised"),
        (("policy", "waivers", "longest", "info"), "1d", "policy-exception-added"),
        (("policy", "waivers", "by", "release"), ["*"], "policy-exception-added"),
        (("policy", "waivers", "by", "legal"), ["templates"], "policy-exception-added"),
        (("services", "app", "run"), "fake", "service-changed"),
        (("services", "app", "env"), {"PORT": "81"}, "service-changed"),
        (("services", "app", "ready"), "http://localhost/", "service-changed"),
        (("services", "more"), {"run": "fake"}, "service-changed"),
        (("environments", "production", "url"), "https://me.example.com", "requirement-dropped"),
        (("environments", "production", "minimum"), 94, "threshold-lowered"),
        (("environments", "staging", "minimum"), 79, "threshold-lowered"),
    ],
)  # fmt: skip
def test_what_weakens_beside_parameters(path: Path, value: Any, code: str) -> None:
    found = [change for change in changes(full(), altered(path, value)) if change.kind == "weakens"]
    assert code in {change.code for change in found}
    assert all(change.source is not None for change in found if change.code != "item-dropped")


def added(**item: Any) -> list[tuple[str, str]]:
    """What adding an item comes to."""
    written = full()
    written["sections"][0]["items"].append({"id": "more", "title": "More", **item})
    return [(change.kind, change.code) for change in changes(full(), written)]


@pytest.mark.parametrize("severity", ["info", "blocker"])
@pytest.mark.parametrize("run", ["true", ["python3", "-c", "print(1)"], "${url}"])
def test_an_added_command_is_for_the_owners_to_allow(severity: str, run: Any) -> None:
    """It runs in the job that judges, whatever it is worth to the verdict."""
    found = added(check="command", severity=severity, **{"with": {"run": run}})
    assert found == [("weakens", "command-added")]


def test_an_added_item_that_runs_nothing_is_free() -> None:
    found = added(check="document", **{"with": {"paths": ["README.md"]}})
    assert found == [("strengthens", "item-added")]


def test_an_added_item_of_a_check_of_which_nothing_is_known_may_run_anything() -> None:
    assert added(check="acme") == [("weakens", "command-added")]


@pytest.mark.parametrize(
    ("declared", "given", "runs"),
    [
        ({}, {}, True),
        ({"paths": Undirected()}, {"paths": "a"}, False),
        ({"paths": Undirected()}, {"paths": "a", "hook": "rm"}, True),
        ({"run": Undirected(names="command_line")}, {}, True),
        ({"shell": Undirected(code="command-changed")}, {}, True),
        ({"deep": Fields(rules={"run": Undirected(names="command_line")})}, {}, True),
        ({"all": NamedEntries(stricter="more", entry=Fields(rules={"a": Undirected()}))}, {}, False),
        ({"all": NamedEntries(stricter="more", entry=Fields(rules={"a": Undirected(names="command_line")}))}, {}, True),
        ({"all": NamedEntries(stricter="more")}, {}, False),
    ],
)
def test_what_a_check_declares_says_whether_its_items_run_commands(declared: Any, given: Any, *, runs: bool) -> None:
    assert runs_code(declared, given) is runs


def test_the_owners_sign_the_very_command() -> None:
    """What they signed must not hold for another command of the same title."""
    texts = []
    for run in ("make check", "make check; curl evil"):
        written = full()
        item = {"id": "more", "title": "More", "check": "command", "with": {"run": run, "env": {"A": "${minimum}"}}}
        written["sections"][0]["items"].append(item)
        texts.append(changes(full(), written)[0].after)
    assert texts[0] != texts[1]
    assert all(value in texts[0] for value in ("make check", "80", "95"))


def test_a_new_environment_may_not_bring_a_command_or_a_service() -> None:
    written = full()
    items(written)["lint"]["with"]["run"] = "lint --least ${minimum}"
    written["services"]["app"]["run"] = "serve ${unused}"
    more = deepcopy(written)
    more["environments"]["demo"] = {"minimum": 80, "url": "https://demo.example.com", "unused": "a"}
    assert kinds(changes(written, more)) == {"neutral"}
    more["environments"]["demo"] = {"minimum": "80; x", "url": "https://demo.example.com", "unused": "b; x"}
    found = [(each.code, each.item) for each in changes(written, more) if each.kind == "weakens"]
    assert found == [("command-added", "lint"), ("service-changed", "")]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("sections", 0, "items", 0, "title"), "Covered", "title-changed"),
        (("sections", 0, "items", 0, "owner"), "me", "owner-changed"),
        (("sections", 0, "items", 0, "timeout"), 600, "timeout-changed"),
        (("sections", 0, "items", 0, "memory"), "8 GB", "memory-changed"),
        (("sections", 0, "items", 0, "with", "max_age"), "48h", "spelled-differently"),
        (("sections", 0, "title"), "Tests", "section-renamed"),
        (("release",), "3.0.1", "release-changed"),
        (("environments", "demo"), {"minimum": 1, "url": "https://x.example.com"}, "environment-added"),
        (("environments", "staging", "unused"), "c", "environment-value-changed"),
        (("services", "app", "timeout"), 60, "service-changed"),
        (("roles", "empty"), [], "role-added"),
    ],
)
def test_what_is_shown_and_free(path: Path, value: Any, code: str) -> None:
    found = changes(full(), altered(path, value))
    assert kinds(found) == {"neutral"}
    assert code in {change.code for change in found}


def test_a_dropped_environment_weakens_and_a_dropped_checklist_too() -> None:
    codes = {change.code for change in changes(full(), without(("environments", "staging")))}
    assert codes == {"environment-dropped"}
    found = compare(ComparedPolicy(resolved(full())), ComparedPolicy(None), {})
    assert [(change.kind, change.code) for change in found] == [("weakens", "checklist-dropped")]


def test_an_item_that_escapes_a_section_weakens() -> None:
    moved = full()
    moved["sections"][2]["items"].append(moved["sections"][0]["items"].pop())
    found = {change.code: change.kind for change in changes(full(), moved)}
    assert found == {"section-changed": "weakens", "items-reordered": "neutral"}


def test_a_renamed_item_is_recognised() -> None:
    renamed = altered(("sections", 0, "items", 2, "id"), "linted")
    dropped = next(change for change in changes(full(), renamed) if change.code == "item-dropped")
    assert "`linted` has its title" in dropped.text


def test_the_environment_of_a_change_is_named_where_it_is_not_every_one() -> None:
    change = next(c for c in changes(full(), altered(("environments", "staging", "minimum"), 79)) if c.item)
    assert change.text == "lowers `sources[unit.xml, lines].minimum` of `coverage` in staging"
    assert (change.before, change.after) == ("80", "79")


def test_a_literal_for_a_reference_with_the_same_value_is_neutral_there_and_judged_elsewhere() -> None:
    written = full()
    items(written)["coverage"]["with"]["sources"][0]["minimum"] = 95
    found = changes(full(), written)
    assert [(change.kind, change.text) for change in found] == [
        ("strengthens", "raises `sources[unit.xml, lines].minimum` of `coverage` in staging")
    ]


def test_a_parameter_of_an_unknown_check_is_judged_strictly() -> None:
    before, after = full(), full()
    for written, value in ((before, 1), (after, 2)):
        items(written)["lint"].update({"check": "third-party", "with": {"strictness": value}})
    assert [change.kind for change in changes(before, after)] == ["weakens"]


@pytest.mark.parametrize(
    ("days", "adding", "dropping"),
    [
        # without it a third of a certificate's validity is asked for, and 30 days at most
        (0, "weakens", "strengthens"),
        (14, "weakens", "weakens"),
        (29, "weakens", "weakens"),
        (30, "strengthens", "weakens"),
        ("31d", "strengthens", "weakens"),
    ],
)
def test_days_that_nobody_wrote_down_stand_for_none_to_thirty(days: int | str, adding: str, dropping: str) -> None:
    silent, spoken = params("tls", min_days=None), params("tls", min_days=days)
    assert kinds(changes(silent, spoken)) == {adding}
    assert kinds(changes(spoken, silent)) == {dropping}


def test_a_length_of_time_and_a_date_are_never_compared() -> None:
    length, long_ago = params("policy-page", changed_since="180d"), params("policy-page", changed_since="2001-01-01")
    assert kinds(changes(length, long_ago)) == {"weakens"}
    assert kinds(changes(long_ago, length)) == {"weakens"}


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        (["a", "b"], ["b", "c"], [("b", "b")]),
        ([""], ["a", "b"], [("", "a"), ("", "b")]),
        (["a", "b"], [""], [("a", ""), ("b", "")]),
        (["a"], ["b", "c"], [("a", "b")]),
        ([""], [""], [("", "")]),
    ],
)
def test_which_environments_are_compared(before: list[str], after: list[str], pairs: list[tuple[str, str]]) -> None:
    assert paired(before, after) == pairs
