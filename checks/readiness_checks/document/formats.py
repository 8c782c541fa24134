"""Reads a document of any format: told by its first bytes, then by its name."""

from pathlib import PurePosixPath

from readiness.outcome import CheckError
from readiness_checks.document import html_page, markdown, pdf, word
from readiness_checks.document.text import Text

_MARKDOWN = frozenset((".md", ".markdown", ".mdx", ".mdown"))
_HTML = frozenset((".html", ".htm", ".xhtml"))
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read(name: str, data: bytes) -> Text:
    """Read a document.

    Raises:
        CheckError: It is none that can be read whole.
    """
    if b"%PDF-" in data[:1024]:
        return pdf.read(name, data)
    if data.startswith(b"PK"):
        return word.read(name, data)
    if data.startswith(_OLE):
        what = "encrypted" if _ENCRYPTED in data else "in Word's format of before 2007"
        raise CheckError(f"{name} is {what}, which cannot be read", "save it as DOCX without a password, or as PDF")
    text, encoding = _decode(name, data)
    suffix = PurePosixPath(name).suffix.lower()
    start = text.lstrip()[:200].lower()
    if suffix in _HTML or start.startswith(("<!doctype html", "<html")):
        return Text("html", tuple(html_page.blocks(text)), encoding)
    if suffix in _MARKDOWN:
        return Text("markdown", tuple(markdown.markdown(text)), encoding)
    return Text("plain", tuple(markdown.plain(text)), encoding)


def _decode(name: str, data: bytes) -> tuple[str, str]:
    codec = next((codec for bom, codec in _BOMS if data.startswith(bom)), "")
    try:
        text, encoding = data.decode(codec or "utf-8"), codec or "utf-8"
    except UnicodeDecodeError as error:
        if codec:
            raise CheckError(f"{name} is no {codec} from byte {error.start} on", "save it as UTF-8") from error
        text, encoding = data.decode("cp1252", errors="replace"), "cp1252"
    if "\0" in text:
        raise CheckError(f"{name} is no text: it has NUL bytes", "keep it as Markdown, HTML, plain text, DOCX or PDF")
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding
