"""What an item requires of the people who sign it off, and what nobody could ever satisfy."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.checklist import Checklist, Item
from readiness.records.judging.question import Asked, Question, ask, ask_by_name, ask_checklist, signed_alone
from readiness.records.judging.signoff_policy import SignoffPolicy, signoff_policy
from readiness.records.model.errors import RecordsError
from support.record_values import COUNSEL, ITEM, PARALEGAL, STRANGER, question
from support.signing import Project

ROLES = {"legal": (COUNSEL, PARALEGAL), "qa": (STRANGER,)}


def asked(item: Item = ITEM, *, roles: dict[str, tuple[str, ...]] = ROLES, **how: Any) -> Question:
    policy = SignoffPolicy.model_validate({"role": "legal"} | how.pop("policy", {}))
    where = {"project": "deedpro", "release": "3.0.0", "environment": "production", "roles": roles} | how
    return ask(Path("/nonexistent"), item, policy, Asked(**where))


def refused(**how: Any) -> RecordsError:
    with pytest.raises(RecordsError) as error:
        asked(**how)
    assert error.value.remedy
    return error.value


def checklist(*items: dict[str, Any], **more: Any) -> Checklist:
    written = {
        "version": 1, "project": "deedpro", "release": "3.0.0", "environment": "production", "roles": ROLES,
        "sections": [{"title": "All", "items": items}],
    }  # fmt: skip
    return Checklist.model_validate(written | more)


SIGNED = {"id": "reviewed", "title": "Reviewed", "check": "signoff", "with": {"role": "legal", "quorum": 2}}
BUILT = {"id": "built", "title": "Built", "check": "command", "with": {"run": "true"}}


class TestAsk:
    def test_the_question_is_bound_to_project_release_environment_and_item(self) -> None:
        found = asked()
        assert (found.project, found.release, found.environment) == ("deedpro", "3.0.0", "production")
        assert (found.item, found.policy, found.members) == (
            ITEM,
            SignoffPolicy(role="legal"),
            frozenset(ROLES["legal"]),
        )
        assert found.policy_ref == ""

    def test_without_files_it_is_bound_to_the_item_itself(self) -> None:
        (subject,) = asked().subjects
        assert subject.name == f"urn:readiness:item:{ITEM.id}"
        assert f"sha256:{subject.digest.sha256}" == ITEM.digest

    def test_with_files_it_is_bound_to_what_is_committed(self, tmp_path: Path) -> None:
        project = Project(tmp_path / "deedpro", covers=["templates/**"])
        assert [subject.name for subject in project.question.subjects] == [
            "templates/grant_deed.html",
            "templates/tax_deed.html",
        ]
        before = project.commit()
        project.write("templates/grant_deed.html", "changed")
        project.commit()
        item = Item.model_validate({**SIGNED, "with": {"role": "legal", "covers": ["templates/grant_deed.html"]}})
        signed = checklist(item.model_dump(by_alias=True, exclude={"source"}))
        now, then = (ask_checklist(project.root, signed, item, content) for content in ("", before))
        assert now.subjects[0].name == then.subjects[0].name
        assert now.subjects[0].digest != then.subjects[0].digest

    def test_a_character_that_nobody_sees_is_refused_in_what_is_signed(self) -> None:
        assert "the title of the item" in refused(item=ITEM.model_copy(update={"title": "Seen\u3164"})).summary
        assert "the release" in refused(release="3.0\u200b").summary


class TestRole:
    def test_one_that_does_not_exist_is_refused_with_those_that_do(self) -> None:
        error = refused(policy={"role": "ops"})
        assert error.summary == "the checklist has no role `ops`; there are legal, qa"
        assert "`ops`" in error.remedy
        assert refused(roles={}).summary == "the checklist has no role `legal`"

    def test_one_without_members_is_refused(self) -> None:
        error = refused(roles={"legal": ()})
        assert "`legal` has no members" in error.summary
        assert "legal" in error.remedy

    @pytest.mark.parametrize("name", ["Jo Counsel", "jo@exämple.com", "*@example.com", ""])
    def test_a_name_that_no_roster_can_hold_is_refused(self, name: str) -> None:
        assert "which is no principal" in refused(roles={"legal": (COUNSEL, name)}).summary

    def test_two_spellings_of_one_name_are_refused(self) -> None:
        assert "two spellings" in refused(roles={"legal": (COUNSEL, COUNSEL.upper())}).summary

    @pytest.mark.parametrize(
        ("quorum", "people", "words"),
        [
            (3, {}, "has 2 members"),
            (2, {COUNSEL: (PARALEGAL,)}, "has 1 member"),
        ],
    )
    def test_a_quorum_of_more_people_than_there_are_is_refused(
        self, quorum: int, people: dict[str, tuple[str, ...]], words: str
    ) -> None:
        error = refused(policy={"quorum": quorum}, people=people)
        assert error.summary == f"a quorum of {quorum} can never be reached: the role `legal` {words}"

    def test_one_of_all_of_them_can_be_reached(self) -> None:
        assert asked(policy={"quorum": 2}).policy.quorum == 2


class TestCommand:
    def test_it_names_item_environment_and_policy(self) -> None:
        assert question().command == "readiness sign templates-reviewed --env production"
        changed = question().model_copy(update={"environment": "", "policy_ref": "origin/release 3"})
        assert changed.command == "readiness sign templates-reviewed --policy-ref 'origin/release 3'"


class TestByName:
    def test_the_item_is_found(self) -> None:
        found = ask_by_name(Path(), checklist(BUILT, SIGNED), "reviewed")
        assert (found.item.id, found.policy.quorum, found.release) == ("reviewed", 2, "3.0.0")
        assert ask_by_name(Path(), checklist(BUILT, SIGNED), "reviewed", "legal") == found

    def test_an_unknown_one_is_refused_with_those_that_can_be_signed(self) -> None:
        with pytest.raises(RecordsError) as error:
            ask_by_name(Path(), checklist(BUILT, SIGNED), "review")
        assert "no item `review`" in error.value.summary
        assert error.value.remedy == "sign one of: reviewed"
        with pytest.raises(RecordsError) as error:
            ask_by_name(Path(), checklist(BUILT), "review")
        assert error.value.remedy == "no item asks for a sign-off"

    def test_one_that_a_command_answers_is_refused(self) -> None:
        with pytest.raises(RecordsError) as error:
            ask_by_name(Path(), checklist(BUILT), "built")
        assert "item built is answered by `command`" in error.value.summary
        assert "signoff" in error.value.remedy

    def test_another_role_than_the_item_asks_for_is_refused(self) -> None:
        with pytest.raises(RecordsError) as error:
            ask_by_name(Path(), checklist(SIGNED), "reviewed", "qa")
        assert "item reviewed asks for the role legal: signed as qa" in error.value.summary
        assert "--role" in error.value.remedy

    def test_people_of_the_checklist_count_once(self) -> None:
        with pytest.raises(RecordsError, match="can never be reached"):
            ask_by_name(Path(), checklist(SIGNED, people={COUNSEL: [PARALEGAL]}), "reviewed")


class TestParameters:
    def test_they_are_those_of_the_item(self) -> None:
        item = Item.model_validate({**SIGNED, "with": {"role": "legal", "covers": ["a.html"], "valid_for": "30d"}})
        assert signoff_policy(item) == SignoffPolicy(role="legal", covers=("a.html",), valid_for="30d")

    @pytest.mark.parametrize(
        ("params", "why"),
        [
            ({}, "role"),
            ({"role": "legal", "quorum": "2"}, "quorum"),
            ({"role": "legal", "quorum": 0}, "quorum"),
            ({"role": "legal", "quorum": 101}, "quorum"),
            ({"role": "legal", "each": ["a", "a"]}, "holds a name twice"),
            ({"role": "legal", "each": [""]}, "each"),
            ({"role": "legal", "each": ["x" * 201]}, "each"),
            ({"role": "legal", "not_by": "authors"}, "`not_by` needs `covers`"),
            ({"role": "legal", "not_by": "anybody", "covers": ["a"]}, "not_by"),
            ({"role": "legal", "covers": ["../a"]}, "covers"),
            ({"role": "legal", "more": 1}, "more"),
        ],
    )
    def test_wrong_ones_are_refused_by_name(self, params: dict[str, Any], why: str) -> None:
        item = Item.model_validate({**SIGNED, "with": params})
        with pytest.raises(RecordsError) as error:
            signoff_policy(item)
        assert error.value.summary.startswith("item reviewed: `with` is wrong: ")
        assert why in error.value.summary
        assert error.value.remedy

    def test_what_is_not_asked_for_is_not_asked(self) -> None:
        asked = SignoffPolicy(role="legal")
        assert (asked.quorum, asked.covers, asked.not_by) == (1, (), None)
        assert (asked.user_verification, asked.valid_for, asked.each) == (False, None, ())

    def test_the_largest_and_the_smallest_are_taken(self) -> None:
        for quorum in (1, 100):
            assert SignoffPolicy(role="legal", quorum=quorum).quorum == quorum
        assert SignoffPolicy(role="legal", each=("x" * 200, "y")).slots == ("x" * 200, "y")
        assert SignoffPolicy(role="legal").slots == ("",)
        with pytest.raises(ValidationError):
            SignoffPolicy(role="legal", quorum=0)


@pytest.mark.parametrize(
    ("items", "alone"),
    [
        ([("a", "signoff", ())], ("a",)),
        ([("a", "command", ())], ()),
        ([("b", "signoff", ("a",)), ("a", "signoff", ())], ("b", "a")),
        ([("a", "command", ()), ("b", "signoff", ("a",)), ("c", "signoff", ())], ("c",)),
        # what needs one that needs a command is not alone either
        ([("a", "command", ()), ("b", "signoff", ("a",)), ("c", "signoff", ("b",)), ("d", "signoff", ())], ("d",)),
        ([("a", "signoff", ("gone",))], ("a",)),
    ],
)
def test_an_item_is_signed_alone_when_all_that_it_needs_is(
    items: list[tuple[str, str, tuple[str, ...]]], alone: tuple[str, ...]
) -> None:
    written = [{"id": name, "title": name, "check": check, "needs": needs, "with": {}} for name, check, needs in items]
    assert signed_alone(checklist(*written)) == alone
