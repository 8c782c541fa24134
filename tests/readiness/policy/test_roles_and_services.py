"""What a change of roles, people, rules, services and the rest of a policy is called, word for word."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from readiness.checklist import Checklist, Source
from readiness.loading.as_written import Resolved
from readiness.plugins import Description
from readiness.policy.roles_and_services import plain_changes, rights_changes, service_changes
from readiness.policy.weakening import ComparedPolicy, compare
from readiness.records.storage.allowed_signers import Holder, Roster
from readiness.report import PolicyChange
from support.signing import COUNSEL, PARALEGAL, key, public

PEOPLE = "a person holds the roles, and counts as, all these names"
UNKNOWN = ", and which way is stricter is not known"
BOUND = "renames the project: sign-offs and waivers are bound to its name"
USED = "items and services that use it are compared"


def checklist(**parts: Any) -> Checklist:
    sections = [{"title": "All", "items": [{"id": "tests", "title": "T", "check": "junit"}]}]
    return Checklist.model_validate({"version": 1, "project": "deedpro", "sections": sections, **parts})


def told(changes: Iterable[PolicyChange]) -> list[tuple[str, ...]]:
    return [(each.kind, each.code, each.text, each.before, each.after) for each in changes]


def rights(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, ...]]:
    return told(rights_changes(checklist(**before), checklist(**after)))


def plain(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, ...]]:
    return told(plain_changes(checklist(**before), checklist(**after)))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": ["x", "y"]}, {"a": ["x", "y"]}, []),
        ({"a": ["x"]}, {"a": ["x", "y", "z"]},
         [("weakens", "role-member-added", "gives the role `a` to y, z", "", '["y", "z"]')]),
        ({"a": ["x", "y"]}, {"a": ["y"]},
         [("strengthens", "role-member-dropped", "takes the role `a` from x", '["x"]', "")]),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]},
         [("neutral", "spelled-differently", "orders the members of the role `a` differently",
           '["x", "y"]', '["y", "x"]')]),
        ({}, {"a": ["x"]}, [("weakens", "role-member-added", "gives the role `a` to x", "", '["x"]')]),
        ({"a": ["x"]}, {}, [("strengthens", "role-member-dropped", "takes the role `a` from x", '["x"]', "")]),
        ({}, {"a": []}, [("neutral", "role-added", "adds the role `a`, which nobody holds", "", "[]")]),
        ({"a": []}, {}, [("neutral", "role-dropped", "drops the role `a`, which nobody holds", "[]", "")]),
        ({"a": ["x"]}, {"b": ["x"]},
         [("strengthens", "role-member-dropped", "takes the role `a` from x", '["x"]', ""),
          ("weakens", "role-member-added", "gives the role `b` to x", "", '["x"]')]),
    ],
)  # fmt: skip
def test_a_role_that_more_people_hold_weakens(before: Any, after: Any, expected: list[tuple[str, ...]]) -> None:
    assert rights({"roles": before}, {"roles": after}) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": ["x"]}, {"a": ["x"]}, []),
        ({"a": ["x"]}, {"a": ["y"]}, [("changes other names of `a`: " + PEOPLE, '["x"]', '["y"]')]),
        ({}, {"a": []}, [("adds other names of `a`: " + PEOPLE, "", "[]")]),
        ({"a": []}, {"b": []},
         [("drops other names of `a`: " + PEOPLE, "[]", ""), ("adds other names of `b`: " + PEOPLE, "", "[]")]),
    ],
)  # fmt: skip
def test_any_change_of_who_is_who_weakens(before: Any, after: Any, expected: list[tuple[str, ...]]) -> None:
    found = rights({"people": before}, {"people": after})
    assert found == [("weakens", "people-changed", *each) for each in expected]


JO = {"name": "Jo Counsel", "title": "Counsel"}


def test_another_printed_name_weakens_and_a_first_one_or_a_title_does_not() -> None:
    name, title = "beside the signatures of `a`", "prints another title beside the signatures of `a`"
    assert rights({}, {"people": {"a": JO}}) == [
        ("neutral", "person-named", f"prints a name {name}", "", "Jo Counsel"),
        ("neutral", "person-titled", title, "", "Counsel"),
    ]
    assert rights({"people": {"a": JO}}, {"people": {"a": {**JO, "name": "Dr Anna Boss"}}}) == [
        ("weakens", "person-renamed", f"prints another name {name}, those given so far included",
         "Jo Counsel", "Dr Anna Boss"),
    ]  # fmt: skip
    assert rights({"people": {"a": JO}}, {"people": {"a": {**JO, "title": "CTO"}}}) == [
        ("neutral", "person-titled", title, "Counsel", "CTO")
    ]
    assert [each[1] for each in rights({"people": {"a": JO}}, {})] == ["person-named", "person-titled"]
    assert [each[:2] for each in rights({"people": {"a": JO}}, {"people": {"a": {**JO, "also": ["x"]}}})] == [
        ("weakens", "people-changed")
    ]
    assert rights({"people": {"a": ["x"]}}, {"people": {"a": {**JO, "also": ["x"]}}}) == [
        ("neutral", "person-named", f"prints a name {name}", "", "Jo Counsel"),
        ("neutral", "person-titled", title, "", "Counsel"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"owners": ""}, []),
        ({"owners": "a"}, {"owners": "b"},
         [("weakens", "policy-parameter-changed", "changes `policy.owners`" + UNKNOWN, "a", "b")]),
        ({"ahead": "1m"}, {"ahead": "2m"},
         [("weakens", "policy-limit-raised", "raises `policy.ahead`", "1m", "2m")]),
        ({"behind": "2d"}, {"behind": "1d"},
         [("strengthens", "policy-limit-lowered", "lowers `policy.behind`", "2d", "1d")]),
        ({"waivers": {"longest": {"warning": "2d"}, "by": {}}}, {"waivers": {"longest": {"warning": "3d"}, "by": {}}},
         [("weakens", "policy-limit-raised", "raises `policy.waivers.longest[warning]`", "2d", "3d")]),
        ({"waivers": {"longest": {"warning": "2d"}, "by": {}}},
         {"waivers": {"longest": {"warning": "2d", "blocker": "1d"}, "by": {}}},
         [("weakens", "policy-exception-added", "adds `policy.waivers.longest[blocker]`", "", "1d")]),
        ({"waivers": {"longest": {"warning": "2d"}, "by": {"a": ["t*"]}}},
         {"waivers": {"longest": {"warning": "2d"}, "by": {"a": ["t*", "u"]}}},
         [("weakens", "policy-exception-added", "adds entries to `policy.waivers.by[a]`", "", '["u"]')]),
        ({"waivers": {"longest": {"warning": "2d"}, "by": {"a": ["t*"], "b": ["u"]}}},
         {"waivers": {"longest": {"warning": "2d"}, "by": {"a": ["t*"]}}},
         [("strengthens", "policy-exception-dropped", "drops `policy.waivers.by[b]`", '["u"]', "")]),
    ],
)  # fmt: skip
def test_rules_about_records_and_waivers_are_compared(before: Any, after: Any, expected: list[tuple[str, ...]]) -> None:
    assert rights({"policy": before}, {"policy": after}) == expected


TITLES = [{"title": name, "items": [{"id": name, "title": "T", "check": "junit"}]} for name in ("a", "b")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        ({"project": "a"}, {"project": "b"}, [("weakens", "project-changed", BOUND, "a", "b")]),
        ({"phases": ["pre-deploy"]}, {"phases": ["pre-deploy", "later"]},
         [("neutral", "phases-changed", "declares other phases", '["pre-deploy"]', '["pre-deploy", "later"]')]),
        ({"sections": TITLES}, {"sections": TITLES[::-1]},
         [("neutral", "sections-changed", "orders or names sections differently", '["a", "b"]', '["b", "a"]')]),
        ({"environments": {"s": {"a": 1}, "p": {"a": 2}}}, {"environments": {"p": {"a": 2}, "t": {"b": 3}}},
         [("weakens", "environment-dropped", "drops the environment `s`", '{"a": 1}', ""),
          ("neutral", "environment-added", "adds the environment `t`", "", '{"b": 3}')]),
        ({"environments": {"p": {"a": 1, "b": 2, "c": 3}}}, {"environments": {"p": {"b": 2, "c": 4, "d": 5}}},
         [("neutral", "environment-value-changed", f"changes the value `{name}` of the environment `p`; {USED}", *seen)
          for name, *seen in (("a", "1", ""), ("c", "3", "4"), ("d", "", "5"))]),
    ],
)  # fmt: skip
def test_the_rest_of_the_file_is_compared(before: Any, after: Any, expected: list[tuple[str, ...]]) -> None:
    assert plain(before, after) == expected


def resolved(services: dict[str, Any], params: dict[str, Any] | None = None, **parts: Any) -> Resolved:
    places: Any = {
        ("items", "tests"): Source(file="f", line=9, column=1),
        ("roles",): Source(file="f", line=2, column=1),
    }
    return Resolved(checklist(**parts), params or {name: {} for name in services}, services, places)


ENVIRONMENTS = (("s", "s"), ("p", "p"))
SERVICE = {"run": "serve", "timeout": 20}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"s": {"app": SERVICE}, "p": {"app": SERVICE}}, {"s": {"app": SERVICE}, "p": {"app": SERVICE}}, []),
        ({"s": {"app": SERVICE}, "p": {"app": SERVICE}},
         {"s": {"app": SERVICE}, "p": {"app": {**SERVICE, "run": "x"}}},
         [("weakens", "changes `run` of the service `app` in p" + UNKNOWN, "serve", "x")]),
        ({"s": {"app": SERVICE}}, {"s": {"app": {**SERVICE, "timeout": 9}}},
         [("neutral", "rewords `timeout` of the service `app` in s", "20", "9")]),
        ({"s": {}, "p": {}}, {"s": {"app": {"run": "x"}}, "p": {"app": {"run": "x"}}},
         [("weakens", "adds the service `app`" + UNKNOWN, "", '{"run": "x"}')]),
        ({"s": {"app": {"run": "x"}}, "p": {"app": {"run": "x"}}}, {"s": {}, "p": {}},
         [("weakens", "drops the service `app`" + UNKNOWN, '{"run": "x"}', "")]),
    ],
)  # fmt: skip
def test_services_are_compared_in_each_environment(before: Any, after: Any, expected: list[tuple[str, ...]]) -> None:
    found = told(service_changes(resolved(before), resolved(after), ENVIRONMENTS))
    assert found == [(kind, "service-changed", *rest) for kind, *rest in expected]


@pytest.mark.parametrize(
    ("service", "known"),
    [
        ({**SERVICE, "ready": "http://127.0.0.1:1/", "timeout": 1}, True),
        ("serve", True),
        ({**SERVICE, "run": "serve --open"}, False),
        ({**SERVICE, "env": {"DEBUG": "1"}}, False),
    ],
)
def test_a_new_environment_may_start_a_service_as_another_one_does(service: Any, *, known: bool) -> None:
    before, after = resolved({"s": {"app": SERVICE}}), resolved({"s": {"app": SERVICE}, "t": {"app": service}})
    text = "starts the service `app` in another way in the new environment `t`"
    found = [(kind, code, said) for kind, code, said, *_ in told(service_changes(before, after, (("s", "s"),)))]
    assert found == ([] if known else [("weakens", "service-changed", text)])


CHECKS: dict[str, Description] = {}


def test_all_parts_are_compared_with_their_places_and_what_weakens_comes_first() -> None:
    before = resolved({"s": {"app": SERVICE}}, {"s": {"tests": {"a": 1}}}, roles={"r": ["x"]}, release="1")
    after = resolved({"s": {"app": {"run": "x"}}}, {"s": {"tests": {"a": 2}}}, roles={"r": ["x", "y"]}, release="2")
    roster = Roster((), sha256="e" * 64)
    old = ComparedPolicy(
        before, roster, {b"k": "SHA256:k"}, {"a": "1" * 64, "b": "", "c": "3" * 64, "d": "4" * 64, "e": ""}
    )
    found = compare(old, ComparedPolicy(after, None, {}, {"a": "2" * 64, "b": "2" * 64, "d": "4" * 64}), CHECKS)
    assert [(each.kind, each.code, each.source and each.source.line) for each in found] == [
        ("weakens", "parameter-changed", 9),
        ("weakens", "role-member-added", 2),
        ("weakens", "service-changed", None),
        ("weakens", "roster-dropped", None),
        ("weakens", "key-unrevoked", None),
        *[("weakens", "trusted-file-changed", 1)] * 3,
        ("neutral", "service-changed", None),
        ("neutral", "release-changed", None),
    ]
    assert told(found)[5:8] == [
        ("weakens", "trusted-file-changed", f"{verb}, by which items are judged", one, other)
        for verb, one, other in (
            ("changes a", "sha256:" + "1" * 64, "sha256:" + "2" * 64),
            ("adds b", "", "sha256:" + "2" * 64),
            ("drops c", "sha256:" + "3" * 64, ""),
        )
    ]
    back = compare(ComparedPolicy(after), ComparedPolicy(before), CHECKS)
    assert [each.kind for each in back][-2:] == ["strengthens", "neutral"]


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ({"s": 1, "p": 2}, {"p": 2, "s": 1}, None),
        ({"s": 1, "p": 2}, {"p": 2, "t": 9}, None),
        ({"s": 1, "p": 2}, {"p": 2, "s": 3}, " in s"),
        ({"": 1}, {"s": 1, "p": 2}, " in p"),
        ({"s": 1, "p": 2}, {"t": 1, "u": 9}, " in p"),
        ({"s": 1, "p": 1}, {"t": 2}, ""),
        ({"s": 1, "p": 1}, {"": 1}, None),
    ],
)
def test_environments_of_one_name_are_compared_and_otherwise_each_with_the_first(
    before: dict[str, int], after: dict[str, int], where: str | None
) -> None:
    one, other = (
        ComparedPolicy(resolved({}, {name: {"tests": {"a": value}} for name, value in each.items()}))
        for each in (before, after)
    )
    expected = [] if where is None else [f"changes `a` of `tests`{where}{UNKNOWN}"]
    assert [change.text for change in compare(one, other, CHECKS)] == expected


@pytest.mark.parametrize(
    ("before", "after", "top"),
    [
        ({"project": "a"}, {"project": "b"}, "project"),
        ({"release": "1"}, {"release": "2"}, "release"),
        ({"policy": {"owners": "a"}}, {"policy": {"owners": "b"}}, "policy"),
        ({"people": {"a": ["x"]}}, {"people": {"a": ["y"]}}, "people"),
        ({"roles": {"a": ["x"]}}, {"roles": {"a": ["x", "y"]}}, "roles"),
        ({"environments": {}}, {"environments": {"p": {}}}, "environments"),
        ({"sections": TITLES}, {"sections": TITLES[::-1]}, "sections"),
    ],
)
def test_a_change_is_placed_where_its_part_of_the_file_begins(before: Any, after: Any, top: str) -> None:
    tops = ("project", "release", "policy", "people", "roles", "environments", "services", "sections")
    places: Any = {(name,): Source(file="f", line=n, column=1) for n, name in enumerate(tops, 1)}
    params: dict[str, Any] = {"": {"tests": {}, "a": {}, "b": {}}}
    one, other = (ComparedPolicy(Resolved(checklist(**each), params, {}, places)) for each in (before, after))
    placed = [change.source for change in compare(one, other, CHECKS) if not change.item]
    assert placed[-1:] == [places[(top,)]]
    services: Any = {"": {"app": {"run": "x"}}}
    with_service = ComparedPolicy(Resolved(checklist(**before), params, services, places))
    assert [change.source for change in compare(one, with_service, CHECKS)] == [places[("services",)]]


def test_what_strengthens_comes_before_what_is_neutral_wherever_it_was_found() -> None:
    held = Roster((Holder(COUNSEL, public(key(COUNSEL)), None, datetime.now(UTC), 1),))
    before, after = (resolved({}, {"": {}}, release=release) for release in ("1", "2"))
    found = compare(ComparedPolicy(before, held), ComparedPolicy(after, Roster(())), CHECKS)
    assert [change.code for change in found] == ["signer-dropped", "release-changed"]


def test_a_checklist_may_go_but_not_come() -> None:
    there = ComparedPolicy(resolved({"": {}}, {"": {}}))
    assert told(compare(there, ComparedPolicy(None), CHECKS)) == [
        ("weakens", "checklist-dropped", "drops the checklist", "", "")
    ]
    assert compare(ComparedPolicy(None), there, CHECKS) == ()


def test_every_setting_counts_once() -> None:
    assert ComparedPolicy(None).settings == 0
    until = datetime.now(UTC)
    holders = tuple(Holder(name, public(key(name)), None, until, 1) for name in (COUNSEL, PARALEGAL))
    rest = ComparedPolicy(None, Roster(holders), {b"a": "", b"b": "", b"c": ""}, {"a": "", "b": "", "c": "", "d": ""})
    assert rest.settings == 2 + 3 + 4
    bare = ComparedPolicy(resolved({})).settings
    more = ComparedPolicy(resolved({"s": {"app": {"run": ["a", "b"], "env": {"A": "1"}}}, "p": {"app": {"run": "x"}}}))
    assert more.settings - bare == 4
    roles = ComparedPolicy(resolved({}, roles={"a": ["x", "y", "z"], "b": []}))
    assert roles.settings - bare == 3
