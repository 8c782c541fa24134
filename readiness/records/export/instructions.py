"""Explains how to verify an archive with OpenSSH and sha256sum alone, as text and as a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from readiness.records.ssh.sshsig import NAMESPACE
from readiness.text import count

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
pre{background:#f3f3f3;padding:.75rem;overflow-x:auto}code{font-family:ui-monospace,monospace}h2{margin-top:2rem}
@media print{pre{white-space:pre-wrap;border:1px solid #999}}
"""


@dataclass(frozen=True)
class Example:
    """One record that is in order, to show by."""

    file: str
    signature: str
    roster: str
    """Digest of the roster that vouches for it."""
    commit: str
    """Which that roster is from; empty for one that no commit has."""
    principal: str
    moment: str
    """When it was signed, as OpenSSH takes it."""


@dataclass(frozen=True)
class About:
    """What is in an archive."""

    at: str
    """When it was made."""
    policy: str
    """Commit of the policy; empty outside of git."""
    examined: int
    """How many commits of its history were examined."""
    records: int
    left_out: int
    narrowed: str
    problems: int
    has: tuple[str, ...]
    """Names of files."""
    example: Example | None

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "exported_at": self.at,
            "policy_commit": self.policy,
            "commits_examined": self.examined,
            "filter": self.narrowed,
            "left_out": self.left_out,
        }


class _Block(NamedTuple):
    kind: str
    """`head`, `text`, `list` or `code`."""
    lines: tuple[str, ...]


def as_text(about: About) -> bytes:
    """The instructions as a text."""
    parts = ["HOW TO CHECK THIS ARCHIVE\n"]
    for kind, lines in _blocks(about):
        if kind == "head":
            parts.append(f"\n{lines[0]}\n{'-' * len(lines[0])}\n")
        else:
            before = {"list": "* ", "code": "    "}.get(kind, "")
            parts.append("".join(f"{before}{line}\n" for line in lines))
    return "\n".join(parts).encode()


