"""Shows a person all that they are about to sign: one record in full, or several as a list."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from readiness.cli import signing
from readiness.cli.output.streams import say
from readiness.cli.workspace import Workspace
from readiness.text import count, short

if TYPE_CHECKING:
    from readiness.records.judging.question import Question
    from readiness.records.model.statement import Signoff
    from readiness.records.writing.agent import SigningKey
    from readiness.records.writing.batch import Draft

_SHOWN, _SHOWN_IN_LIST = 40, 5
"""Covered files that are shown with their digests, for one sign-off alone, and for each of several."""


def show(workspace: Workspace, drafts: "Sequence[Draft]", key: "SigningKey") -> None:
    """Show what will be signed, what changed since the person last signed it, and every rejection.

    At a terminal, what is longer than that is shown page by page.

    Raises:
        UsageError: A text holds the value of a secret.
    """
    lines = list(_one(workspace, drafts[0], key) if len(drafts) == 1 else _many(workspace, drafts, key))
    text = "\n".join([*lines, ""])
    pager = _pager() if len(text.splitlines()) >= get_terminal_size().lines else None
    if pager is None or subprocess.run([*pager], input=text.encode(), check=False).returncode:
        say(text)


def _pager() -> list[str] | None:
    """The command that shows a text page by page; None where nobody sits at a terminal, or there is none."""
    from readiness.judged_tree import program

    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        return None
    try:
        name, *args = shlex.split(os.environ.get("PAGER", "")) or ["less", "-FX"]
    except ValueError:
        return None
    found = program(name)
    return [found, *args] if found else None


def label(said: "Signoff") -> str:
    """What one of several is called: its item, name of a matrix, and what it is for."""
    from readiness.records.model.statement import WHATEVER, for_content

    each = f" [{said.each}]" if said.each else ""
    where = WHATEVER if for_content(said) else " ".join(filter(None, (said.release, said.environment)))
    return f"{said.item}{each}" + (f" for {where}" if where else "")


def _one(workspace: Workspace, draft: "Draft", key: "SigningKey") -> Iterator[str]:
    from readiness.moment import show as moment

    said = draft.signoff
    rows = [
        ("decision", said.decision),
        ("project", said.project),
        *_place(said),
        ("item", said.item),
        ("", said.item_text),
        ("for", said.each),
        ("role", said.role),
        ("meaning", said.meaning),
        ("reason", said.reason),
    ]
    expires = ("expires", moment(said.expires_at) if said.expires_at else "never by itself")
    yield from _rejections(workspace, draft.question)
    yield signing.describe(workspace.evidence.people, rows, draft.said, key, expires)
    yield from _content(draft, _SHOWN)
    yield from _since(workspace, draft, "")


def _many(workspace: Workspace, drafts: "Sequence[Draft]", key: "SigningKey") -> Iterator[str]:
    from readiness.moment import show as moment
    from readiness.text import indented, safe

    first = drafts[0].signoff
    rows = [("decision", first.decision), ("project", first.project), ("reason", first.reason)]
    yield signing.describe(workspace.evidence.people, rows, drafts[0].said, key, None)
    yield f"in {count(len(drafts), 'record')}, each with a signature of its own:"
    for number, draft in enumerate(drafts, 1):
        said = draft.signoff
        signing.refuse_secrets([("item", said.item_text), ("meaning", said.meaning)])
        yield ""
        yield safe(f"{number:>3}. {label(said)}, as {said.role}")
        expires = f"expires {moment(said.expires_at)}" if said.expires_at else "never expires by itself"
        texts = (said.item_text, said.meaning, expires, draft.why)
        yield from (f"     {indented(text, 5)}" for text in texts if text)
        yield from (f"     {line}" for line in _rejections(workspace, draft.question) if line)
        yield from (f"     {line}" for line in _content(draft, _SHOWN_IN_LIST))
        yield from _since(workspace, draft, "     ")


def _place(said: "Signoff") -> list[tuple[str, str]]:
    """What it is for, as rows."""
    from readiness.records.model.statement import WHATEVER, for_content

    if for_content(said):
        return [("holds for", WHATEVER)]
    return [("release", said.release or "(none)"), ("environment", said.environment or "(none)")]


def _content(draft: "Draft", most: int) -> Iterator[str]:
    if not draft.question.policy.covers:
        yield "for the words and parameters of the item; it covers no file"
        return
    files = [f"  {digest}  {name}" for name, digest in draft.said.subjects.items()]
    yield f"for exactly {count(len(files), 'file')}:"
    yield from files[:most]
    if len(files) > most:
        yield f"  and {len(files) - most} more, all listed in the record"
    for path, to in draft.question.links:
        yield f"note: {short(path)} is a link to {short(to)}: only where it leads is covered"


def _since(workspace: Workspace, draft: "Draft", indent: str) -> Iterator[str]:
    """What changed since the person last signed it; of what a run asks by itself, each question is a new one."""
    from readiness.checklist import RESERVED
    from readiness.records.writing.last_signed import since_last_signed
    from readiness.text import safe

    said = draft.signoff
    if said.item in RESERVED:
        return
    since = since_last_signed(draft.question, said.each, said.signer.principal, workspace.evidence)
    yield f"{indent}{safe(since.head)}"
    yield from (f"{indent}  {safe(line)}" for line in since.lines)


def _rejections(workspace: Workspace, question: "Question") -> Iterator[str]:
    """Who rejected the item before, and what became of it: nobody signs without having heard of it."""
    from readiness.outcome import SignoffState
    from readiness.records.judging.item import judge
    from readiness.text import safe

    cards = judge(question, workspace.evidence).cards
    told = [card for card in cards if card.state is SignoffState.REJECTED or card.past]
    if not told:
        return
    yield "It was rejected before:"
    yield ""
    for card in told:
        yield safe(f"  {card.subject + ': ' if card.subject else ''}{card.reason}")
        if card.state is SignoffState.REJECTED:
            yield safe(f"    this holds, whoever else approves; {card.remedy}")
    yield ""
