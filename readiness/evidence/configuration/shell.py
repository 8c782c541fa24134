"""Cuts a shell script into its commands, and says of each whether its failure is ignored."""

import re
from collections.abc import Iterator

_IGNORES = re.compile(
    r"\s*(?:\|\|\s*(?:true|:|exit\s+0|echo\b.*|/bin/true|\(?exit 0\)?)|;\s*(?:true|exit\s+0|:))\s*$|\|\|\s*true\b"
)
_INSTEAD = re.compile(
    r"\s*\|\|\s*(?P<rest>(?:\[\[?\s|test\s|echo\b|printf\b|true\b|:\s*$|return\b|exit\b|log\w*\b|warn\w*\b|[({]|\w+=).*)$"
)
"""What runs instead of ending with the failure."""
_FAILED = re.compile(
    r"\bexit\s+[1-9$\"]|\bexit\s*$|\bfalse\b|\breturn\s+[1-9$]|\breturn\s*$|::error|\b(?:die|fail|abort)\b"
)
_NOTED = re.compile(r"\w+=")
_BEHIND = re.compile(r"\s*(?<!\|)\|\s*(?:tee|cat|head|tail|ts|grep)\b.*$|\s*(?<![&>])&$")
"""What hides the failure of a command before it: a pipe, or going on without waiting."""
_FAILS = re.compile(r"\bexit\s+[1-9$\"]|\bfalse\b|\breturn\s+[1-9$]|::error")
"""By which a script that asked for the result of a command still fails."""
_OVER = re.compile(r"\s*trap\s.*\bexit 0\b.*\b(?:EXIT|0)\b|exit(?:\s+0)?\s*$")
"""After it, whatever comes fails no more, or does not come at all."""
_PIPEFAIL = re.compile(r"(?<!\S)([+-])\w*o\s+pipefail\b")


def lines_of(
    script: str, first: int, *, errexit: bool = True, pipefail: bool = True, alone: bool = True
) -> Iterator[tuple[str, int, bool]]:
    """Each command of a shell script with its line, and whether its failure is ignored.

    Args:
        script: The script.
        first: Line on which it begins.
        errexit: Whether its shell ends with the first command that fails, so that `;` ignores no failure.
        pipefail: Whether a pipe fails with any of its commands.
        alone: Whether each line fails by itself, whatever `errexit` is.
    """
    shell = _Shell(script, errexit=errexit, pipefail=pipefail, alone=alone)
    pending: list[str] = []
    start = first
    for number, row in enumerate(script.split("\n"), first):
        start = start if pending else number
        bare = row.strip()
        if bare.endswith("\\"):
            pending.append(bare[:-1].strip())
            continue
        line = " ".join(filter(None, (*pending, bare)))
        pending = []
        shell.set(line, row)
        for text, ignored in shell.commands(line):
            yield text, start, ignored


class _Shell:
    """What a shell was told so far."""

    def __init__(self, script: str, *, errexit: bool, pipefail: bool, alone: bool) -> None:
        self.waits = "wait" in script
        self.fails = _FAILS.search(script) is not None
        self.errexit, self.pipefail, self.alone = errexit, pipefail, alone
        self.lenient = self.over = False

    def set(self, line: str, row: str) -> None:
        """Take in what a line says of failures."""
        self.over = self.over or _OVER.match(row) is not None
        if re.match(r"set\s+\+\w*(?:e\b|o\s+errexit)", line):
            self.lenient = True
        elif re.match(r"set\s+-\w*(?:e|o\s+errexit)", line):
            self.lenient, self.errexit = False, True
        switched = _PIPEFAIL.search(line) if re.search(r"\bset\s", line) else None
        if switched:
            self.pipefail = switched[1] == "-"

    def commands(self, line: str) -> Iterator[tuple[str, bool]]:
        """The commands of one line, each with whether its failure is ignored."""
        ignored = self.lenient or self.over or bool(_IGNORES.search(line))
        bare = _IGNORES.sub("", line)
        instead = _INSTEAD.search(bare)
        if instead and not _FAILED.search(instead["rest"]) and not (_NOTED.match(instead["rest"]) and self.fails):
            ignored, bare = True, bare[: instead.start()]
        if re.match(r"for\s+\w+\s+in\s", bare):
            yield " ".join(bare.split()), ignored
        parts = re.split(r"\s*(&&|;)\s*", bare)
        for whole, end in zip(parts[::2], [*parts[1::2], ""], strict=False):
            behind = _BEHIND.search(whole)
            part = whole[: behind.start()] if behind else whole
            hidden = ignored or self._goes_on(whole, end) or (behind is not None and self._hides(behind[0].strip()))
            hidden = hidden or (re.match(r"(?:if|while|until)\s", part) is not None and not self.fails)
            text = re.sub(r"^(?:(?:if|while|until|then|else|do|!|time|exec)\s+)+", "", " ".join(part.split()))
            if text and not text.startswith("#"):
                yield text, hidden

    def _goes_on(self, part: str, end: str) -> bool:
        """Whether the script goes on when a part of a line fails."""
        return not self.errexit and (end == ";" or (not end and not (self.alone or "||" in part)))

    def _hides(self, behind: str) -> bool:
        """Whether what stands behind a command hides its failure."""
        return not self.waits if behind == "&" else not self.pipefail
