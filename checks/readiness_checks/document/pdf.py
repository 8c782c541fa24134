"""Reads a PDF file (ISO 32000): the text of its pages, the fields of its form, and the remarks left in it."""

import io
import logging
import re
import unicodedata
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from readiness.outcome import CheckError
from readiness.text import count
from readiness_checks.document.text import Blank, Block, Text

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_MOST_PAGES = 1_000
_MOST_FIELDS = 10_000
_READABLE = 0.8
"""Part of the characters that has to be text; where fonts do not say what their signs mean, it is not."""
_REMARKS = frozenset(("/Text", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Caret"))
_KEEP = "save it again as PDF with its text, or keep it as DOCX, Markdown or HTML"


def read(name: str, data: bytes) -> Text:
    """Read a PDF file.

    Raises:
        CheckError: pypdf is missing; or the file is damaged, encrypted, too large, or has pages without text.
    """
    if find_spec("pypdf") is None:
        raise CheckError(
            f"{name} is a PDF, and pypdf is not installed", 'pip install "readiness[pdf]" where readiness runs'
        )
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it says about damage is said below
    try:
        return _text(name, data)
    except (CheckError, MemoryError):
        raise
    except Exception as error:  # pypdf raises whatever a damaged file leads it to
        said = " ".join(str(error).split())[:150] or type(error).__name__
        raise CheckError(f"{name} cannot be read as PDF: {said}", _KEEP) from error


def _text(name: str, data: bytes) -> Text:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise CheckError(f"{name} is encrypted", "save it without a password")
    if len(reader.pages) > _MOST_PAGES:
        raise CheckError(f"{name} has {len(reader.pages)} pages, more than {_MOST_PAGES}", "divide it")
    form: Any = reader.root_object.get("/AcroForm")
    if form is not None and "/XFA" in form.get_object():
        raise CheckError(f"{name} is a form (XFA) that only Adobe's programs show", _KEEP)
    blocks: list[Block] = []
    bare: list[int] = []
    remarks: list[int] = []
    for number, page in enumerate(reader.pages, 1):
        lines = _lines(page.extract_text())
        notes = [*_annotations(page)]
        lines += [text for kind, text in notes if kind == "/FreeText"]
        remarks += [number for kind, text in notes if kind in _REMARKS and text.strip()]
        if not re.search(r"\w", "".join(lines)) and _shows_something(page):
            bare.append(number)
        blocks += [Block(line, number) for line in lines]
        blocks.append(Block("", number))
    _require_text(name, blocks, bare, len(reader.pages))
    unfinished = [*_empty_fields(reader)]
    if remarks:
        unfinished.append(Blank(count(len(remarks), "remark"), "nobody has resolved it or taken it out", remarks[0]))
    told = f"page {bare[0]} has no text and was not examined: it is an image" if bare else ""
    return Text(
        "plain", tuple(blocks), unit="page", unfinished=tuple(unfinished), notes=(told,) if told else (),
    )  # fmt: skip


def _require_text(name: str, blocks: list[Block], bare: list[int], pages: int) -> None:
    """Refuse pages that only a person can read; the first and the last may be a cover.

    Raises:
        CheckError: There are some.
    """
    remedy = f"let a program recognise its text (OCR), or {_KEEP}"
    if not re.search(r"\w", "".join(block.text for block in blocks)):
        raise CheckError(f"{name} has no text: its {count(pages, 'page')} are images, or empty", remedy)
    inner = [number for number in bare if number not in {1, pages}]
    if inner:
        shown = ", ".join(map(str, inner[:10])) + (", …" if len(inner) > 10 else "")  # noqa: PLR2004  # enough to look at
        raise CheckError(f"{name} has pages without text, which are images or drawn: {shown}", remedy)
    signs = [sign for block in blocks for sign in block.text if not sign.isspace()]
    unknown = sum(unicodedata.category(sign) in {"Cc", "Co", "Cn"} or sign == "\ufffd" for sign in signs)
    if unknown > (1 - _READABLE) * len(signs):
        raise CheckError(f"{name} does not say which letters its signs stand for", remedy)


def _lines(text: str) -> list[str]:
    """Lines of a page, without ligatures, white space of other widths and hyphens that only divide."""
    text = re.sub("[\ufb00-\ufb06]", lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return [re.sub(r"[\xa0\u2000-\u200a\u202f]", " ", line).replace("\xad", "").strip() for line in text.splitlines()]


def _annotations(page: "PageObject") -> Iterator[tuple[str, str]]:
    """Kind and text of what was put on a page."""
    for reference in page.get("/Annots") or ():
        entry: Any = reference.get_object()
        if isinstance(entry, dict):
            yield str(entry.get("/Subtype", "")), str(entry.get("/Contents") or "")


def _shows_something(page: "PageObject") -> bool:
    """Whether a page has an image or a drawing; an empty page of a book has neither."""
    contents = page.get_contents()
    data = contents.get_data() if contents is not None else b""
    return re.search(rb"(?:^|\s)(?:Do|BI|f\*?|F|S|s|B\*?|sh)(?:\s|$)", data) is not None


def _empty_fields(reader: "PdfReader") -> Iterator[Blank]:
    """Fields for text and choice of the form that nobody filled in; those for signatures are for later."""
    for number, page in enumerate(reader.pages, 1):
        for reference in list(page.get("/Annots") or ())[:_MOST_FIELDS]:
            entry: Any = reference.get_object()
            if not isinstance(entry, dict) or entry.get("/Subtype") != "/Widget" or _hidden(entry):
                continue
            kind, value = _inherited(entry, "/FT"), _inherited(entry, "/V")
            if kind in {"/Tx", "/Ch"} and not str(value or "").strip():
                label = str(_inherited(entry, "/TU") or _inherited(entry, "/T") or "field")
                yield Blank(" ".join(label.split())[:80], "it is an empty field of the form", number)


def _hidden(widget: Any) -> bool:
    """Whether a field is hidden, not shown, or read-only (ISO 32000-1, tables 165 and 221)."""
    return bool(int(widget.get("/F", 0)) & 0b100010 or int(_inherited(widget, "/Ff") or 0) & 1)


def _inherited(widget: Any, key: str) -> Any:
    """A value of a field, or of the one that it is a part of."""
    for _ in range(20):
        if key in widget:
            return widget[key]
        parent = widget.get("/Parent")
        if parent is None:
            return None
        widget = parent.get_object()
    return None
