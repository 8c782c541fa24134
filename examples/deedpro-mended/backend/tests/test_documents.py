"""Integration tests: every document type goes through rules, template and number."""

import pytest
from deedpro.documents import Refused, generate, number
from deedpro.legal import DOCUMENT_TYPES


def deed(kind: str) -> dict[str, str]:
    return {
        "type": kind,
        "grantor": "Grantor A",
        "grantee": "Grantee B",
        "county": "Alameda",
        "legal_description": "Lot 7 of Tract 1234",
    }


@pytest.mark.parametrize("kind", DOCUMENT_TYPES)
def test_generates(kind):
    text = generate(deed(kind))
    assert "Grantor A" in text
    assert "Lot 7" in text
    assert "@@NUMBER@@" not in text


def test_escapes_markup():
    assert "<script>" not in generate({**deed("grant_deed"), "grantee": "<script>alert(1)</script>"})


def test_refuses_unknown_type():
    with pytest.raises(Refused, match="unknown document type"):
        generate(deed("lease"))


def test_refuses_incomplete():
    with pytest.raises(Refused, match="grantee is missing"):
        generate({**deed("grant_deed"), "grantee": " "})


def test_number_follows_content():
    assert number("a") == number("a") != number("b")
