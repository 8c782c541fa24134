"""Word files: what is text in them, what is a heading, and what Word itself marks as unfinished."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import CheckError, Level, Outcome, Status
from readiness.testing import context, evaluate
from readiness_checks.document import Document
from readiness_checks.document.blanks import blanks
from readiness_checks.document.formats import read
from support.office import docx, paragraph, run

_HEADING = '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
_HEADING += '<w:style w:styleId="own"><w:basedOn w:val="berschrift1"/></w:style>'
_HEADING += '<w:style w:styleId="secret"><w:rPr><w:vanish/></w:rPr></w:style>'


def document(root: Path, data: bytes, **params: Any) -> Outcome:
    (root / "terms.docx").write_bytes(data)
    return evaluate(Document, root, using=context(root), paths=["terms.docx"], **params)


def rules(outcome: Outcome) -> list[str]:
    return [finding.rule for finding in outcome.findings]


def unfinished(data: bytes) -> list[tuple[int, str]]:
    return [(blank.line, blank.text) for blank in blanks(read("a.docx", data))]


def test_a_finished_document_passes(tmp_path: Path) -> None:
    body = paragraph("Your rights", properties='<w:pStyle w:val="berschrift1"/>') + paragraph("You may see your data.")
    outcome = document(tmp_path, docx(body, styles=_HEADING), sections=["Your rights"], contains=["see your data"])
    assert outcome.status is Status.PASSED
    assert outcome.examined == 1


@pytest.mark.parametrize(
    "heading",
    [
        paragraph("Your rights", properties='<w:pStyle w:val="own"/>'),
        paragraph("Your rights", properties='<w:outlineLvl w:val="2"/>'),
        paragraph(run("Your ", "<w:b/>"), run("rights", '<w:b w:val="1"/>')),
    ],
)
def test_headings_are_those_of_styles_levels_and_bold_type(tmp_path: Path, heading: str) -> None:
    data = docx(heading + paragraph("text"), styles=_HEADING)
    assert document(tmp_path, data, sections=["Your rights"]).status is Status.PASSED
    data = docx(heading, styles=_HEADING)
    assert document(tmp_path, data, sections=["Your rights"]).status is Status.FAILED


def test_a_level_that_word_does_not_know_makes_no_heading(tmp_path: Path) -> None:
    styled = paragraph("Your rights", properties='<w:pStyle w:val="own"/>') + paragraph("text")
    styles = f'<w:style w:styleId="own"><w:pPr><w:outlineLvl w:val="{"2" * 5000}"/></w:pPr></w:style>'
    assert document(tmp_path, docx(styled, styles=styles)).status is Status.PASSED
    assert document(tmp_path, docx(styled, styles=styles), sections=["Your rights"]).status is Status.FAILED


def test_bold_words_that_begin_a_paragraph_are_its_heading(tmp_path: Path) -> None:
    body = paragraph(run("Your rights.", "<w:b/>"), " You may see your data.")
    assert document(tmp_path, docx(body), sections=["Your rights"]).status is Status.PASSED


@pytest.mark.parametrize(
    "place",
    [
        "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:p><w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r></w:p>",
        (
            "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx>"
            "</w:drawing></mc:Choice><mc:Fallback><w:pict/></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        ),
    ],
)
def test_tables_text_boxes_and_controls_are_text(place: str) -> None:
    data = docx(paragraph("text") + place.format(paragraph("of [Company Name] and others")))
    assert [text for _, text in unfinished(data)] == ["[Company Name]"]


@pytest.mark.parametrize("part", ["header", "footer", "footnotes", "endnotes"])
def test_headers_footers_and_notes_are_text(part: str) -> None:
    assert [text for _, text in unfinished(docx(paragraph("text"), **{part: paragraph("by [Company Name]")}))] == [
        "[Company Name]"
    ]


def test_a_blank_over_several_runs_is_found() -> None:
    body = paragraph("text") + paragraph("between [Com", run("pany", "<w:i/>"), " Name] and others")
    assert unfinished(docx(body)) == [(2, "[Company Name]")]


def test_what_word_shows_where_nothing_was_typed_is_a_blank_in_any_language() -> None:
    control = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = paragraph("text") + control.format(paragraph("Kirjoita tähän"))
    assert unfinished(docx(body)) == [(2, "Kirjoita tähän")]
    filled = control.replace("<w:showingPlcHdr/>", "").format(paragraph("DeedPro"))
    assert unfinished(docx(paragraph("text") + filled)) == []


def field(code: str, shown: str) -> str:
    char = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        char.format("begin")
        + f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        + char.format("separate")
        + run(shown)
        + char.format("end")
    )


@pytest.mark.parametrize(
    ("code", "shown", "blank"),
    [
        (" MERGEFIELD Client ", "«Client»", "Client"),
        (" MACROBUTTON NoMacro [Click here] ", "", "NoMacro [Click here]"),
        ("FORMTEXT", "\u2002\u2002", "FORMTEXT"),
        ("FORMTEXT", "DeedPro", ""),
        (" PAGE ", "4", ""),
        (" HYPERLINK https://deedpro.internal ", "here", ""),
    ],
)
def test_fields_that_nobody_filled_in(code: str, shown: str, blank: str) -> None:
    assert [text for _, text in unfinished(docx(paragraph("text ", field(code, shown))))] == ([blank] if blank else [])


def test_tracked_changes_and_open_comments_fail(tmp_path: Path) -> None:
    changed = (
        paragraph("old")
        + f"<w:p><w:ins>{run('new')}</w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    )
    outcome = document(tmp_path, docx(changed), contains=["new"])
    assert [finding.message for finding in outcome.findings] == [
        "paragraph 2: `2 tracked changes` is a placeholder: nobody has accepted or rejected it"
    ]
    assert rules(document(tmp_path, docx(changed), contains=["gone"])) == ["text-missing", "placeholder"]
    said = '<w:comment><w:p w14:paraId="A"/></w:comment><w:comment><w:p w14:paraId="B"/></w:comment>'
    done = '<w15:commentEx w15:paraId="A" w15:done="{}"/><w15:commentEx w15:paraId="B" w15:paraIdParent="A"/>'
    text = paragraph("text")
    assert unfinished(docx(text, comments=said, commentsExtended=done.format(0))) == [(1, "1 comment")]
    assert unfinished(docx(text, comments=said, commentsExtended=done.format(1))) == []
    assert document(tmp_path, docx(changed), forbid_placeholders=False).status is Status.PASSED


def test_hidden_text_is_no_text_and_is_told(tmp_path: Path) -> None:
    body = paragraph("text ", run("access logs", "<w:vanish/>"))
    body += paragraph("more", properties='<w:pStyle w:val="secret"/>')
    outcome = document(tmp_path, docx(body, styles=_HEADING), contains=["access logs"])
    assert rules(outcome) == ["text-missing", "unseen"]
    assert outcome.findings[1].level is Level.WARNING
    assert document(tmp_path, docx(body, styles=_HEADING), minimum_words=2).status is Status.FAILED


def test_an_empty_word_file_fails(tmp_path: Path) -> None:
    assert rules(document(tmp_path, docx(paragraph("")))) == ["empty"]


def archive(**entries: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in entries.items():
            written.writestr(name, data)
    return packed.getvalue()


_BOMB = b"<w:document xmlns:w='w'>" + b" " * (65 * 2**20)


def replaced(part: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(paragraph("text")))) as old, zipfile.ZipFile(packed, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, part if name == "word/document.xml" else old.read(name))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04 and no archive", "unpacked"),
        (docx(paragraph("text"))[:-40], "unpacked"),
        (archive(**{"content.xml": b"<a/>"}), "OpenDocument"),
        (archive(**{"a.txt": b"a"}), "no Word file"),
        (b"\xd0\xcf\x11\xe0 a file of Word 97", "before 2007"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (replaced(_BOMB), "64 MiB"),
        (replaced(b"<w:document"), "not well-formed"),
        (replaced(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "entities"),
        (replaced(b"<a>" * 5000 + b"</a>" * 5000), "nests"),
        (docx(paragraph("text"), aFChunk="<a/>"), "embeds"),
    ],
)
def test_what_cannot_be_read_whole_is_an_error(data: bytes, why: str) -> None:
    with pytest.raises(CheckError, match=why):
        read("a.docx", data)
