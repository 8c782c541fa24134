"""Finds secrets in lines of text, with the detectors of bc-detect-secrets and patterns for tokens that it lacks.

The detectors are asked directly, not through the library's scanner: that honours comments such as `pragma: allowlist
secret` and the word `example` in the judged line, by which a pull request could hide what it adds, and it can verify
what it finds over the network, which would send a secret to somebody.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import PurePosixPath
from typing import Any

from readiness.outcome import CheckError
from readiness_checks.secrets.false_positives import Verdict, judge_assignment, judge_entropy, judge_url

_TOKENS = {
    # Formats as their issuers document them: prefix, alphabet and length.
    "GitHub Token": r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})",
    "GitLab Token": r"\bgl(?:pat|dt|rt|cbt|ptt|ft|agent|soat)-[A-Za-z0-9_-]{20,}",
    "OpenAI API Key": r"\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,}|\bsk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}\b",
    "Anthropic API Key": r"\bsk-ant-[a-z0-9]+-[A-Za-z0-9_-]{60,}",
    "Google API Key": r"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])",
    "Google OAuth Secret": r"\bGOCSPX-[A-Za-z0-9_-]{28}",
    "Hugging Face Token": r"\bhf_[A-Za-z0-9]{34,}\b",
    "Slack Token": r"\bxapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{40,}|\bxox[abposr]-[A-Za-z0-9-]{20,}"
    r"|hooks\.slack\.com/(?:services|workflows)/T[A-Za-z0-9_]+/[A-Za-z0-9_]+/[A-Za-z0-9_/]+",
    "Stripe Access Key": r"\b[rs]k_live_[A-Za-z0-9]{24,}|\bwhsec_[A-Za-z0-9+/=]{32,}",
    "PyPI Token": r"\bpypi-AgE[A-Za-z0-9_-]{50,}",
    "npm Token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "Sentry Token": r"\bsntr[yu]s_[A-Za-z0-9+/=_-]{40,}",
    "DigitalOcean Token": r"\bdo[opr]_v1_[a-f0-9]{64}\b",
    "Telegram Bot Token": r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])",
    "Azure Storage Key": r"AccountKey=[A-Za-z0-9+/]{86}==",
    "age Secret Key": r"\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b",
}
_GATE = re.compile(
    r"(?i:key|pass|pwd|token|secret|authori|curl|contrase|artif|jfrog|softlayer|cloudant|ibm)|://[^\s/:]{0,256}:[^\s/]|-----BEGIN|PuTTY"
    r"|(?=[A-Za-z+/_=.-]{0,40}\d)[A-Za-z0-9+/_=.-]{12}|[A-Za-z0-9+/_=-]{20}"
)
"""A cheap test that every line passes which any detector can match: most lines do not."""
_KEY = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[23]:")
_KEY_BODY = re.compile(r"(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])[A-Za-z0-9+/]{24,}")
_KEY_HEAD = 12
"""Lines between the first line of a key and its body: encryption, comment and version headers."""
_WINDOW, _OVERLAP = 4_000, 400
_SMALL_WINDOW, _SMALL_OVERLAP = 500, 200
"""Characters searched at once: the detectors' patterns take quadratic time and worse on hostile lines."""
_SPACE = re.compile(r"\s{2,}")
_GENERIC = {"KeywordDetector", "Base64HighEntropyString", "HexHighEntropyString"}
_REPLACED = {
    "PrivateKeyDetector", "BasicAuthDetector", "NpmDetector", "SlackDetector", "AzureStorageKeyDetector",
    "GitHubTokenDetector",
}  # fmt: skip
"""Detectors that read files by themselves, give a part of the token as its value, or are laxer than the above."""
_DOTENV = re.compile(
    r"(^|/)(\.?env(\.[\w.-]+)?|[\w.-]+\.env|\.npmrc|\.pypirc|\.netrc|\.pgpass|credentials|Dockerfile[\w.-]*)$"
)
_BASIC_AUTH = re.compile(
    r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,30}://[^\s/:@'\"<>]{0,200}:([^\s/@'\"]{1,200})@[^\s/'\"]{1,200}", re.IGNORECASE
)
_TELLING = r"(?:passwo?r?d|passwd|passphrase|secret|(?:api|access|private|secret)[-_]?key|token|_pass|_pwd)"
_SPELLINGS = (
    # What the library's keyword detector does not read: each gives the value as its only group.
    re.compile(rf"(?i)<[\w.:-]{{0,40}}{_TELLING}\s*>\s*([^<>\s]{{4,200}})\s*</"),  # an element of XML
    re.compile(
        rf"(?i)[\"'][\w.-]{{0,40}}{_TELLING}[\"']\s*,\s*[\"']([^\"'\s]{{6,200}})[\"']\s*\)"
    ),  # define('NAME', 'value')
    re.compile(r"(?i)[;\"'](?:password|pwd)\s*=\s*([^;\"'\s={}$]{4,200})\s*[;\"']"),  # a connection string
    re.compile(
        r"(?<![\w$.-])[A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|SECRET_KEY|_PASS|_PWD)"
        r"=(?!=)[\"']?([^\s\"'$`(){};,<>=&|]{6,200})"
    ),  # a shell, a Dockerfile, a unit of systemd
    re.compile(r"(?i)authorization[\"']?\s*[:=]\s*[\"']?(?:bearer|token|basic)\s+([A-Za-z0-9+/_.=~-]{16,400})"),
    re.compile(r"\bcurl\s[^|;&]{0,200}?(?:-u|--user)[\s=]?\s*[\"']?[\w.@+-]{1,80}:([^\s\"'$]{4,200})"),
)
_ABOUT = re.compile(
    rf"(?i){_TELLING}s?[-_]?(?:name|ref|header|field|label|type|url|uri|path|file)[\"']?\s*(?::=|[:=]|=>)"
)
_PLAIN_NAME = re.compile(r"[A-Za-z][a-z]*(?:[-_./ ][A-Za-z0-9]{1,12})*")
"""How the thing is called that such a name speaks about: `secretName: app-tls`."""
_LOCK_NAMES = {
    "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "go.sum", "packages.lock.json", "Package.resolved",
    "Cartfile.resolved", "gradle.lockfile", "cabal.project.freeze",
}  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """One secret in one line."""

    kind: str
    value: str
    line: int
    verdict: Verdict


