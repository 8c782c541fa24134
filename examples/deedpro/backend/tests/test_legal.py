"""The Californian rules."""

from datetime import date

import pytest
from deedpro.legal import is_reassessed, recording_problems, transfer_tax


@pytest.mark.parametrize(("price", "tax"), [(0, 0.0), (100, 0.0), (500, 0.55), (501, 1.10), (500_000, 550.0)])
def test_transfer_tax(price, tax):
    assert transfer_tax(price) == tax


def test_transfer_tax_exempt():
    assert transfer_tax(500_000, exempt=True) == 0.0


def test_transfer_tax_refuses_negative():
    with pytest.raises(ValueError, match="not negative"):
        transfer_tax(-1)


def test_recording_needs_two_parties():
    deed = {"grantor": "A", "grantee": "A", "legal_description": "x", "county": "Alameda", "type": "grant_deed"}
    assert recording_problems(deed) == ["grantor and grantee are the same"]
    assert recording_problems({**deed, "type": "interspousal_transfer_deed"}) == []


def test_recording_names_what_is_missing():
    assert recording_problems({"county": "Mars"}) == [
        "grantor is missing", "grantee is missing", "legal_description is missing", "unknown county: 'Mars'",
    ]


def test_reassessment():
    assert is_reassessed("grant_deed", date(2026, 1, 1))
    assert not is_reassessed("interspousal_transfer_deed", date(2026, 1, 1))
    assert not is_reassessed("grant_deed", date(2020, 1, 1), "parent-child")
    assert is_reassessed("grant_deed", date(2022, 1, 1), "parent-child")
    assert not is_reassessed("grant_deed", date(2022, 1, 1), "trust")
