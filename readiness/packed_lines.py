"""Lines of text that are packed where they are kept: a report of ten thousand test names stays small."""

import base64
import binascii
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

MOST = 200_000
"""Lines of one text."""
LARGEST = 16 * 2**20
"""Bytes of one text, unpacked."""
ALTOGETHER = 128 * 2**20
"""Bytes of all texts of one document, unpacked: a few bytes can hold a thousand times as many."""
_left: ContextVar[list[int] | None] = ContextVar("left", default=None)
_MARK = "zlib:"
_BOTH = "it is no list of lines as a run writes it"


def fits(lines: str) -> bool:
    """Whether a text is small enough to be kept."""
    return lines.count("\n") < MOST and len(lines.encode("utf-8", "surrogatepass")) <= LARGEST


def joined(lines: Iterable[str]) -> str:
    """One text of many lines, sorted, each once."""
    return "\n".join(sorted(set(lines)))


def pack(lines: str) -> str:
    """Compress a text; an empty one stays empty."""
    data = zlib.compress(lines.encode("utf-8", "backslashreplace"), 9)
    return _MARK + base64.b64encode(data).decode("ascii") if lines else ""


def unpack(packed: str) -> str:
    """Decompress a text, at most `LARGEST` bytes of it.

    Raises:
        ValueError: It is none that `pack` made, or is larger than a text may be.
    """
    if not packed:
        return ""
    if not packed.startswith(_MARK) or len(packed) > LARGEST:
        raise ValueError(_BOTH)
    reader = zlib.decompressobj()
    try:
        data = reader.decompress(base64.b64decode(packed.removeprefix(_MARK), validate=True), LARGEST + 1)
        lines = data.decode("utf-8")
    except (binascii.Error, zlib.error, UnicodeDecodeError) as error:
        raise ValueError(_BOTH) from error
    if len(data) > LARGEST or not fits(lines):
        raise ValueError(f"it unpacks to more than {LARGEST >> 20} MiB or {MOST:,} lines")
    left = _left.get()
    if left is not None:
        left[0] -= len(data)
        if left[0] < 0:
            raise ValueError(f"all such texts together unpack to more than {ALTOGETHER >> 20} MiB")
    if not reader.eof or reader.unused_data:
        raise ValueError(_BOTH)
    return lines


@contextmanager
def one_document() -> Iterator[None]:
    """Read one document in here: its texts unpack to `ALTOGETHER` at most."""
    before = _left.set([ALTOGETHER])
    try:
        yield
    finally:
        _left.reset(before)


def _read(value: Any, info: Any) -> Any:
    return unpack(value) if isinstance(value, str) and info.mode == "json" else value


PackedLines = Annotated[str, BeforeValidator(_read), PlainSerializer(pack, when_used="json")]
"""A text of lines; packed in JSON, so that whatever masks secrets sees the plain text."""
