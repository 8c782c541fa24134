"""Reads who may sign with which key, and when: a strict subset of OpenSSH's own files."""

import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from readiness.checklist import PRINCIPAL
from readiness.outcome import Finding
from readiness.records.model.errors import RecordsError
from readiness.records.ssh.public_key import KeyRefusedError, PublicKey, parse_key, parse_line
from readiness.records.ssh.sshsig import NAMESPACE
from readiness.records.storage.reading import read_file, unix_lines
from readiness.text import unseen

ALLOWED_SIGNERS = ".readiness/allowed_signers"
REVOKED_KEYS = ".readiness/revoked_keys"
ROSTER_LIMIT = 1024 * 1024
"""Bytes that either file may have."""
EVIDENCE_NAMESPACE = "evidence@readiness"
"""Of a key that signs files of evidence and no records: OpenSSH refuses a sign-off by such a line, too."""
_EVIDENCE_KIND = "ecdsa-sha2-nistp256"
"""Evidence is signed in DSSE envelopes, as verdicts are."""
_LINE = re.compile(r"(?P<principal>\S++)[ \t]++(?P<options>\S++)[ \t]++(?P<kind>\S++)[ \t]++(?P<key>\S++)([ \t].*+)?")
_KEY_LINE = re.compile(r"(?P<kind>\S++)[ \t]++(?P<key>\S++)([ \t].*+)?")
_OPTIONS = re.compile(r'[a-z-]++="[^"\\]*+"(,[a-z-]++="[^"\\]*+")*+')
_OPTION = re.compile(r'(?<![a-z-])([a-z-]++)="([^"\\]*+)"')
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)((\d\d)(\d\d)(\d\d)?)?Z")
_EXAMPLE = f'jo@example.com namespaces="{NAMESPACE}",valid-before="20300101Z" ssh-ed25519 AAAA…'
_ADD = "add a key: readiness signers add jo@example.com --key ~/.ssh/id_ed25519.pub"


@dataclass(frozen=True)
class Holder:
    """One key and the person it belongs to."""

    principal: str
    key: PublicKey
    valid_after: datetime | None
    """First moment at which the key may sign."""
    valid_before: datetime
    """Last moment at which it may."""
    line: int
    """Line in the file, from 1."""
    produces: bool = False
    """Whether the key signs files of evidence, and no records."""

    def valid_at(self, moment: datetime) -> bool:
        """Whether the key may sign at a moment; both ends count, as they do for OpenSSH."""
        return (self.valid_after is None or self.valid_after <= moment) and moment <= self.valid_before


@dataclass(frozen=True)
class Roster:
    """Everyone who may sign."""

    signers: tuple[Holder, ...]
    """Whose keys sign records."""
    revoked: frozenset[bytes] = frozenset()
    """Blobs of keys that void everything they signed."""
    sha256: str = ""
    """Digest of `allowed_signers`."""
    producers: tuple[Holder, ...] = ()
    """Whose keys sign files of evidence."""
    by_key: dict[bytes, Holder] = field(init=False, repr=False, compare=False)
    """Whose keys sign records, by the blob of the key."""
    producing: frozenset[bytes] = field(init=False, repr=False, compare=False)
    """Blobs of the keys that sign files of evidence."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "producing", frozenset(holder.key.blob for holder in self.producers))
        object.__setattr__(self, "by_key", {signer.key.blob: signer for signer in self.signers})

    def find(self, key: PublicKey) -> Holder | None:
        """Whose key for records it is; None when it is nobody's."""
        return self.by_key.get(key.blob)

    def produces(self, key: PublicKey) -> bool:
        """Whether a key signs files of evidence, and so no records."""
        return key.blob in self.producing

    @property
    def revoked_keys(self) -> bytes:
        """Content of a `revoked_keys` file that names every key in `revoked`."""
        return "".join(sorted(parse_key(blob).line + "\n" for blob in self.revoked)).encode()

    @property
    def principals(self) -> frozenset[str]:
        """Everyone who has a key for records."""
        return frozenset(signer.principal for signer in self.signers)


