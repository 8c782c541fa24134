"""The glossary defines each word of the code once."""

import re
from collections import Counter
from typing import get_args

import pytest

from readiness.checklist import Item
from readiness.controls import ControlState
from readiness.outcome import Level, SignoffState, Status
from readiness.records.model.statement import Revocation, Signoff, Supersession, Waiver
from readiness.records.review.ledger import Entry
from readiness.report import VerdictWord
from support.console import ROOT

PAGE = ROOT / "docs" / "glossary.md"
WORDS = {
    *Status,
    *VerdictWord,
    *SignoffState,
    *ControlState,
    *Level,
    *get_args(Entry.model_fields["action"].annotation),
    *(word for part in get_args(Entry.model_fields["state"].annotation) for word in get_args(part)),
    *get_args(Item.model_fields["severity"].annotation),
    *(str(kind.model_fields["action"].default) for kind in (Signoff, Waiver, Revocation, Supersession)),
}


def entries() -> list[str]:
    """The first cell of each row; the code type is part of it."""
    cells: list[str] = re.findall(r"^\| (.+?) \| .+ \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [cell for cell in cells if cell != "word"]


@pytest.mark.parametrize("word", sorted(map(str, WORDS)))
def test_every_word_of_the_code_has_an_entry(word: str) -> None:
    assert f"`{word}`" in entries()


def test_no_word_is_defined_twice() -> None:
    words = Counter(entry.strip("`").lower() for entry in entries())
    assert [word for word, times in words.items() if times > 1] == []


@pytest.mark.parametrize("page", ["README.md", "docs/README.md"])
def test_the_glossary_can_be_found(page: str) -> None:
    assert "glossary.md)" in (ROOT / page).read_text(encoding="utf-8")