def as_html(about: About) -> bytes:
    """The instructions as a page that loads nothing."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>How to check this archive</title><style>{_STYLE}</style></head>",
        "<body><main><h1>How to check this archive</h1>",
    ]
    for kind, lines in _blocks(about):
        safe = [escape(line) for line in lines]
        if kind == "head":
            parts.append(f"<h2>{safe[0]}</h2>")
        elif kind == "list":
            parts.append("<ul>" + "".join(f"<li>{line}</li>" for line in safe) + "</ul>")
        elif kind == "code":
            parts.append('<pre tabindex="0"><code>' + "\n".join(safe) + "</code></pre>")
        else:
            parts.append("<p>" + "<br>".join(safe) + "</p>")
    return ("\n".join([*parts, "</main></body></html>"]) + "\n").encode()


def _blocks(about: About) -> Iterator[_Block]:
    yield from _what_it_is(about)
    yield from _all_at_once()
    yield from _by_hand(about.example)
    yield from _where_trust_begins(about.example)
    yield from _limits()


def _text(*lines: str) -> _Block:
    return _Block("text", lines)


def _code(*lines: str) -> _Block:
    return _Block("code", lines)


def _what_it_is(about: About) -> Iterator[_Block]:
    yield _text(
        f"{count(about.records, 'record')} (sign-offs, waivers, revocations), exported at {about.at}",
        f"from commit {about.policy}, its history ({count(about.examined, 'commit')}) and the work tree."
        if about.policy
        else "from a folder without a git history: nothing tells when a record came, or whether one is missing.",
    )
    if about.narrowed:
        some = f"NOT ALL RECORDS ARE HERE: {count(about.left_out, 'record')} left out."
        yield _text(f"Chosen by: {about.narrowed}.", some if about.left_out else "No record was left out by that.")
    if about.problems:
        yield _text(f"{count(about.problems, 'defect')} of the folder of records or its history: see problems.csv.")
    yield _Block("head", ("What is here",))
    known = {
        "records/": "each record: <sha256>.json is exactly what was signed, <sha256>.sig its SSH signature",
        "rosters/": "who owned which key: allowed_signers in each version, in a folder named by its digest",
        "revoked_keys": "keys that are known to be compromised, at whatever time that became known",
        "index.txt": "for each record its signature, the roster as of the commit that brought it, and when that was",
        "records.csv": "the population to sample from: every record with all that it says and how it stands",
        "records.json": "the same for programs",
        "problems.csv": "files that are no sound records, and records that were edited or deleted in the history",
        "rosters.csv": "which commit changed roster and revoked keys, when and by whom",
        "checklist/": "the checklist that asks for the sign-offs",
        "report.html": "the report, for a browser",
        "report.json": "the same for programs",
        "attestation.json": "a signed verdict, as it was given to the export",
        "odd/": "bytes that lie under the name of a record which they are not",
        "verify.sh": "checks everything below in one go; read it first, it is short",
        "MANIFEST.sha256": "digests of all other files",
    }
    always = {"index.txt", "records.csv", "records.json", "problems.csv", "rosters.csv", "verify.sh", "MANIFEST.sha256"}
    always |= {"revoked_keys"}
    there = [name for name in known if name in always or any(file.startswith(name) for file in about.has)]
    yield _Block("list", tuple(f"{name}: {known[name]}" for name in there))


def _all_at_once() -> Iterator[_Block]:
    yield _Block("head", ("Everything at once",))
    yield _text("In the unpacked folder, with OpenSSH 9.1 or newer (`ssh -V`) and a POSIX shell:")
    yield _code("sh verify.sh")
    yield _text(
        "It exits 0 when all is in order, 1 when anything is not, 2 when it could not check.",
        "`void` counts as in order: the signature holds, but its key became known to be compromised.",
    )


def _by_hand(example: Example | None) -> Iterator[_Block]:
    yield _Block("head", ("By hand",))
    yield _text("1. Every file is what the manifest says (`shasum -a 256 -c` on macOS):")
    yield _code("sha256sum -c MANIFEST.sha256")
    if example is None:
        yield _text("2. No record in this archive is in order, so there is none to show the rest by: see records.csv.")
        return
    yield _text("2. A record is named by its own digest:")
    yield _code(f"sha256sum {example.file}")
    yield _text(
        "3. The person whom it names signed it, at the moment that it names, with a key that was theirs then.",
        "Signer and moment stand in the record itself (`signer`, `signed_at`), its roster in index.txt:",
    )
    yield _code(
        f"ssh-keygen -Y verify -f rosters/{example.roster}/allowed_signers \\",
        f"  -I {example.principal} -n {NAMESPACE} -Overify-time={example.moment} \\",
        f"  -r revoked_keys -s {example.signature} < {example.file}",
    )
    yield _text(
        'It says: Good "signoff@readiness" signature for ... Without `-r revoked_keys` it tells whether the signature',
        "held before its key became known to be compromised.",
    )


def _where_trust_begins(example: Example | None) -> Iterator[_Block]:
    yield _Block("head", ("Where trust begins",))
    yield _text(
        "A signature tells that a key signed; the roster tells whose key it is; so whoever could change the rosters in",
        "this archive could make up records. Compare them with a clone of the repository that you trust:",
    )
    if example is not None and example.commit:
        yield _code(
            f"git show {example.commit}:./.readiness/allowed_signers | sha256sum",
            f"# {example.roster}",
        )
    yield _text(
        "In the same way `git show COMMIT:./PATH | sha256sum` gives the digest of a file that was signed off: the",
        "`subject` of a record names each with its digest, and its `commit` where they were.",
        "Ask for the digest of this archive, which the export printed, on another way than the archive itself came.",
    )


def _limits() -> Iterator[_Block]:
    yield _Block("head", ("What these commands do not tell",))
    yield _Block(
        "list",
        (
            "Whether a sign-off still counts: item, files or role may have changed. See `state` in records.csv.",
            "Whether a hardware key was touched: OpenSSH does not insist on it when it verifies, readiness does.",
            "Whether a record came in time: compare `signed_at` with `seen_at`, when a commit brought it.",
            "Whether records are missing: that takes the history, which `readiness records verify` walks in a clone.",
        ),
    )
