"""What Californian law asks of a deed before a county records it."""

from datetime import date

DOCUMENT_TYPES = ("grant_deed", "quitclaim_deed", "interspousal_transfer_deed", "warranty_deed", "tax_deed")
COUNTIES = {"Alameda", "Los Angeles", "Orange", "Sacramento", "San Diego", "San Francisco"}


def transfer_tax(price: float, *, exempt: bool = False) -> float:
    """Documentary transfer tax in dollars: $0.55 for each $500 or part of it (Revenue and Taxation Code § 11911)."""
    if price < 0:
        raise ValueError("a price is not negative")
    if exempt or price <= 100:
        return 0.0
    return round(-(-price // 500) * 0.55, 2)


def recording_problems(deed: dict[str, str]) -> list[str]:
    """Say what a county recorder would refuse (Government Code § 27361.6, Civil Code § 1092)."""
    problems = []
    for field in ("grantor", "grantee", "legal_description"):
        if not deed.get(field, "").strip():
            problems.append(f"{field} is missing")
    if deed.get("county") not in COUNTIES:
        problems.append(f"unknown county: {deed.get('county', '')!r}")
    if deed.get("grantor") and deed.get("grantor") == deed.get("grantee") and deed.get("type") != "interspousal_transfer_deed":
        problems.append("grantor and grantee are the same")
    return problems


def is_reassessed(deed_type: str, transfer: date, exclusion: str = "") -> bool:
    """Whether the county reassesses the property (Revenue and Taxation Code §§ 60-64)."""
    if deed_type == "interspousal_transfer_deed":
        return False
    if exclusion == "parent-child":
        return transfer >= date(2021, 2, 16)
    return exclusion == ""
