"""Finds tools that judge and are taken in an older version than before."""

import re
from collections.abc import Iterator, Mapping, Sequence

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.configuration.text import Lines
from readiness.evidence.configuration.tools import JUDGING_TOOLS
from readiness.evidence.suppressions.marks import decoded

PATHS = (
    r"(?:.*/)?[\w.-]+\.ya?ml|(?:.*/)?(?:requirements|constraints)[\w./-]*\.(?:txt|in)|(?:.*/)?Makefile|(?:.*/)?[\w.-]+\.(?:sh|mk)"
    r"|(?:.*/)?tox\.ini|(?:.*/)?noxfile\.py|(?:.*/)?(?:[Dd]ocker|[Cc]ontainer)file[\w.-]*|(?:.*/)?\.tool-versions|(?:.*/)?mise\.toml"
)
_PIN = re.compile(
    rf"(?<![\w-])(?P<tool>{JUDGING_TOOLS})(?:-(?:action|pre-commit|mirror))?(?:\[[\w,]*\])?"
    r"(?:==|~=|@v?|:v?|\s+(?=\d+\.\d))(?P<version>\d{1,9}(?:\.\d{1,9}){0,9})(?!\d|[\w.]*[-.]?(?:py|rc|a\d|b\d))",
    re.IGNORECASE,
)
_HOOK = re.compile(
    r"repo:\s*\S*/(?P<tool>[\w.-]+?)(?:\.git)?\s*[\"']?\s*\n\s*rev:\s*[\"']?v?(?P<version>\d{1,9}(?:\.\d{1,9}){0,9})(?!\d)"
)
_MOST = 2**19
"""Bytes of a file in which versions are looked for."""


def older_tools(change: Sequence[ChangedFile]) -> Iterator[EvidenceWeakening]:
    """Find the tools of which a file takes an older version than before."""
    for file in change:
        if file.before is None or file.after is None or file.before == file.after:
            continue
        if max(len(file.before), len(file.after)) > _MOST or not re.fullmatch(PATHS, file.path):
            continue
        was, is_ = _versions(decoded(file.before)), _versions(decoded(file.after))
        for tool, versions in was.items():
            new = is_.get(tool, {})
            if new and len(new) == len(versions) == 1 and _number(min(new)) < _number(min(versions)):
                old, version = min(versions), min(new)
                text = f"takes {tool} in version {version} and no longer {old}"
                yield EvidenceWeakening("older-tool", text, file.path, new[version], old, version)


def _versions(text: str) -> Mapping[str, Mapping[str, int]]:
    """Versions of each tool, with the line of each."""
    found: dict[str, dict[str, int]] = {}
    lines = Lines(text)
    for pattern in (_PIN, _HOOK):
        for match in pattern.finditer(text):
            line = lines.at(match.start("version"))
            found.setdefault(match["tool"].lower(), {}).setdefault(match["version"], line)
    return found


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
