"""What a checklist says about people and its own rules is checked against its roles and items."""

import pytest

from readiness.loading import Diagnostic
from support.checklists import Loader, with_items
from support.record_values import key

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
        ("people: {a@example.com: {name: A, also: [x@b.c]}, b@example.com: [X@b.c]}", "is given to two people"),
        ("people: {a@example.com: {title: CTO}}", "`name`"),
        ("people: {a@example.com: {name: A, nmae: B}}", "nmae"),
        (r'people: {a@example.com: {name: "A\u202eB"}}', "which a reader cannot see"),
        ('people: {a@example.com: {name: " "}}', "it is blank"),
        ("people: {a@example.com: {name: b@example.com}}", "could take the name for the address of somebody else"),
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


class TestProducers:
    HEAD = "roles: {tests: [ci@example.com]}\n"

    def refused(self, loader: Loader, rest: str) -> Diagnostic:
        return loader.mistake(with_items(f"- {{id: a, title: T, producer: {rest}}}\n", head=self.HEAD))

    def test_it_has_to_be_a_role(self, loader: Loader) -> None:
        found = self.refused(loader, "test, check: junit, with: {paths: [unit.xml]}")
        assert (found.message, found.help) == ("no role has the name `test`", "did you mean `tests`?")
        assert (found.line, found.column) == (7, 37)
        found = self.refused(loader, "somebody, check: junit, with: {paths: [unit.xml]}")
        assert found.help == "add it and its principals to `roles`"

    def test_the_check_has_to_read_files_of_evidence(self, loader: Loader) -> None:
        message = "the check `plain` reads no file of evidence that somebody could have signed"
        assert self.refused(loader, "tests, check: plain").message == message

    @pytest.mark.parametrize(
        "check",
        ["junit, with: {paths: [unit.xml]}", "coverage, with: {sources: [{path: c.xml, metric: lines, minimum: 1}]}"],
    )
    def test_a_role_of_a_check_that_reads_some_is_right(self, loader: Loader, check: str) -> None:
        item = f"- {{id: a, title: T, producer: tests, check: {check}}}\n"
        (found,) = loader.load(with_items(item, head=self.HEAD)).items
        assert found.producer == "tests"

    def test_an_item_with_a_producer_is_another_item(self, loader: Loader) -> None:
        texts = (
            f"- {{id: a, title: T{more}, check: junit, with: {{paths: [u.xml]}}}}\n"
            for more in ("", ", producer: tests")
        )
        one, other = (next(loader.load(with_items(text, head=self.HEAD)).items) for text in texts)
        assert one.digest != other.digest


def test_a_signer_is_spelled_as_the_roster_spells_them(loader: Loader) -> None:
    (loader.folder / ".readiness").mkdir()
    line = 'Counsel@example.com namespaces="signoff@readiness",valid-before="20350101Z" '
    (loader.folder / ".readiness/allowed_signers").write_text(line + key("counsel").line + "\n")
    (mistake,) = loader.validate(HEAD + TAIL)
    assert (mistake.message, mistake.line) == (
        "`counsel@example.com` is spelled `Counsel@example.com` in .readiness/allowed_signers", 4
    )  # fmt: skip
    assert loader.validate(HEAD.replace("counsel@", "Counsel@") + TAIL) == []
