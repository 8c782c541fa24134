"""A coverage report whose format is not known yet: its bytes, and the same bytes as XML, JSON or text."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element  # only the type; defusedxml does the reading

from readiness.check import Context
from readiness_checks.reading import json_input, xml_input

_XML = (b"<", b"\xff\xfe", b"\xfe\xff")
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
    def start(self) -> bytes:
        """Its bytes from the first that is neither a byte order mark nor white space."""
        return self.data.removeprefix(b"\xef\xbb\xbf").lstrip()

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
        return json_input.parse(self.name, self.data) if self.start.startswith(_JSON) else None

    @cached_property
    def text(self) -> str:
        """Its text; empty where it begins like XML or JSON."""
        return "" if self.start.startswith((*_XML, *_JSON)) else self.data.decode("utf-8-sig", errors="replace")
