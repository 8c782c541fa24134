"""Advisory databases: made-up ones among the fixtures, and a small one of facts about three real packages."""

import zipfile
from pathlib import Path
from typing import Any

from readiness.outcome import Outcome
from readiness.testing import evaluate
from readiness_checks.dependencies import Dependencies

ADVISORIES = Path(__file__).parents[1] / "checks" / "fixtures" / "advisories"
JSON = ADVISORIES / "json"
PINS_WITH_A_KNOWN_ANSWER = "django==3.2.0\nrequests==2.19.0\njinja2==2.10\n"

_FACTS = """
django PYSEC-2007-1 CVE-2007-5712 0<1.1
django PYSEC-2014-19 CVE-2014-1418 1.4<1.4.13 1.5<1.5.8 1.6<1.6.5 1.7a0<1.7b4
django PYSEC-2015-18 CVE-2015-2316 1.6<1.6.11 1.7<1.7.7 1.8a0<1.8c1
django PYSEC-2021-7 CVE-2021-31542 2.2<2.2.21 3.1<3.1.9 3.2<3.2.1
django PYSEC-2021-8 CVE-2021-32052 2.2<2.2.22 3.1<3.1.10 3.2<3.2.2
django PYSEC-2021-98 CVE-2021-33203 0<2.2.24 3.0<3.1.12 3.2<3.2.4
django PYSEC-2021-99 CVE-2021-33571 2.2<2.2.24 3.0<3.1.12 3.2<3.2.4
django PYSEC-2021-109 CVE-2021-35042 3.1<3.1.13 3.2<3.2.5
django PYSEC-2021-439 CVE-2021-44420 2.2<2.2.25 3.1<3.1.14 3.2<3.2.10
django PYSEC-2022-1 CVE-2021-45115 2.2<2.2.26 3.2<3.2.11 4.0<4.0.1
django PYSEC-2022-2 CVE-2021-45116 2.2<2.2.26 3.2<3.2.11 4.0<4.0.1
django PYSEC-2022-3 CVE-2021-45452 2.2<2.2.26 3.2<3.2.11 4.0<4.0.1
django PYSEC-2022-19 CVE-2022-22818 2.2<2.2.27 3.2<3.2.12 4.0<4.0.2
django PYSEC-2022-20 CVE-2022-23833 2.2<2.2.27 3.2<3.2.12 4.0<4.0.2
django PYSEC-2022-190 CVE-2022-28346 4.0<4.0.4 3.2<3.2.13 2.2<2.2.28
django PYSEC-2022-191 CVE-2022-28347 4.0<4.0.4 3.2<3.2.13 2.2<2.2.28
django PYSEC-2022-213 CVE-2022-34265 3.2<3.2.14 4.0<4.0.6
django PYSEC-2022-245 CVE-2022-36359 3.2<3.2.15 4.0<4.0.7
django PYSEC-2022-304 CVE-2022-41323 3.2<3.2.16 4.0<4.0.8 4.1<4.1.2
django PYSEC-2023-12 CVE-2023-23969 3.2<3.2.17 4.0<4.0.9 4.1<4.1.6
django PYSEC-2023-13 CVE-2023-24580 3.2<3.2.18 4.0<4.0.10 4.1<4.1.7
django PYSEC-2023-61 CVE-2023-31047 3.2<3.2.19 4.0<4.1.9 4.2<4.2.1
django PYSEC-2023-100 CVE-2023-36053 4.2<4.2.3 4.0<4.1.10 3.2<3.2.20
django PYSEC-2023-222 CVE-2023-46695 3.2<3.2.23 4.1<4.1.13 4.2<4.2.7
django PYSEC-2023-225 CVE-2023-41164 3.2<3.2.21 4.1<4.1.11 4.2<4.2.5
django PYSEC-2023-226 CVE-2023-43665 3.2<3.2.22 4.1<4.1.12 4.2<4.2.6
django PYSEC-2024-28 CVE-2024-24680 3.2<3.2.24 4.2<4.2.10 5.0<5.0.2
django PYSEC-2024-47 CVE-2024-27351 3.2<3.2.25 4.2<4.2.11 5.0<5.0.3
jinja2 PYSEC-2014-8 CVE-2014-1402 0<2.7.2
jinja2 PYSEC-2014-82 CVE-2014-0012 0<2.7.3
jinja2 PYSEC-2019-217 CVE-2019-10906 0<2.10.1
jinja2 PYSEC-2019-220 CVE-2016-10745 0<2.8.1
jinja2 PYSEC-2021-66 CVE-2020-28493 0<2.11.3
requests PYSEC-2014-13 CVE-2014-1829 0<2.3.0
requests PYSEC-2014-14 CVE-2014-1830 0<2.3.0
requests PYSEC-2015-17 CVE-2015-2296 2.1.0<2.6.0
requests PYSEC-2018-28 CVE-2018-18074 0<2.20.0
requests PYSEC-2023-74 CVE-2023-32681 2.3.0<2.31.0
"""
"""What the PyPA advisory database publishes: package, identifier, CVE, and each range, first to mended version."""


def offline(root: Path, requirements: str, database: Path | str = JSON, **params: Any) -> Outcome:
    """Compare requirements with a database on disk."""
    (root / "requirements.txt").write_text(requirements)
    given = {"requirements": "requirements.txt", "service": "offline", "database": str(database), **params}
    return evaluate(Dependencies, root, **given)


def rules(outcome: Outcome, level: str = "error") -> list[str]:
    """The rules of the findings of one level."""
    return [finding.rule for finding in outcome.findings if finding.level == level]


def archive(path: Path, records: dict[str, bytes]) -> Path:
    """Write an archive with these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in records.items():
            target.writestr(name, data)
    return path


def known() -> list[dict[str, Any]]:
    """The facts as records in the OSV format."""
    return [_record(*line.split()) for line in _FACTS.strip().splitlines()]


def _record(package: str, identifier: str, cve: str, *ranges: str) -> dict[str, Any]:
    events = []
    for affected in ranges:
        introduced, fixed = affected.split("<")
        events += [{"introduced": introduced}, {"fixed": fixed}]
    year = identifier.split("-")[1]
    return {
        "id": identifier,
        "aliases": [cve],
        "summary": f"{package} is affected by {cve}",
        "published": f"{year}-12-31T00:00:00Z",
        "modified": f"{year}-12-31T00:00:00Z",
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": package},
                "ranges": [{"type": "ECOSYSTEM", "events": events}],
            }
        ],
    }