def read_roster(root: Path) -> Roster:
    """Read both files of a repository.

    Raises:
        RecordsError: The roster is missing or empty, or a line of either file is refused; nothing is then trusted.
    """
    data = _checked_out(root, ALLOWED_SIGNERS)
    if data is None:
        raise RecordsError(f"{ALLOWED_SIGNERS} does not exist, so nobody can sign off", _ADD)
    return parse_roster(data, _checked_out(root, REVOKED_KEYS) or b"")


def read_revoked(root: Path) -> frozenset[bytes]:
    """Blobs of the keys that `revoked_keys` of a folder names; none when it does not exist.

    Raises:
        RecordsError: A line is refused.
    """
    return parse_revoked(_checked_out(root, REVOKED_KEYS) or b"")


def _checked_out(root: Path, path: str) -> bytes | None:
    """A file of the work tree as git has it: with `core.autocrlf`, git for Windows checks out other line ends."""
    data = read_file(root, path, limit=ROSTER_LIMIT)
    return unix_lines(data) if data is not None else None


def parse_revoked(data: bytes) -> frozenset[bytes]:
    """Read the content of `revoked_keys`.

    Raises:
        RecordsError: A line is refused.
    """
    findings: list[Finding] = []
    void = _void(data, findings)
    _refuse(findings)
    return void


def once_revoked(data: bytes) -> dict[bytes, str]:
    """Fingerprint by blob, of the keys in an earlier version of `revoked_keys`: as far as its lines can be read."""
    found: dict[bytes, str] = {}
    for _number, line in _lines(data, REVOKED_KEYS, []):
        with contextlib.suppress(ValueError):
            key = _revoked(line)
            found[key.blob] = key.fingerprint
    return found


def parse_roster(allowed: bytes, revoked: bytes = b"") -> Roster:
    """Read the content of both files.

    Raises:
        RecordsError: Any line is refused, or nobody may sign.
    """
    findings: list[Finding] = []
    signers: list[Holder] = []
    by_key, by_name = dict[bytes, Holder](), dict[str, Holder]()
    for number, line in _lines(allowed, ALLOWED_SIGNERS, findings):
        try:
            signer = _signer(number, line)
            same_name = by_name.get(signer.principal.casefold(), signer)
            _refuse_repetition(signer, by_key.get(signer.key.blob), same_name)
            signers.append(signer)
            by_key[signer.key.blob], by_name[signer.principal.casefold()] = signer, same_name
        except ValueError as error:
            findings.append(_finding(ALLOWED_SIGNERS, number, str(error)))
    void = _void(revoked, findings)
    _refuse(findings)
    if not signers:
        raise RecordsError(f"{ALLOWED_SIGNERS} names no key, so nobody can sign off", _ADD)
    return Roster(
        tuple(holder for holder in signers if not holder.produces),
        void,
        hashlib.sha256(allowed).hexdigest(),
        tuple(holder for holder in signers if holder.produces),
    )


def _void(data: bytes, findings: list[Finding]) -> frozenset[bytes]:
    void: set[bytes] = set()
    for number, line in _lines(data, REVOKED_KEYS, findings):
        try:
            void.add(_revoked(line).blob)
        except ValueError as error:
            findings.append(_finding(REVOKED_KEYS, number, str(error)))
    return frozenset(void)


def _refuse(findings: list[Finding]) -> None:
    if findings:
        first = findings[0]
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        raise RecordsError(f"{first.place}: {first.message}{more}", first.remedy, findings=tuple(findings))


def _finding(path: str, line: int, reason: str) -> Finding:
    form = _EXAMPLE if path == ALLOWED_SIGNERS else "ssh-ed25519 AAAA…"
    return Finding(message=reason, rule="roster", path=path, line=line, remedy=f"write the line as: {form}")


