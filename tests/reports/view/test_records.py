from datetime import timedelta

from readiness.outcome import SignoffState
from readiness.report import PolicyChange
from readiness_reports.view import records
from support import governed, reports


def test_sign_offs_that_need_somebody_come_first() -> None:
    states = [card.card.state for card in records.signoffs(reports.no_go())]
    valid = states.index(SignoffState.VALID)
    assert valid > 0
    assert set(states[valid:]) == {SignoffState.VALID}


def test_a_card_tells_how_many_people_its_slot_needs_and_how_long_it_holds() -> None:
    cards = {card.card.principal: card for card in records.signoffs(reports.governed())}
    deputy = cards["deputy@example.com"]
    assert deputy.quorum is not None
    assert (deputy.quorum.value, deputy.quorum.threshold) == (2, 2)
    assert (deputy.countdown, deputy.loud) == ("6 days left", True)
    assert (cards["counsel@example.com"].countdown, cards["counsel@example.com"].loud) == ("168 days left", False)
    revoked = cards["trainee@example.com"]
    assert (revoked.countdown, revoked.loud) == ("", False)
    assert cards["privacy@example.com"].quorum is None


def test_every_waiver_is_listed_in_whatever_state_what_the_verdict_rests_on_first() -> None:
    found = [(w.waiver.item, w.waiver.state.value, w.countdown, w.loud) for w in records.waivers(reports.governed())]
    assert found == [
        ("tls", "valid", "9 days left", True),
        ("coverage", "valid", "30 days left", False),
        ("cdn", "valid", "lapses today", True),
        ("analytics", "valid", "200 days left", False),
        ("email", "expired", "expired 3 days ago", False),
        ("migrations", "unauthorised", "5 days left", False),
        ("terms", "revoked", "10 days left", False),
        ("rollback", "stale", "60 days left", False),
    ]


def test_a_waiver_says_what_it_does_for_the_verdict() -> None:
    said = {waived.waiver.item: waived.standing for waived in records.waivers(reports.governed())}
    assert said["tls"] == "The verdict depends on this waiver."
    assert said["cdn"] == "In force, but the verdict does not depend on it."
    assert said["terms"] == "It does not count."


def test_a_waiver_that_only_a_result_shows_is_listed_once() -> None:
    report = reports.conditional()
    without = report.model_copy(update={"waivers": ()})
    assert [waived.waiver.item for waived in records.waivers(without)] == ["tls", "coverage"]
    assert len(records.waivers(report)) == 2


def test_countdowns_are_those_of_the_run_and_not_of_the_reader() -> None:
    report = reports.governed()
    later = report.model_copy(update={"started_at": report.started_at + timedelta(days=9, hours=1)})
    assert records.waivers(later)[0].countdown == "expired today"


def test_changes_stand_in_groups_what_weakens_first() -> None:
    groups = records.changes(governed.policy(approved=False))
    assert [(group.title, len(group.changes)) for group in groups] == [
        ("Weakens", 3),
        ("Strengthens", 1),
        ("Neither", 1),
    ]
    inline = {change.code: change.inline for change in groups[0].changes}
    assert inline == {"threshold-lowered": True, "item-dropped": True, "command-changed": False}


def test_two_short_lines_are_not_made_one() -> None:
    change = PolicyChange(kind="weakens", code="command-changed", text="changes what it runs", before="a", after="a\nb")
    (group,) = records.changes(governed.policy(approved=False).model_copy(update={"changes": (change,)}))
    assert not group.changes[0].inline


def test_what_a_change_does_to_the_policy_is_said_in_words() -> None:
    policy = governed.policy(approved=False)
    strong = tuple(change for change in policy.changes if change.kind != "weakens")
    assert records.policy_words(policy).endswith("weakens the policy in 3 places: its owners have not signed that off.")
    assert records.policy_words(governed.policy(approved=True)).endswith("its owners have signed off exactly that.")
    assert records.policy_words(policy.model_copy(update={"changes": strong})).endswith(
        "2 places, and weakens nothing."
    )
    assert records.policy_words(policy.model_copy(update={"changes": ()})).endswith("no change of the policy.")
