"""Finds where a file no longer asks to be judged as strictly: `#![forbid(…)]`, `# typed: strict`, `// @ts-check`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.progress import each
from readiness.evidence.source import language_of
from readiness.evidence.suppressions.marks import decoded

_HEAD = 16_384
"""Characters at the beginning of a file in which it says what it asks for."""


class Demand(NamedTuple):
    """One way in which a file asks for more than its tool's configuration does."""

    tool: str
    languages: str
    pattern: str
    """Its group `level` is one of the levels, and `names`, where there is one, lists what it is about."""
    levels: tuple[str, ...]
    """The mildest first; a file that says nothing is milder than each."""


_DEMANDS = (
    Demand("rustc", "rust", r"^[ \t]*#!\[\s*(?P<level>\w+)\s*\((?P<names>[^()]*)\)\s*\]", ("warn", "deny", "forbid")),
    Demand("sorbet", "ruby", r"^#\s*typed:\s*(?P<level>\w+)", ("ignore", "false", "true", "strict", "strong")),
    Demand("php", "php", r"^(?:<\?php)?[ \t]*declare\s*\(\s*(?P<level>strict_types\s*=\s*1)\s*\)", ("strict_types=1",)),
    Demand("typescript", "javascript", r"^[ \t]*(?://|/\*+|\*)[ \t]*(?P<level>@ts-check)\b", ("@ts-check",)),
    Demand("flow", "javascript", r"^[ \t]*(?://|/\*+|\*)[ \t]*(?P<level>@flow(?:[ \t]+strict(?:-local)?)?)\b",
           ("@flow", "@flow strict-local", "@flow strict")),
    Demand("c# compiler", "c_sharp", r"^[ \t]*#[ \t]*nullable\s+(?P<level>enable)\b", ("enable",)),
    Demand("mypy", "python", r"^#\s*mypy:\s*(?P<level>strict|disallow[\w-]*|warn-[\w-]+)\s*$", ("strict",)),
)  # fmt: skip


def lowered_demands(change: Sequence[ChangedFile]) -> Iterator[EvidenceWeakening]:
    """Find the files that ask for less than before, unless a configuration of the change asks for it now."""
    manifests = (file.after for file in change if file.after is not None and file.path.endswith("Cargo.toml"))
    asked = {word for text in manifests for word in re.findall(r"\w+", decoded(text))}
    for file in each(change):
        language = language_of(file.path)
        if file.before is None or file.after is None or file.before == file.after:
            continue
        for demand in [one for one in _DEMANDS if language in one.languages.split()]:
            was, is_ = (_levels(demand, decoded(side)) for side in (file.before, file.after))
            for name, (level, text, _) in was.items():
                new, now, line = is_.get(name, (-1, "", 1))
                if new < level and name not in asked:
                    said = f"asks for `{now}` and no longer for `{text}`" if now else f"no longer asks for `{text}`"
                    yield EvidenceWeakening("rule-disabled", f"{demand.tool}: {said}", file.path, line, text, now)


def _levels(demand: Demand, text: str) -> Mapping[str, tuple[int, str, int]]:
    """How much a text asks for, by name: the rank, how it is written, and the line."""
    found: dict[str, tuple[int, str, int]] = {}
    head = text[:_HEAD]
    for match in re.finditer(demand.pattern, head, re.MULTILINE):
        level = " ".join(re.sub(r"(?<!\s)\s*=\s*", "=", match["level"]).split())
        rank = demand.levels.index(level) if level in demand.levels else 0
        if level not in demand.levels and demand.tool == "rustc":
            continue
        for name in (match.groupdict().get("names") or "").split(",") if demand.tool == "rustc" else [""]:
            place = name.strip().rpartition("::")[2]
            if (place and (place not in found or found[place][0] < rank)) or (not place and "" not in found):
                line = head.count("\n", 0, match.start("level")) + 1
                said = f"{level}({place})" if place else " ".join(match[0].removeprefix("<?php").split())
                found[place] = (rank, said, line)
    return found
