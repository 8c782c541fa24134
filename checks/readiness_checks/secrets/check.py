"""The check `secrets`: searches files and history, and shows only the place and a fingerprint of each secret."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, ClassVar, Self

from pydantic import Field, StringConstraints, model_validator

from readiness import GitError, Repository
from readiness.check import Check, Context
from readiness.outcome import CheckError, Finding, Level, Measurement, Outcome, Status
from readiness.strictness import stricter
from readiness.text import count
from readiness_checks.parameters import ONE_OR_MANY
from readiness_checks.reading.globs import glob_pattern
from readiness_checks.secret_values import guessable
from readiness_checks.secrets import history as past
from readiness_checks.secrets.allow import Allow
from readiness_checks.secrets.contents import is_text
from readiness_checks.secrets.detectors import count as detectors
from readiness_checks.secrets.detectors import scan
from readiness_checks.secrets.since import Change
from readiness_checks.secrets.summed import Summed
from readiness_checks.secrets.tracked import LIMIT, Tally, select, texts
from readiness_checks.secrets.verdict import Hit, Verdict

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_LEVELS = {
    Verdict.SECRET: Level.ERROR,
    Verdict.TRIVIAL: Level.WARNING,
    Verdict.ASIDE: Level.WARNING,
    Verdict.SAMPLE: Level.NOTE,
    Verdict.PUBLIC: Level.NOTE,
    Verdict.PLACEHOLDER: Level.NOTE,
}
_WORDS = {
    Verdict.SECRET: "",
    Verdict.TRIVIAL: ", one that everybody guesses, in test data or for this machine",
    Verdict.ASIDE: ", in a file that runs nothing in production or under a name that tells nothing",
    Verdict.PUBLIC: ", which its vendor means to be seen by everybody",
    Verdict.SAMPLE: ", which is probably a sample",
    Verdict.PLACEHOLDER: ", which is a placeholder; the check `env` judges those",
}
_REMEDY = (
    "change it where it is valid, take it out of the file, and read it from the environment; "
    "if it is no secret, name its fingerprint and the reason under `allow`"
)


class Secrets(Check):
    """No secret is written into a file that git tracks.

    Why: Whoever can read the repository, now or from an old clone, can use every secret in it.

    How: Searches the tracked files as they are in the work tree (all files where there is no git), and as git has them
    where it writes them to the work tree in another encoding, for tokens of well-known services by the forms that
    `families.toml` lists with their sources, for private keys, for passwords in addresses and headers, and for what is
    assigned to names such as `password` in any language; with `history` also every line that any commit added, with
    `since` only what a change adds. Links are not followed. Comments in the files cannot switch the search off; neither
    can a NUL byte, an encoding or a name: only files that are no text are searched for tokens and keys alone, and those
    of more than 16 MiB only at their beginning, which a warning tells. Values of Kubernetes Secrets are read whatever
    their keys say. Digests,
    UUIDs, public keys, encrypted values, references and words for readers are no secrets. Tokens of a known form hold a
    release wherever they stand; what is found by its name or its randomness alone only where it may run in production:
    in tests, examples, documentation, translations, data, generated code and most of CI it is a warning if it looks
    random, else a note. Keys that their vendor means to be seen are notes. A password that
    everybody guesses is a warning, and in settings of production (`.env.production`) an error. A secret is shown by
    its place and a fingerprint: scrypt over kind, path and value, so that it is the same in every run but cannot be
    turned back, though a guess can be tested with it. A file that cannot be searched is an error.

    Remedy: Change the secret first, then take it out; taking it out of the file alone leaves it in history. What is no
    secret goes into `allow` with its fingerprint and a reason.

    Example:
        - id: secrets
          title: No secret is committed
          check: secrets
          with:
            allow:
              - {path: "tests/keys/**", reason: "keys of test servers"}
    """

    uses_services: ClassVar[bool] = False
    runs_foreign_code: ClassVar[bool] = False

    paths: Annotated[list[_Text], Field(min_length=1), ONE_OR_MANY, stricter.more_entries] = ["."]
    """Files, folders or globs to search; everything by default."""
    allow: Annotated[list[Allow], stricter.fewer_named("fingerprint", "path", "pattern")] = []
    """Findings that are accepted, each with a reason."""
    history: Annotated[bool, stricter.true] = False
    """Whether to search every line that a commit reachable from HEAD ever added, too."""
    everywhere: Annotated[bool, stricter.true] = False
    """Whether what looks random holds a release in tests, examples, documentation and data, too."""
    since: Annotated[_Text | None, stricter.unknown] = None
    """Branch, tag or commit: search only what the change since the merge base with it adds, its commits included."""

    @model_validator(mode="after")
    def _either(self) -> Self:
        if self.history and self.since is not None:
            raise ValueError("`history` searches all commits: leave `since` out")
        return self

    def run(self, context: Context) -> Outcome:
        """Search, hide what was found, put the answer together."""
        tally, search = Tally(), _Search(context, self.allow, everywhere=self.everywhere)
        change = Change(context.repository, self.since) if self.since else None
        for text in texts(context, select(context, self.paths), tally):
            if change and not change.touches(text.path, text.data):
                continue
            had = change.had(text.path) if change else set()
            for hit in scan(text.path, enumerate(text.lines, start=1), binary=text.binary):
                if text.lines[hit.line - 1] not in had:
                    search.add(text.path, hit)
        searched = self.history or change is not None
        commits = self._search_history(context, search, change.base if change else "") if searched else None
        if not tally.files:
            raise CheckError("there was no file to search", "correct `paths`", findings=tuple(_unread(tally)))
        return _outcome(tally, search, commits)

    def _search_history(self, context: Context, search: "_Search", base: str) -> int:
        repository = context.repository
        if repository is None:
            raise CheckError("there is no git repository whose history could be searched", "leave `history` out")
        try:
            return self._walk(repository, search, base)
        except GitError as error:
            raise CheckError(f"history cannot be read: {error}", "repair the repository") from error

    def _walk(self, repository: Repository, search: "_Search", base: str) -> int:
        if not repository.head:
            raise CheckError("the repository has no commit yet", "commit first, or leave `history` out")
        if repository.shallow:
            raise CheckError("the clone is shallow: its history is cut off", "fetch all of it (fetch-depth: 0)")
        wanted = [glob_pattern(glob) for glob in self.paths]
        ids = past.commits(repository, base)
        for piece in past.added(repository, ids):
            if any(pattern.fullmatch(piece.path) for pattern in wanted):
                text = "\n".join(line for _, line in piece.lines)
                plain = [(number, line.replace("\0", "")) for number, line in piece.lines]
                binary = "\0" in text and not is_text(text.replace("\0", "").encode(errors="surrogateescape"))
                for hit in scan(piece.path, piece.lines if binary else plain, binary=binary):
                    search.add(piece.path, hit, commit=piece.commit)
        return len(ids)


class _Search:
    """Collects findings, drops repetitions in history, and keeps every value out of them."""

    def __init__(self, context: Context, allow: list[Allow], *, everywhere: bool) -> None:
        self._context = context
        self._levels = _LEVELS | ({Verdict.ASIDE: Level.ERROR} if everywhere else {})
        self._allow = allow
        self._used: Counter[int] = Counter()
        self._seen: set[tuple[str, str, str]] = set()
        self._findings: list[Finding] = []
        self._summed = Summed()
        self._asked = any(entry.fingerprint for entry in allow)

    def add(self, path: str, hit: Hit, *, commit: str = "") -> None:
        """Take a hit; one that the work tree or a newer commit has already shown adds nothing."""
        same = (hit.kind, path, hit.value)
        if commit and same in self._seen:
            return
        self._seen.add(same)
        holds = self._levels[hit.verdict] is Level.ERROR
        if (holds or (hit.verdict is Verdict.ASIDE and hit.name)) and not guessable(
            hit.value
        ):  # masking a common word would garble texts
            self._context.redactor.register(hit.value)
        fingerprint = _fingerprint(*same) if self._asked else ""  # each takes 10 ms
        entry = next((i for i, allow in enumerate(self._allow) if allow.covers(hit, path, fingerprint)), None)
        if entry is not None:
            self._used[entry] += 1
            return
        if not holds and self._summed.takes(hit.verdict, path):
            return
        where = f" in commit {commit[:12]}, which history keeps" if commit else ""
        self._findings.append(
            Finding(
                message=f"{hit.kind}{_WORDS[hit.verdict]}{where}",
                rule=hit.kind.lower().replace(" ", "-"),
                level=self._levels[hit.verdict],
                path=path,
                line=hit.line,
                remedy=_REMEDY if holds else "read it from the environment",
                fingerprint=fingerprint or _fingerprint(*same),
            )
        )

    def findings(self) -> Iterator[Finding]:
        """Give what was found, the worst first, then what was allowed."""
        found = [*self._findings, *self._summed.findings(self._levels, _WORDS)]
        yield from sorted(found, key=lambda finding: list(_LEVELS.values()).index(finding.level))
        source = self._context.item.source
        for index, allow in enumerate(self._allow):
            used = self._used[index]
            yield Finding(
                message=f"{count(used, 'finding')} allowed by {allow.title}: {allow.reason}"
                if used
                else f"the entry {allow.title} allows nothing: {allow.reason}",
                rule="allowed" if used else "unused-allow",
                level=Level.NOTE,
                path=source.file if source else "",
                line=source.line if source else None,
                remedy="review it from time to time" if used else "take it out of `allow`",
            )


@lru_cache(maxsize=4096)
def _fingerprint(kind: str, path: str, value: str) -> str:
    salt = f"{kind}\0{path}".encode(errors="surrogatepass")
    data = value.encode(errors="surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=2**12, r=8, p=1, dklen=16).hex()


def _unread(tally: Tally) -> Iterator[Finding]:
    for path, why in tally.unread.items():
        message, remedy = f"{path} was not searched: {why}", "make it readable, or leave it out of `paths`"
        yield Finding(message=message, rule="not-searched", path=path, remedy=remedy)


def _searched_in_part(tally: Tally) -> Iterator[Finding]:
    for path in tally.parts:
        message = f"only the first {LIMIT // 2**20} MiB of this binary file were searched"
        remedy = "keep files of this size out of git, or leave it out of `paths`"
        yield Finding(message=message, rule="searched-in-part", level=Level.WARNING, path=path, remedy=remedy)


def _outcome(tally: Tally, search: _Search, commits: int | None) -> Outcome:
    found, unread = [*search.findings(), *_searched_in_part(tally)], list(_unread(tally))
    secrets = [finding for finding in found if finding.level is Level.ERROR]
    places = len({finding.path for finding in secrets})
    scope = count(tally.files, "file") + (f" and {count(commits, 'commit')}" if commits is not None else "")
    said = f"{count(len(secrets), 'secret')} in {count(places, 'file')}" if secrets else "no secret found"
    summary = f"{said}; {scope} searched"
    measurements = [
        Measurement(name="secrets", value=len(secrets), operator="==", threshold=0),
        Measurement(name="detectors", value=detectors()),
        Measurement(name="binary files, searched for tokens only", value=tally.binary, unit="files"),
        Measurement(name="binary files, searched in part only", value=len(tally.parts), unit="files"),
        Measurement(name="links and submodules, not followed", value=tally.links, unit="entries"),
    ]
    if commits is not None:
        measurements.append(Measurement(name="commits searched", value=commits, unit="commits"))
    status = Status.FAILED if secrets else Status.PASSED
    if unread:
        status, summary = (
            Status.ERROR,
            f"{count(len(unread), 'file')} could not be searched, first {unread[0].path}; {summary}",
        )
    return Outcome(
        status=status,
        summary=summary,
        examined=tally.files,
        unit="files",
        measurements=tuple(measurements),
        findings=(*unread, *found),
        remedy=(unread or secrets)[0].remedy if unread or secrets else "",
    )
