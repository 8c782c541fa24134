"""Word files and PDF files for tests, written part by part."""

import io
import zipfile

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMES = (
    f'xmlns:w="{_W}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def run(text: str, properties: str = "") -> str:
    """A run of text, for instance `<w:b/>`."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    """A paragraph of runs; a plain text is a run of its own."""
    inner = "".join(each if each.startswith("<") else run(each) for each in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def docx(body: str, /, **parts: str) -> bytes:
    """A Word file.

    Args:
        body: Paragraphs and tables.
        parts: Contents of further parts by their kind: styles, header, footer, footnotes, comments, commentsExtended.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", _relations({"officeDocument": "word/document.xml"}))
        archive.writestr("word/document.xml", f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>")
        archive.writestr("word/_rels/document.xml.rels", _relations({kind: f"{kind}.xml" for kind in parts}))
        for kind, content in parts.items():
            archive.writestr(f"word/{kind}.xml", f"<w:part {_NAMES}>{content}</w:part>")
    return packed.getvalue()


def _relations(targets: dict[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATIONS}{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items())
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entries}</Relationships>'
    )


def pdf(*pages: str, form: str = "", annotations: str = "") -> bytes:
    """A PDF file with pages of lines of text; a page `IMAGE` draws an image instead.

    Args:
        pages: Their text.
        form: The dictionary of its form.
        annotations: Dictionaries of what lies on the first page.
    """
    objects = ["", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    objects.append(
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 "
        "/BitsPerComponent 8 /ColorSpace /DeviceGray /Length 1 >>\n"
        "stream\n0\nendstream"
    )
    kids = []
    for number, page in enumerate(pages):
        drawn = "q 500 0 0 700 0 0 cm /I Do Q" if page == "IMAGE" else _shown(page)
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
        extra = f" /Annots [{annotations}]" if annotations and not number else ""
        objects.append(
            f"<< /Type /Page /Parent {3 + 2 * len(pages) + 1} 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            f"/Resources << /Font << /F 2 0 R >> /XObject << /I 3 0 R >> >>{extra} >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects.append(f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>")
    objects[0] = f"<< /Type /Catalog /Pages {len(objects)} 0 R {'/AcroForm ' + form if form else ''} >>"
    return _file(objects)


def _shown(text: str) -> str:
    lines = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in text.split("\n")]
    return "BT /F 12 Tf 14 TL 50 780 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"


def _file(objects: list[str]) -> bytes:
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
    trailer += f"<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + trailer.encode()
