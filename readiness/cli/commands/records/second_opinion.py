"""The part of `readiness records verify` that has OpenSSH verify everything a second time."""

from typing import TYPE_CHECKING, NamedTuple

from readiness.cli.output.streams import emit
from readiness.text import count

if TYPE_CHECKING:
    from readiness.records.export.second_opinion import Comparison
    from readiness.records.judging.evidence import RecordEvidence


class Second(NamedTuple):
    """How the second opinion went."""

    disagreements: int
    told: str
    """The same in words."""


def compared(evidence: "RecordEvidence", *, verbose: bool) -> Second:
    """Verify every record through `ssh-keygen` alone, and name each about which it and readiness differ.

    Raises:
        RecordsError: There is no usable `ssh-keygen`.
    """
    from readiness.records.export.second_opinion import compare, find_openssh

    openssh = find_openssh()
    words: dict[str, int] = {"agree": 0, "stricter": 0, "disagree": 0}
    good = 0
    for each in compare(evidence, openssh):
        words[each.word] += 1
        good += each.answer.word == "good"
        if verbose or each.word != "agree":
            emit(_lines(each))
    version = openssh.version or "OpenSSH of unknown version"
    total = sum(words.values())
    told = (
        f"{version} alone: {good} of {count(total, 'signature')} good; readiness says the same about {words['agree']}"
    )
    told += f", is stricter about {words['stricter']}" if words["stricter"] else ""
    told += f", DISAGREES about {words['disagree']}" if words["disagree"] else ""
    return Second(words["disagree"], told)


def _lines(each: "Comparison") -> list[str]:
    from readiness.text import short

    path, word = each.record.path, each.answer.word
    theirs = word if word == "good" else f"{word}: {short(each.answer.said)}"
    if each.word == "agree":
        return [f"OpenSSH  {path}: {theirs}"]
    ours = "good" if each.standing is None else f"{each.standing.code}: {short(each.standing.reason)}"
    if each.word == "stricter":
        return [f"STRICTER {path}: OpenSSH says {theirs}; readiness refuses it ({ours})"]
    return [
        f"DISAGREE {path}: OpenSSH says {theirs}; readiness says {ours}",
        "         next: trust neither; keep the record, and report this as a defect of readiness",
    ]
