"""What a checklist says about people and its own rules is checked against its roles and items."""

import pytest

from support.checklists import Loader, with_items

HEAD = """
version: 1
project: p
roles: {legal: [counsel@example.com], release: [rm@example.com]}
"""
TAIL = """
sections:
  - title: T
    items:
      - {id: tests, title: Tests, check: plain}
      - {id: terms, title: Terms, check: plain}
"""


def test_a_policy_is_read(loader: Loader) -> None:
    checklist = loader.load(
        HEAD
        + """
people: {counsel@example.com: [c@home.example]}
policy:
  owners: legal
  behind: 3d
  waivers:
    longest: {blocker: 14d}
    by: {release: ["te*"], legal: [terms]}
"""
        + TAIL
    )
    assert checklist.people == {"counsel@example.com": ("c@home.example",)}
    assert (checklist.policy.owners, checklist.policy.behind.days) == ("legal", 3)
    assert checklist.policy.waivers is not None
    assert checklist.policy.waivers.by == {"release": ("te*",), "legal": ("terms",)}
    assert {name: length.days for name, length in checklist.policy.waivers.longest.items()} == {"blocker": 14}


def test_without_a_policy_nobody_may_waive_or_weaken(loader: Loader) -> None:
    policy = loader.load(HEAD + TAIL).policy
    assert (policy.owners, policy.waivers) == ("", None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("policy: {owners: legals}", "no role has the name `legals`"),
        ("policy: {owner: legal}", "did you mean `owners`?"),
        ("policy: {waivers: {longest: {blocker: 1d}, by: {rel: [tests]}}}", "no role has the name `rel`"),
        ("policy: {waivers: {longest: {blocker: 1d}, by: {release: [test]}}}", "no item has an id like `test`"),
        ("policy: {waivers: {longest: {}, by: {release: [tests]}}}", "longest"),
        ("policy: {waivers: {by: {release: [tests]}}}", "longest"),
        ("policy: {waivers: {longest: {blocker: 1d}, by: {release: []}}}", "release"),
        ("policy: {waivers: {longest: {bad: 1d}, by: {release: [tests]}}}", "`blocker`, `warning` or `info`"),
        ("policy: {behind: 3 days}", "is not a length of time"),
        ("people: {a@example.com: [x@home.example], b@example.com: [X@home.example]}", "is given to two people"),
        ("people: {a@example.com: [b@example.com], b@example.com: []}", "is given to two people"),
        ('people: {"a *": [b@example.com]}', "people"),
    ],
)
def test_a_mistake_is_told(loader: Loader, text: str, message: str) -> None:
    assert message in str(loader.refused(HEAD + text + TAIL))


@pytest.mark.parametrize("name", ["policy-weakening", "records-append-only"])
def test_an_id_that_every_run_adds_itself_is_refused(loader: Loader, name: str) -> None:
    assert f"the id `{name}` is reserved" in str(loader.refused(HEAD + TAIL.replace("id: terms", f"id: {name}")))


def test_patterns_of_waivers_that_would_be_compared_for_minutes_are_refused(loader: Loader) -> None:
    items = "".join(f"- {{id: i{number}, title: A, check: plain}}\n" for number in range(1_500))
    by = ", ".join(f"i{number}*" for number in range(1_400))
    top = f"roles: {{r: [a@b.example]}}\npolicy: {{waivers: {{longest: {{blocker: 1d}}, by: {{r: [{by}]}}}}}}\n"
    assert (
        loader.mistake(with_items(items, head=top)).message == "1,400 patterns for 1,500 items are too many to compare"
    )
