"""Reads untrusted XML: no entities, no external references, errors with line and column."""

import re
from xml.etree.ElementTree import Element, ParseError  # only names of types; defusedxml does the reading

from readiness.outcome import CheckError, Finding

MOST_TAGS = 3_000_000
"""Tags that a document may have, those of a report of millions of lines: more would cost minutes."""

_UNPRINTABLE = frozenset(range(32)) - {9, 10, 13} | {0xFFFE, 0xFFFF}
_CONTROLS = bytes(ord("?") if number in _UNPRINTABLE else number for number in range(256))
_WIDE = re.compile(rb"(\A(?:\xef\xbb\xbf)?<\?xml [^>]{0,100}?)encoding=[\"'](?:utf-16|unicode)[\"']", re.IGNORECASE)
_REFERENCE = re.compile(rb"&#(x)?0*([0-9a-fA-F]{1,5});")


def parse(name: str, data: bytes) -> Element:
    """Read a whole document.

    Args:
        name: Path that a report shows.
        data: Its bytes.

    Raises:
        CheckError: It is empty, too large, cut off, not well-formed, or declares entities.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    data = _as_written(data)
    if not data.strip():
        raise CheckError(f"{name} is empty", "let the tool that writes it finish, and check again")
    if data.count(b"<") > MOST_TAGS:
        raise CheckError(f"{name} has more than {MOST_TAGS:,} tags", "let the tool write several files")
    try:
        root: Element = fromstring(data)
    except DefusedXmlException as error:
        raise CheckError(
            f"{name} declares entities or external references, which no report needs ({type(error).__name__})",
            "find out who wrote it; produce it again",
        ) from error
    except ParseError as error:
        line, column = error.position
        raise _malformed(name, str(error).partition(":")[0], line, column + 1) from error
    except (ValueError, LookupError) as error:  # an encoding that is unknown, or not the one it declares
        raise _malformed(name, str(error), 1, 1) from error
    return root


def _as_written(data: bytes) -> bytes:
    """The same document with what .NET and others get wrong about it put right.

    XML 1.0 (section 2.2) knows no control characters; those that a test prints are written as references (`&#x1B;`) or
    as they are, and become question marks. A document that .NET has written into a string says that it is UTF-16,
    whatever it is saved in.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or 0 in data[:4]:  # not one byte for each of them
        return data
    return _REFERENCE.sub(_readable, _WIDE.sub(rb"\1", data.translate(_CONTROLS), count=1))


def _readable(match: re.Match[bytes]) -> bytes:
    number = int(match[2], 16) if match[1] else int(match[2])
    return b"?" if number in _UNPRINTABLE else match[0]


def _malformed(name: str, why: str, line: int, column: int) -> CheckError:
    remedy = "let the tool that writes it finish, and check again"
    finding = Finding(
        message=f"not well-formed XML: {why}", rule="malformed", path=name, line=line, column=column, remedy=remedy
    )
    return CheckError(f"{name}:{line}:{column}: not well-formed XML: {why}", remedy, findings=(finding,))


def local(element: Element) -> str:
    """Name of an element without its namespace; empty for comments and processing instructions."""
    tag: object = element.tag  # a function for comments, whatever its stub says
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
