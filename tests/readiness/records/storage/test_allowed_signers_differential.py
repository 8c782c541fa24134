"""What a roster means to OpenSSH it means here: on generated lines, options, people and moments.

Where our reader takes a roster, both answers are the same. Where it refuses one, nobody signs here, whatever OpenSSH
says.
"""

import itertools
import logging
import random
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from readiness.records.model.errors import RecordsError
from readiness.records.ssh.sshsig import SignatureRefusedError, verify
from readiness.records.storage.allowed_signers import parse_roster
from support.authenticator import HARDWARE, Device
from support.long import often
from support.signing import KINDS, key, public
from support.sshsig import MESSAGE, NAMESPACE, sign

ROSTERS = often(800, 2_500)
SAMPLE = 0.2
"""Which part of those that we refuse OpenSSH is asked about."""
MOMENT = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
ZONES = ("UTC", "America/New_York", "Asia/Tokyo")
PERSON = "counsel@example.com"

PRINCIPALS = [PERSON] * 40 + [
    "Counsel@example.com", "counsel@EXAMPLE.com", "*", "*@example.com", "counsel@*", "c?unsel@example.com",
    f"!{PERSON}", f"other@example.com,{PERSON}", f'"{PERSON}"', f"*@example.com,!{PERSON}", "counsel",
    f"{PERSON},", f"-{PERSON}", "counsel+x@example.com", f"{PERSON}.", "",
]  # fmt: skip
NAMESPACES = [f'namespaces="{NAMESPACE}"'] * 40 + [
    'namespaces="*"', 'namespaces="signoff@*"', f'namespaces="git,{NAMESPACE}"', 'namespaces="git"', 'namespaces=""',
    f"namespaces={NAMESPACE}", f'Namespaces="{NAMESPACE}"', 'namespaces="Signoff@readiness"', "",
    f'namespaces="!{NAMESPACE},*"', f"namespaces='{NAMESPACE}'", f'namespaces=" {NAMESPACE}"',
]  # fmt: skip
ODD_OPTIONS = [
    "cert-authority",
    "verify-required",
    'valid-before="20300101Z"',
    "no-such-option",
    'x="y"',
    "CERT-AUTHORITY",
]


def times() -> list[str]:
    """The edges of the moment, and what else one might write."""
    near = [MOMENT + timedelta(seconds=seconds) for seconds in (-86_400, -3_600, -60, -1, 0, 1, 60, 3_600, 86_400)]
    forms = ["%Y%m%dZ", "%Y%m%d%H%MZ", "%Y%m%d%H%M%SZ", "%Y%m%d%H%M%S", "%Y%m%d"]
    weights = [4, 4, 8, 1, 1]
    found = [t.strftime(form) for t in near for form, weight in zip(forms, weights, strict=True) for _ in range(weight)]
    return [
        *found,
        "20260231Z",
        "2026063025Z",
        "20260630120060Z",
        "0",
        "",
        "99991231Z",
        "20300101z",
        "2026-06-30",
        "19691231Z",
    ]


TIMES = times()


def line(chance: random.Random, people: list[str]) -> str:
    """One line of a roster, sensible more often than not."""
    options = [chance.choice(NAMESPACES)]
    if chance.random() < 0.9:
        options.append(f'valid-before="{chance.choice(TIMES)}"')
    if chance.random() < 0.5:
        options.append(f'valid-after="{chance.choice(TIMES)}"')
    if chance.random() < 0.06:
        options.append(chance.choice(ODD_OPTIONS))
    chance.shuffle(options)
    glue = "," if chance.random() < 0.97 else chance.choice([", ", " ", ",,", ";"])
    text = f"{chance.choice(PRINCIPALS)} {glue.join(filter(None, options))} {chance.choice(people)}"
    if chance.random() < 0.12:
        text = chance.choice(
            [
                f"{text} a comment",
                f"  {text}",
                f"\t{text}",
                f"{text}\r",
                f"# {text}",
                text.replace(" ", "\t"),
                f"{text}=",
            ]
        )
    return text


def ours(text: str, signature: bytes, moment: datetime) -> bool | None:
    """Whether the person signed, as we see it; None when the roster is refused."""
    try:
        read = parse_roster(text.encode())
    except RecordsError as error:
        explained = all(finding.line and finding.message and finding.remedy for finding in error.findings)
        if not explained or not (error.findings or "names no key" in error.summary):
            raise AssertionError("a refusal names its line, its reason and what to do") from error
        return None
    try:
        holder = read.find(verify(MESSAGE, signature).key)
    except SignatureRefusedError:
        return False
    return holder is not None and holder.principal == PERSON and holder.valid_at(moment)


def theirs(text: str, signature: bytes, moment: datetime, folder: Path, zone: str) -> bool:
    (folder / "roster").write_text(text)
    (folder / "signature").write_bytes(signature)
    args = ["ssh-keygen", "-Y", "verify", "-f", "roster", "-I", PERSON, "-n", NAMESPACE, "-s", "signature"]
    when = f"-Overify-time={moment.strftime('%Y%m%d%H%M%SZ')}"
    env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "TZ": zone}
    done = subprocess.run([*args, when], cwd=folder, input=MESSAGE, env=env, capture_output=True, check=False)
    return done.returncode == 0


@pytest.fixture(scope="module")
def signatures() -> dict[str, bytes]:
    """By line of the key."""
    made = {public(key("signer", kind)).line: sign(kind) for kind in KINDS}
    return made | {Device(kind).line: Device(kind).sign() for kind in HARDWARE}


def generated(people: list[str]) -> Iterator[tuple[str, random.Random]]:
    chance = random.Random("readiness roster")  # noqa: S311 - the same rosters in every run
    for _ in range(ROSTERS):
        lines = [line(chance, people) for _ in range(chance.choice([1, 1, 1, 2, 3]))]
        yield "\n".join(lines) + "\n", chance


@pytest.mark.long
def test_a_roster_means_the_same_to_openssh(signatures: dict[str, bytes], tmp_path: Path) -> None:
    people = list(signatures)
    zones = itertools.cycle(ZONES)
    counts = {"good to both": 0, "bad to both": 0, "refused": 0, "refused, and good to OpenSSH": 0}
    for text, chance in generated(people):
        named = [person for person in people if person in text]
        signature = signatures[chance.choice(named or people)]
        moment = MOMENT + timedelta(seconds=chance.choice([0, 0, 0, -1, 1, -3_600]))
        answer = ours(text, signature, moment)
        if answer is None and chance.random() > SAMPLE:
            continue
        stock = theirs(text, signature, moment, tmp_path, next(zones))
        if answer is None:
            counts["refused, and good to OpenSSH" if stock else "refused"] += 1
        else:
            assert answer is stock, f"{moment}: we say {answer}, OpenSSH says {stock}, of\n{text}"
            counts["good to both" if stock else "bad to both"] += 1
    logging.getLogger(__name__).info("%s", counts)
    assert min(counts.values()) > 10, counts


def test_a_principal_is_another_one_in_another_case(signatures: dict[str, bytes], tmp_path: Path) -> None:
    person, signature = next(iter(signatures.items()))
    text = f'Counsel@example.com namespaces="{NAMESPACE}",valid-before="20300101Z" {person}\n'
    assert ours(text, signature, MOMENT) is False
    assert not theirs(text, signature, MOMENT, tmp_path, "UTC")
