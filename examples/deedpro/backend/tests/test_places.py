"""Google Places integration, against a recorded answer."""

import pytest
from deedpro.places import address

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


def test_address_without_street():
    with pytest.raises(ValueError, match="no street"):
        address({"address_components": []})