def _lines(data: bytes, path: str, findings: list[Finding]) -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(data.split(b"\n"), 1):
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError:
            findings.append(_finding(path, number, "the line is not UTF-8 text"))
            continue
        if line.endswith("\r"):
            findings.append(_finding(path, number, "the line ends with a carriage return; use Unix line ends"))
        elif unseen(line.replace("\t", " ")):
            findings.append(_finding(path, number, "the line holds a character that a reader cannot see"))
        elif line.strip(" \t") and not line.lstrip(" \t").startswith("#"):
            yield number, line


def _signer(number: int, line: str) -> Holder:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError("the line is not: principal, options, type of key, key")
    principal = match["principal"]
    if PRINCIPAL.fullmatch(principal) is None:
        raise ValueError("the principal is not one literal name or e-mail address: lists and wildcards are not taken")
    options = _options(match["options"])
    produces = options.get("namespaces") == EVIDENCE_NAMESPACE
    if not produces and options.get("namespaces") != NAMESPACE:
        raise ValueError(f'the line does not say namespaces="{NAMESPACE}", or "{EVIDENCE_NAMESPACE}" for a producer')
    if "valid-before" not in options:
        raise ValueError("the line does not say valid-before, so its key would be trusted for ever")
    before = _time(options["valid-before"])
    after = _time(options["valid-after"]) if "valid-after" in options else None
    if after is not None and after >= before:
        raise ValueError("valid-after is not earlier than valid-before")
    try:
        key = parse_line(match["kind"], match["key"])
    except KeyRefusedError as error:
        raise ValueError(str(error)) from error
    if produces and key.kind != _EVIDENCE_KIND:
        raise ValueError(f"a key that signs evidence is of the kind {_EVIDENCE_KIND}, and not {key.kind}")
    return Holder(principal, key, after, before, number, produces)


def _options(text: str) -> dict[str, str]:
    if "cert-authority" in text:
        raise ValueError("cert-authority is not taken: name each person's own key")
    if _OPTIONS.fullmatch(text) is None:
        raise ValueError('the options are not namespaces="…",valid-before="…" without blanks')
    options: dict[str, str] = {}
    for name, value in _OPTION.findall(text):
        if name in options:
            raise ValueError(f"option {name} is there twice")
        if name not in {"namespaces", "valid-after", "valid-before"}:
            raise ValueError("only the options namespaces, valid-after and valid-before are taken")
        options[name] = value
    return options


def _time(text: str) -> datetime:
    """Read OpenSSH's time; it takes one without `Z` for local time, which differs from machine to machine."""
    match = _TIME.fullmatch(text)
    if match is None or not text.isascii():
        raise ValueError("a time is not YYYYMMDDZ or YYYYMMDDHHMM[SS]Z: the Z, for UTC, is needed")
    year, month, day, _clock, hour, minute, second = match.groups()
    clock = (int(hour or 0), int(minute or 0), int(second or 0))
    try:
        moment = datetime(int(year), int(month), int(day), *clock, tzinfo=UTC)
    except ValueError:
        raise ValueError("there is no such year, month, day or time") from None
    if moment.timestamp() <= 0:  # OpenSSH takes no such line
        raise ValueError("a time lies before 1970")
    return moment


def _refuse_repetition(signer: Holder, same_key: Holder | None, same_name: Holder) -> None:
    misspelled = same_name.principal != signer.principal
    if same_key is not None and not (misspelled and same_name.line < same_key.line):
        raise ValueError(f"the key stands in line {same_key.line} already: one key belongs to one person, once")
    if misspelled:
        raise ValueError(f"the principal is spelled differently in line {same_name.line}")


def _revoked(line: str) -> PublicKey:
    match = _KEY_LINE.fullmatch(line)
    if match is None:
        raise ValueError("the line is not: type of key, key")
    return parse_line(match["kind"], match["key"])