class Detectors:
    """The detectors, made once for a run."""

    def __init__(self) -> None:
        if find_spec("detect_secrets") is None:
            raise CheckError("bc-detect-secrets is not installed", "install `readiness[secrets]`")
        from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

        classes: Iterable[Any] = get_mapping_from_secret_type_to_class().values()
        plugins = {cls.__name__: cls for cls in classes}
        if not plugins.keys() >= _GENERIC:
            raise CheckError("the installed detect-secrets lacks detectors", "install `readiness[secrets]` again")
        self._entropy = [plugins[name]() for name in sorted(_GENERIC) if name.endswith("String")]
        self._specific = [cls() for name, cls in sorted(plugins.items()) if name not in _GENERIC | _REPLACED]
        self._tokens = [(kind, re.compile(pattern)) for kind, pattern in _TOKENS.items()]

    @property
    def count(self) -> int:
        """How many detectors there are."""
        return len(self._entropy) + len(self._specific) + len(self._tokens) + 2

    @cached_property
    def _keywords(self) -> Any:
        from detect_secrets.plugins import keyword

        return keyword

    def scan(self, path: str, lines: Iterable[tuple[int, str]], *, binary: bool = False) -> Iterator[Hit]:
        """Search numbered lines of one file.

        In binary and in lock files only tokens of a known form are searched, for both are full of digests.
        """
        name = PurePosixPath(path).name
        generic = not (binary or name in _LOCK_NAMES or name.endswith((".lock", ".lock.json")))
        numbered = list(lines)
        for index, (number, line) in enumerate(numbered):
            for key in _KEY.finditer(line):
                body = _key_body([line[key.end() :], *(text for _, text in numbered[index + 1 : index + _KEY_HEAD])])
                if body:
                    yield Hit("Private Key", body, number, Verdict.SECRET)
            yield from self._line(path, number, line, generic=generic)

    def _line(self, path: str, number: int, line: str, *, generic: bool) -> Iterator[Hit]:
        """Search one line; of findings that overlap, the most specific stays."""
        taken: list[str] = []
        for part in filter(_GATE.search, _windows(_SPACE.sub(" ", line), _WINDOW, _OVERLAP)):
            for kind, value, verdict in self._candidates(path, part, generic=generic):
                if verdict is Verdict.NOTHING or any(value in other or other in value for other in taken):
                    continue
                taken.append(value)
                yield Hit(kind, value, number, verdict)

    def _candidates(self, path: str, line: str, *, generic: bool) -> Iterator[tuple[str, str, Verdict]]:
        for kind, pattern in self._tokens:
            for match in pattern.finditer(line):
                yield kind, match[0], judge_url(match[0], line)
        for plugin in self._specific:
            for value in plugin.analyze_string(line):
                yield plugin.secret_type, value, judge_url(value, line)
        for match in _BASIC_AUTH.finditer(line):
            yield "Basic Auth Credentials", match[1], judge_url(match[1], match[0], path)
        if generic:
            yield from self._nameless(path, line)

    def _nameless(self, path: str, line: str) -> Iterator[tuple[str, str, Verdict]]:
        """Values without a form of their own: assigned to a telling name, or random to look at."""
        for part in _windows(line, _SMALL_WINDOW, _SMALL_OVERLAP):
            yield from self._assignments(path, part)
            if '\\"' in part:  # code within JSON, as in a notebook
                yield from self._assignments(path, part.replace('\\"', '"'))
            for pattern in _SPELLINGS:
                for match in pattern.finditer(part):
                    yield "Secret Keyword", match[1], judge_assignment(match[1], part, path, config=False)
        for plugin in self._entropy:
            for value in plugin.analyze_string(line):
                if plugin.calculate_shannon_entropy(value) > plugin.entropy_limit:
                    yield plugin.secret_type, value, judge_entropy(value, line)

    def _assignments(self, path: str, line: str) -> Iterator[tuple[str, str, Verdict]]:
        """Values that are assigned to names such as `password`."""
        keyword = self._keywords
        kind = keyword.determine_file_type(path)
        config = _DOTENV.search(path) is not None
        patterns = keyword.REGEX_BY_FILETYPE.get(kind, keyword.QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP)
        if config:
            patterns = keyword.CONFIG_DENYLIST_REGEX_TO_GROUP
        config = config or patterns is keyword.CONFIG_DENYLIST_REGEX_TO_GROUP
        for pattern, group in patterns.items():
            for match in pattern.finditer(line):
                value = match[group].strip().strip("'\"`,;")
                if _ABOUT.search(match[0]) and _PLAIN_NAME.fullmatch(value):
                    continue
                compared = re.search(r"[!=]=", match[0]) is not None
                yield "Secret Keyword", value, judge_assignment(value, line, path, config=config and not compared)


def _windows(line: str, size: int, overlap: int) -> list[str]:
    """Cut a long line into overlapping pieces."""
    return [line[start : start + size] for start in range(0, max(len(line) - overlap, 1), size - overlap)]


def _key_body(lines: list[str]) -> str:
    """Find the first piece of a private key; empty where only the first line of one is mentioned, as code does."""
    for text in lines:
        if text.lstrip().startswith("-----END"):
            break
        match = _KEY_BODY.search(text)
        if match:
            return match[0]
    return ""
