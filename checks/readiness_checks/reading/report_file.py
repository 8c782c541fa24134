"""A report whose format is not known yet: its bytes, and the same bytes as XML, JSON or text."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element  # only the type; defusedxml does the reading

from readiness.check import Context
from readiness_checks.reading import json_input, xml_input

_WIDE = (b"\xff\xfe", b"\xfe\xff")
_XML = (b"<", *_WIDE)
_JSON = (b"{", b"[")


@dataclass(frozen=True)
class ReportFile:
    """What every format looks at to recognise its own reports."""

    context: Context
    path: Path
    data: bytes

    @property
    def name(self) -> str:
        """Its path, as messages show it."""
        return self.context.name(self.path)

    @cached_property
    def content(self) -> bytes:
        """Its bytes; what PowerShell has written in UTF-16 (`go test -json > FILE`) in UTF-8, unless it is XML."""
        if not self.data.startswith(_WIDE):
            return self.data
        try:
            text = self.data.decode("utf-16")
        except UnicodeDecodeError:
            return self.data
        return self.data if text.lstrip().startswith("<") else text.encode()

    @cached_property
    def start(self) -> bytes:
        """Its content from the first byte that is neither part of a byte order mark nor white space."""
        return self.content.removeprefix(b"\xef\xbb\xbf").lstrip()

    @cached_property
    def xml(self) -> Element | None:
        """Its root element; None where it does not begin like XML.

        Raises:
            CheckError: It begins like XML, but is not well-formed or declares entities.
        """
        return xml_input.parse(self.name, self.data) if self.start.startswith(_XML) else None

    @cached_property
    def json(self) -> Any:
        """Its JSON value; None where it does not begin like an object or a list.

        Raises:
            CheckError: It begins like JSON, but is cut off, ambiguous or nested too deeply.
        """
        return json_input.parse(self.name, self.content) if self.start.startswith(_JSON) else None

    @cached_property
    def text(self) -> str:
        """Its text; empty where it begins like XML or JSON."""
        return "" if self.start.startswith((*_XML, *_JSON)) else self.content.decode("utf-8-sig", errors="replace")
