"""Google Places integration, against a recorded answer."""

import pytest
from deedpro.places import address, export

PLACE = {
    "address_components": [
        {"long_name": "1600", "types": ["street_number"]},
        {"long_name": "Amphitheatre Parkway", "types": ["route"]},
        {"long_name": "Mountain View", "types": ["locality", "political"]},
        {"long_name": "California", "types": ["administrative_area_level_1", "political"]},
    ]
}


def test_address_from_recorded_answer():
    assert address(PLACE) == "1600 Amphitheatre Parkway, Mountain View, California"


def test_export_from_recorded_answer():
    fields = export({"address_components": [{"long_name": "94043", "types": ["postal_code"]}]})
    assert fields == {"zip": "94043"}
    assert export(PLACE)["route"] == "Amphitheatre Parkway"


def test_address_without_street():
    with pytest.raises(ValueError, match="no street"):
        address({"address_components": []})
