"""The parts of a Word file (DOCX, ECMA-376): unpacked within limits, with what its styles say."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness.outcome import CheckError
from readiness_checks.document.text import LEVELS
from readiness_checks.reading.xml_input import local, parse

_MOST_BYTES = 64 * 2**20
"""Of all parts together, unpacked."""
_MOST_FILES = 10_000
DEEPEST = 100
"""Elements inside of each other, and styles based on each other; Word itself stops long before."""
SAVE = "open it in Word, and save it as DOCX again"


class Package:
    """The parts of the file, unpacked within limits."""

    def __init__(self, name: str, data: bytes) -> None:
        self._name, self._left = name, _MOST_BYTES
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise CheckError(f"{name} cannot be unpacked: {error}", SAVE) from error
        names = self._archive.namelist()
        if len(names) > _MOST_FILES or len({*names}) < len(names):
            raise CheckError(f"{name} has too many parts, or one of them twice", SAVE)
        self._names = {*names}

    def xml(self, part: str) -> Element:
        """One part.

        Raises:
            CheckError: It is missing, damaged, or larger than any document.
        """
        try:
            with self._archive.open(part) as stream:
                content = stream.read(self._left + 1)
        except (
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise CheckError(
                f"{self._name} has no {part} that can be read: it is damaged, or no Word file", SAVE
            ) from error
        self._left -= len(content)
        if self._left < 0:
            raise CheckError(f"{self._name} holds more than {_MOST_BYTES >> 20} MiB", "divide it")
        return parse(f"{self._name}:{part}", content)

    def main(self) -> str:
        """Name of the part that holds the body."""
        found = self._targets("_rels/.rels", "").get("officeDocument", [])
        if not found or "word" not in found[0]:
            what = "an OpenDocument file" if "content.xml" in self._names else "an archive, but no Word file"
            raise CheckError(f"{self._name} is {what}, which this check cannot read", "save it as DOCX or PDF")
        return found[0]

    def related(self, part: str) -> dict[str, list[str]]:
        """Parts that a part refers to, by their kind."""
        folder, _, base = part.rpartition("/")
        place = f"{folder}/_rels/{base}.rels"
        return self._targets(place, folder) if place in self._names else {}

    def _targets(self, place: str, folder: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for entry in self.xml(place) if place in self._names else ():
            target = entry.get("Target", "")
            if entry.get("TargetMode") != "External":
                path = target.lstrip("/") if target.startswith("/") or not folder else f"{folder}/{target}"
                found.setdefault(entry.get("Type", "").rpartition("/")[2], []).append(path)
        return found


@dataclass(frozen=True)
class Style:
    """What a style says about the text that has it."""

    level: int = 0
    bold: bool = False
    hidden: bool = False


def styles(package: Package, related: dict[str, list[str]]) -> dict[str, Style]:
    """What each style says, those that it is based on included."""
    written: dict[str, Element] = {}
    for part in related.get("styles", ()):
        written.update({attribute(style, "styleId"): style for style in package.xml(part) if local(style) == "style"})
    found: dict[str, Style] = {}
    for name in written:
        at = name
        chain: list[str] = []
        while at in written and at not in chain and len(chain) < DEEPEST:
            chain.append(at)
            at = value(child_of(written[at], "basedOn"))
        style = Style()
        for each in reversed(chain):
            style = _styled(written[each], style)
        found[name] = style
    return found


def _styled(element: Element, base: Style) -> Style:
    paragraph, run = child_of(element, "pPr"), child_of(element, "rPr")
    level, outline = base.level, value(child_of(paragraph, "outlineLvl"))
    title = re.fullmatch(r"(?i)title|(?:heading) ?([1-9])", value(child_of(element, "name")))
    if title:
        level = int(title[1] or 1)
    if re.fullmatch("[0-9]", outline):
        level = int(outline) + 1 if int(outline) < 9 else 0  # noqa: PLR2004  # 9 is body text, ECMA-376 part 1, 17.3.1.20
    return Style(min(level, LEVELS), is_on(run, "b", otherwise=base.bold), is_on(run, "vanish", otherwise=base.hidden))


def child_of(element: Element | None, name: str) -> Element | None:
    """The first child of this name."""
    return None if element is None else next((child for child in element if local(child) == name), None)


def attribute(element: Element, name: str) -> str:
    """An attribute, whatever its namespace."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def value(element: Element | None) -> str:
    """What an element is set to: its attribute `val`."""
    return "" if element is None else attribute(element, "val")


def is_on(properties: Element | None, name: str, *, otherwise: bool) -> bool:
    """Whether a property that is on or off is on (ECMA-376 part 1, 17.17.4)."""
    found = child_of(properties, name)
    return otherwise if found is None else attribute(found, "val") not in {"0", "false", "off"}
