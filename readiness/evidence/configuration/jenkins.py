"""Reads the commands of a Jenkinsfile, with the stage, the condition and the tolerance of the blocks around them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from readiness.evidence.configuration.block_comments import without_block_comments
from readiness.evidence.configuration.commands import Command, made
from readiness.evidence.configuration.documents import Document
from readiness.evidence.configuration.shell import lines_of

_SHELL = re.compile(r"\b(?:sh|bat|pwsh|powershell)\b[^\"']*([\"']+)(.+?)\1")
_STAGE = re.compile(r"\bstage\s*\(\s*[\"']([^\"']+)")
_TRY = re.compile(r"\btry\s*\{")
_FAILS = re.compile(r"\bthrow\b|\berror\b|FAILURE|\bexit\b|unstable")
_MOST = 200
"""Blocks that catch, of which the end is looked for."""
_LENIENT = re.compile(r"\b(?:catchError|warnError)\b|returnStatus:\s*true")


def read_jenkins(document: Document) -> Iterator[Command]:
    """The commands of one file."""
    text = without_block_comments(document.text)
    blocks: list[Command] = []
    around = Command("", document.path, 1, "pipeline")
    rows, tries = text.split("\n"), 0
    conditions = _conditions(rows)
    for number, row in enumerate(rows, 1):
        line = re.sub(r"(?<![:\"'])//.*", "", row)
        here = around
        if stage := _STAGE.search(line):
            group = f"stage {stage[1]}"
            here = replace(here, group=group, conditions=here.conditions | conditions.get(number, frozenset()))
        tries += _TRY.search(line) is not None
        if _LENIENT.search(line) or (_TRY.search(line) and tries < _MOST and _swallows(rows, number)):
            here = replace(here, ignored=True)
        match = _SHELL.search(line)
        bare = match[2] if match else line.strip()
        if match or not re.search(r"[(){}]|stage|steps", bare):
            yield from made(lines_of(bare, number), replace(here, line=number))
        quoted = re.sub(r"([\"']).*?\1", "", line)
        for brace in re.findall(r"[{}]", quoted):
            if brace == "{":
                blocks.append(around)
                around = here
            elif blocks:
                around = here = blocks.pop()


def _conditions(rows: list[str]) -> dict[int, frozenset[str]]:
    """Under which conditions the stage that begins on a line runs."""
    found: dict[int, frozenset[str]] = {}
    stage = 0
    for number, row in enumerate(rows, 1):
        stage = number if _STAGE.search(row) else stage
        if stage and re.match(r"\s*when\s*\{", row):
            text = _block(rows, number)
            found[stage] = found.get(stage, frozenset()) | {" ".join(text.split())[:300]}
    return found


def _block(rows: list[str], first: int) -> str:
    """What stands in the block that begins on a line."""
    text, depth = "", 0
    for row in rows[first - 1 : first + 50]:
        text += f"{row.strip()} "
        depth += row.count("{") - row.count("}")
        if depth <= 0:
            break
    return text.partition("{")[2].rpartition("}")[0]


def _swallows(rows: list[str], first: int) -> bool:
    """Whether what is caught after a `try` does not fail the run."""
    rest = "\n".join(rows[first - 1 : first + 100])
    caught = re.search(r"\}\s*catch\b[^{]*\{(.*?)\n\s*\}", rest, re.DOTALL) or re.search(
        r"\}\s*catch\b[^{]*\{([^}]*)\}", rest
    )
    return caught is not None and not _FAILS.search(caught[1])
