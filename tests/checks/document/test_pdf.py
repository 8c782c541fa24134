"""PDF files: text of pages, fields of forms, remarks, and pages that only a person can read."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from readiness.outcome import CheckError, Level, Status
from readiness.testing import context, evaluate
from readiness_checks.document import Document
from readiness_checks.document.blanks import blanks
from readiness_checks.document.formats import read
from support.office import pdf

POLICY = "Privacy policy\n1. Your rights\nYou may see what we hold about you, and cor-\nrect it."


def unfinished(data: bytes) -> list[tuple[int, str]]:
    return [(blank.line, blank.text) for blank in blanks(read("a.pdf", data))]


def test_a_finished_document_passes(tmp_path: Path) -> None:
    (tmp_path / "policy.pdf").write_bytes(pdf(POLICY, "Second page"))
    outcome = evaluate(
        Document,
        tmp_path,
        using=context(tmp_path),
        paths="policy.pdf",
        sections="Your rights",
        contains="and correct it",
    )
    assert outcome.status is Status.PASSED, outcome
    assert outcome.examined == 1


def test_blanks_are_named_with_their_page(tmp_path: Path) -> None:
    (tmp_path / "policy.pdf").write_bytes(pdf(POLICY, "by [Company\nName] and dated __________ 2026"))
    outcome = evaluate(Document, tmp_path, using=context(tmp_path), paths="policy.pdf")
    assert outcome.status is Status.FAILED
    assert [(finding.line, finding.message[:31]) for finding in outcome.findings] == [
        (None, "page 2: `[Company Name]` is a p"),
        (None, "page 2: `Name] and dated ______"),
    ]


@pytest.mark.parametrize(
    ("field", "blank"),
    [
        ("/FT /Tx /T (Company)", "Company"),
        ("/FT /Tx /T (Company) /V (DeedPro)", ""),
        ("/FT /Tx /T (Company) /Ff 1", ""),
        ("/FT /Sig /T (Signature)", ""),
        ("/FT /Ch /TU (Country of the company) /T (c)", "Country of the company"),
    ],
)
def test_empty_fields_of_a_form_are_blanks(field: str, blank: str) -> None:
    data = pdf(POLICY, form="<< /Fields [] >>", annotations=f"<< /Subtype /Widget {field} >>")
    assert unfinished(data) == ([(1, blank)] if blank else [])


def test_remarks_count_and_text_on_the_page_is_text() -> None:
    data = pdf(
        POLICY, annotations="<< /Subtype /Text /Contents (ask counsel) >> << /Subtype /FreeText /Contents (TBD) >>"
    )
    assert unfinished(data) == [(1, "1 remark"), (1, "TBD")]


def test_a_cover_without_text_is_told_and_a_scanned_page_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "policy.pdf").write_bytes(pdf("IMAGE", POLICY))
    outcome = evaluate(Document, tmp_path, using=context(tmp_path), paths="policy.pdf")
    assert outcome.status is Status.PASSED
    assert [(finding.rule, finding.level) for finding in outcome.findings] == [("unseen", Level.WARNING)]
    for pages in (("IMAGE",), ("IMAGE", "IMAGE"), (POLICY, "IMAGE", POLICY), ("",)):
        with pytest.raises(CheckError, match="text"):
            read("a.pdf", pdf(*pages))
    read("a.pdf", pdf(POLICY, "", POLICY))  # an empty page hides nothing


def encrypted(password: str) -> bytes:
    writer, packed = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(POLICY)))), io.BytesIO()
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    writer.write(packed)
    return packed.getvalue()


def test_only_what_opens_without_a_password_is_read() -> None:
    assert "Your rights" in "".join(block.text for block in read("a.pdf", encrypted("")).blocks)
    with pytest.raises(CheckError, match="encrypted"):
        read("a.pdf", encrypted("secret"))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7\n...", "cannot be read"),
        (pdf(POLICY)[:300], "cannot be read|no text"),
        (pdf(POLICY, form="<< /XFA (a) /Fields [] >>"), "XFA"),
        (pdf(*["page"] * 1001), "1001 pages"),
    ],
)
def test_what_cannot_be_read_whole_is_an_error(data: bytes, why: str) -> None:
    with pytest.raises(CheckError, match=why):
        read("a.pdf", data)
