"""Reads a Word file (DOCX, ECMA-376): the text that is printed, and what Word itself marks as unfinished."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness.outcome import CheckError
from readiness.text import count
from readiness_checks.document.package import DEEPEST, SAVE, Package, Style, attribute, child_of, is_on, styles, value
from readiness_checks.document.text import LEVELS, Blank, Block, Text
from readiness_checks.reading.xml_input import local

_PARTS = ("header", "footer", "footnotes", "endnotes")
_FIELDS = re.compile(r"\s*(MERGEFIELD|FILLIN|ASK|MACROBUTTON|PLACEHOLDER)\b\s*\"?([^\"\\]*)", re.IGNORECASE)


def read(name: str, data: bytes) -> Text:
    """Read a Word file: body, tables, text boxes, headers, footers and notes.

    Raises:
        CheckError: It is damaged, too large, no Word file, or has a part that only Word can show.
    """
    package = Package(name, data)
    main = package.main()
    related = package.related(main)
    for target in related.get("aFChunk", ()):
        raise CheckError(f"{name} embeds another document ({target}), which was not examined", SAVE)
    reader = _Reader(styles(package, related), [])
    reader.body(package.xml(main))
    for kind in _PARTS:
        for part in related.get(kind, ()):
            reader.part(package.xml(part))
    unfinished = [*reader.unfinished, *reader.tracked()]
    open_comments = sum(_open_comments(package, related))
    if open_comments:
        unfinished.append(Blank(count(open_comments, "comment"), "nobody has resolved it or taken it out", 1))
    return Text(
        "word", tuple(reader.blocks), unit="paragraph", unfinished=tuple(unfinished), notes=tuple(reader.notes())
    )


@dataclass
class _Paragraph:
    """One paragraph while it is read."""

    number: int
    style: Style
    parts: list[tuple[str, bool]] = field(default_factory=list)
    inner: list[Element] = field(default_factory=list)
    """Text boxes that are anchored in it."""


class _Reader:
    """Collects the paragraphs of all parts."""

    def __init__(self, styles: dict[str, Style], blocks: list[Block]) -> None:
        self._styles, self.blocks = styles, blocks
        self.unfinished: list[Blank] = []
        self._number = self._hidden = 0
        self._changes: list[int] = []
        self._code: list[str] = []
        """Instructions of the fields that are open."""
        self._shown_from: list[int | None] = []
        """Where what they show begins."""

    def body(self, root: Element) -> None:
        """Read the main part, whose paragraphs are counted."""
        self._walk(root, None, 0)

    def part(self, root: Element) -> None:
        """Read a header, footer or the notes."""
        self._walk(root, None, 0)

    def tracked(self) -> Iterator[Blank]:
        """One entry for all changes that nobody accepted or rejected."""
        if self._changes:
            said = count(len(self._changes), "tracked change")
            yield Blank(said, "nobody has accepted or rejected it", self._changes[0])

    def notes(self) -> Iterator[str]:
        """What a reader of the printed document does not see."""
        if self._hidden:
            yield f"{count(self._hidden, 'piece')} of hidden text, which readers do not see, did not count"

    def _walk(self, element: Element, paragraph: _Paragraph | None, depth: int) -> None:
        if depth > DEEPEST:
            raise CheckError("a Word file nests its elements too deeply", SAVE)
        for child in _shown(element):
            name = local(child)
            if name in {"del", "moveFrom"}:
                self._changes.append(self._number)
            elif name == "p":
                self._paragraph(child, depth)
            elif name == "r" and paragraph is not None:
                self._run(child, paragraph, depth)
            else:
                if name in {"ins", "moveTo"}:
                    self._changes.append(self._number)
                if name == "sdt":
                    self._control(child, self._number + (paragraph is None))
                if name == "fldSimple":
                    self._instruction(attribute(child, "instr"))
                self._walk(child, paragraph, depth + 1)

    def _paragraph(self, element: Element, depth: int) -> None:
        self._number += 1
        properties = child_of(element, "pPr")
        style = self._styles.get(value(child_of(properties, "pStyle")), Style())
        outline = value(child_of(properties, "outlineLvl"))
        level = min(int(outline) + 1, LEVELS) if re.fullmatch("[0-8]", outline) else style.level
        if (
            child_of(child_of(properties, "rPr"), "ins") is not None
            or child_of(child_of(properties, "rPr"), "del") is not None
        ):
            self._changes.append(self._number)
        one = _Paragraph(self._number, style)
        self._walk(element, one, depth + 1)
        text = "".join(part for part, _ in one.parts)
        lead = "" if level else _bold_start(one.parts)
        if level or lead == " ".join(text.split()):
            text = " ".join(text.split())
        lines = text.split("\n")
        self.blocks += [Block(line, one.number, level, lead="" if n else lead) for n, line in enumerate(lines)]
        self.blocks.append(Block("", one.number))
        for box in one.inner:
            self._walk(box, None, depth + 1)

    def _run(self, element: Element, paragraph: _Paragraph, depth: int) -> None:
        properties = child_of(element, "rPr")
        style = self._styles.get(value(child_of(properties, "rStyle")), Style())
        bold = is_on(properties, "b", otherwise=style.bold or paragraph.style.bold)
        hidden = is_on(properties, "vanish", otherwise=style.hidden or paragraph.style.hidden)
        for child in _shown(element):
            name = local(child)
            if name == "fldChar":
                self._field(child, paragraph)
            elif name == "instrText" and self._code and self._shown_from[-1] is None:
                self._code[-1] += child.text or ""
            elif name in {"drawing", "pict", "object"}:
                paragraph.inner += [box for box in _boxes(child, depth) if not hidden]
            elif text := _SIGNS.get(name, child.text or "" if name == "t" else ""):
                if hidden:
                    self._hidden += bool(text.strip())
                else:
                    paragraph.parts.append((text, bold))
            elif name == "sym":
                paragraph.parts.append(("●", bold))

    def _field(self, element: Element, paragraph: _Paragraph) -> None:
        """A field of Word: its instruction comes first, then what it shows (ECMA-376 part 1, 17.16)."""
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self._code.append("")
            self._shown_from.append(None)
        elif kind == "separate" and self._code:
            self._shown_from[-1] = len(paragraph.parts)
        elif kind == "end" and self._code:
            code, start = self._code.pop(), self._shown_from.pop()
            self._instruction(code)
            shown = "".join(part for part, _ in paragraph.parts[start or 0 :])
            if code.split()[:1] == ["FORMTEXT"] and not shown.strip():
                self.unfinished.append(Blank("FORMTEXT", "it is an empty field of the form", self._number))

    def _instruction(self, code: str) -> None:
        if found := _FIELDS.match(code):
            shown = " ".join(found[2].split()) or found[1]
            self.unfinished.append(Blank(shown[:80], "it is a field of Word that nobody filled in", self._number))

    def _control(self, element: Element, number: int) -> None:
        """A content control that shows its prompt: Word says so itself, in whatever language (17.5.2.39)."""
        if child_of(child_of(element, "sdtPr"), "showingPlcHdr") is not None:
            text = "".join(each.text or "" for each in element.iter() if local(each) == "t")
            if text.strip():
                shown = " ".join(text.split())[:80]
                self.unfinished.append(Blank(shown, "Word shows it where nothing was typed", number))


_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def _shown(element: Element) -> Iterator[Element]:
    """Children; of alternatives for old and new programs only the first (ECMA-376 part 3, 10.2.1)."""
    for child in element:
        if local(child) == "AlternateContent":
            chosen = next((each for each in child if local(each) == "Choice"), None)
            yield from chosen if chosen is not None else (each for part in child for each in part)
        else:
            yield child


def _boxes(element: Element, depth: int) -> Iterator[Element]:
    """Contents of text boxes and shapes."""
    if depth > DEEPEST:
        raise CheckError("a Word file nests its elements too deeply", SAVE)
    for child in _shown(element):
        if local(child) == "txbxContent":
            yield child
        else:
            yield from _boxes(child, depth + 1)


def _bold_start(parts: list[tuple[str, bool]]) -> str:
    """What a paragraph begins with in bold type."""
    kept = []
    for text, bold in parts:
        if text.strip() and not bold:
            break
        kept.append(text)
    return " ".join("".join(kept).split())


def _open_comments(package: Package, related: dict[str, list[str]]) -> Iterator[bool]:
    """For each comment, whether it is open: neither resolved nor the answer to one (MS-DOCX 2.5.4)."""
    settled = {
        attribute(entry, "paraId")
        for part in related.get("commentsExtended", ())
        for entry in package.xml(part)
        if attribute(entry, "done") in {"1", "true"} or attribute(entry, "paraIdParent")
    }
    for part in related.get("comments", ()):
        for comment in package.xml(part):
            marks = {attribute(each, "paraId") for each in comment.iter() if local(each) == "p"}
            yield not (marks & settled - {""})
