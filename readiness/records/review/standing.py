"""The state of an item of sign-offs, in each release and environment."""

from collections.abc import Iterable, Iterator

from readiness.checklist import SIGNOFF, Checklist
from readiness.outcome import SignoffCard, SignoffState, Status, Value
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.item import judge
from readiness.records.judging.question import ask_checklist
from readiness.records.judging.signoff_policy import signoff_policy
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import for_content
from readiness.records.review.ledger import Loader
from readiness.records.storage.work_tree import Record


class ItemStanding(Value):
    """How an item stands in one release and environment."""

    item: str
    release: str = ""
    environment: str = ""
    status: Status
    """As `readiness check` finds it; `error` when that is not known."""
    text: str
    """Why."""
    remedy: str = ""
    role: str = ""
    """Who may sign; empty when that is not known."""
    quorum: int = 1
    """How many people have to sign, for each name of a matrix."""
    cards: tuple[SignoffCard, ...] = ()


def places(
    outline: Checklist,
    records: Iterable[Record] = (),
    *,
    release: str | None = None,
    environment: str | None = None,
) -> list[tuple[str, str]]:
    """Releases and environments that matter: those that the checklist names, and those of records.

    Args:
        outline: The checklist, parameters as they are written.
        records: Sign-offs and waivers.
        release: This release only.
        environment: This environment only.
    """
    releases = [outline.release if release is None else release]
    environments = list(outline.environments) or [""] if environment is None else [environment]
    found = dict.fromkeys((r, e) for r in releases for e in environments)
    given = (said for record in records if (said := record.signoff or record.waiver) is not None)
    found |= dict.fromkeys(
        (said.release, said.environment)
        for said in given
        if said.project == outline.project
        and not for_content(said)
        and release in {None, said.release}
        and environment in {None, said.environment}
    )
    return list(found)


def item_standing(
    item: str, release: str, environment: str, evidence: RecordEvidence, load: Loader
) -> ItemStanding | None:
    """How an item stands; None when it asks for no sign-off.

    Args:
        item: Id of the item.
        release: The release.
        environment: The environment; may be empty.
        evidence: What records are judged by.
        load: Gives the checklist.
    """
    unknown = ItemStanding(item=item, release=release, environment=environment, status=Status.ERROR, text="")
    try:
        checklist = load(environment, release)
        found = next((one for one in checklist.items if one.id == item), None)
        if found is None or found.check != SIGNOFF:
            return None
        policy = signoff_policy(found)
        unknown = unknown.model_copy(update={"role": policy.role, "quorum": policy.quorum})
        question = ask_checklist(evidence.root, checklist, found, evidence.content, files=evidence.files)
    except RecordsError as error:
        return unknown.model_copy(update={"text": " ".join(error.summary.split()), "remedy": error.remedy})
    judgement = judge(question, evidence)
    open_cards = [card for card in judgement.cards if card.state is not SignoffState.VALID and not card.past]
    past = [card for card in judgement.cards if card.past]
    shown = [*open_cards, *past] if judgement.status is not Status.PASSED else judgement.cards
    return ItemStanding(
        item=item,
        release=release,
        environment=environment,
        status=judgement.status,
        text="; ".join(_in_words(shown)),
        remedy=next((card.remedy for card in open_cards), "") if judgement.status is not Status.PASSED else "",
        role=question.policy.role,
        quorum=question.policy.quorum,
        cards=judgement.cards,
    )


def _in_words(cards: Iterable[SignoffCard]) -> Iterator[str]:
    for card in cards:
        yield (f"{card.subject}: " if card.subject and card.state is not SignoffState.MISSING else "") + card.reason
