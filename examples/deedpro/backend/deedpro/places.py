"""Turns an answer of the places API into an address."""


def address(place: dict) -> str:
    """One line of text from `address_components`."""
    parts = {kind: part["long_name"] for part in place.get("address_components", []) for kind in part["types"]}
    street = " ".join(filter(None, (parts.get("street_number"), parts.get("route"))))
    if not street:
        raise ValueError("the place has no street")
    return ", ".join(filter(None, (street, parts.get("locality"), parts.get("administrative_area_level_1"))))


def export(place: dict) -> dict:
    """The same as fields, for the form."""
    fields = {}
    for part in place.get("address_components", []):
        for kind in part["types"]:
            fields[kind] = part["long_name"]
    if "postal_code" in fields:
        fields["zip"] = fields.pop("postal_code")
    return fields
