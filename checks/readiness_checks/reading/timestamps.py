"""Reads the moments that tools write into reports, in every form that one of them is known to write.

ISO 8601 (most), RFC 1123 (`Fri, 20 Nov 2026 09:50:53 GMT`, Mocha's `xunit`), `26 Jun 2018 13:51:32 GMT` and
`2021-03-07T10:36:56 UTC` (TestNG 6 and 7), `Fri Nov 20 09:50:53 CET 2026` (`Date` of Java, `ctime`),
`Fri Nov 20 2026 09:50:53 GMT+0100 (…)` (`Date` of JavaScript), `2026-11-20 09:50:53 +0100` (Ruby, Go),
`11/20/2026 9:50:53 AM` (.NET, `toLocaleString`), `20.11.2026 09:50:53` (.NET in German), `Nov 20, 2026 9:50:53 AM`
(`DateFormat` of Java), and counts of seconds, milli-, micro- or nanoseconds since 1970.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "ut": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
    "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "est": -5, "edt": -4, "cst": -6, "cdt": -5,
    "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
"""Hours from UTC; those of RFC 822 as it says. An abbreviation that is not here may mean any zone, as none does."""
_COUNT = re.compile(r"\d{9,19}(?:\.\d+)?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*([ap])\.?m\b\.?)?", re.IGNORECASE)
_OFFSET = re.compile(r"\s*(?:gmt|utc)?\s*([+-])(\d{2}):?(\d{2})(?!\d)", re.IGNORECASE)
_BRACKETS = re.compile(r"\(.*?\)|\bm=[+-][\d.]+|\[[^\]]*\]")
_YEAR_FIRST = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b")
_LONGEST = 100
_FIRST_YEAR = 1980
"""A year before it is what a tool writes that has no time: 1, 1601, 1900 or 1970."""


def oldest(texts: Iterable[str], latest: datetime) -> tuple[datetime | None, str]:
    """The oldest moment among those that a report gives, and a text among them that is none that can be read.

    Args:
        texts: Empty ones, and those that say that there is no time (`0001-01-01T00:00:00Z`), are left out.
        latest: When the report was there at the latest: among what a text can mean (local time or UTC, day or month
            first) the latest that is not after it counts.
    """
    unread, found = "", []
    for text in dict.fromkeys(texts):
        meant = list(_meant(text))
        if not meant and not _says_none(text):
            unread = unread or text.strip()[:50] or text[:50]
        known = [each for each in meant if each.year >= _FIRST_YEAR]
        if known:
            found.append(max((each for each in known if each <= latest), default=min(known)))
    return min(found, default=None), unread


def _says_none(text: str) -> bool:
    return not text.strip().strip("0.")


def _meant(text: str) -> Iterator[datetime]:
    """Every moment that a text can mean."""
    text = " ".join(_BRACKETS.sub(" ", text[:_LONGEST]).split())
    try:
        if _COUNT.fullmatch(text):
            yield _since_1970(text)
            return
        for written in _written(text):
            if written.year < _FIRST_YEAR:
                yield written.replace(tzinfo=UTC)
            elif written.tzinfo is None:
                yield written.astimezone(UTC)
                yield written.replace(tzinfo=UTC)
            else:
                yield written.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return


def _since_1970(text: str) -> datetime:
    whole = text.partition(".")[0]
    scale = next(scale for digits, scale in ((11, 1), (14, 10**3), (17, 10**6), (19, 10**9)) if len(whole) <= digits)
    return datetime.fromtimestamp(float(text) / scale, UTC)


def _written(text: str) -> Iterator[datetime]:
    """What stands there; a date alone means the end of its day."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        yield from _in_other_forms(text)
        return
    yield found if _CLOCK.search(text) or len(text) > len("2026-11-20") else found + timedelta(days=1, seconds=-1)


def _in_other_forms(text: str) -> Iterator[datetime]:
    clock = _CLOCK.search(text)
    if clock is None:
        return
    hour, minute, second = (int(part or 0) for part in clock.group(1, 2, 3))
    if clock[5]:
        hour = hour % 12 + (12 if clock[5].lower() == "p" else 0)
    micro = int((clock[4] or "0").ljust(6, "0")[:6])
    before, after = text[: clock.start()], text[clock.end() :]
    zone, rest = _zone(after)
    for year, month, day in _dates(f"{before} {rest}"):
        yield datetime(year, month, day, hour, minute, second, micro, tzinfo=zone)


def _zone(after: str) -> tuple[timezone | None, str]:
    """The zone behind a time, and what else stands there."""
    offset = _OFFSET.match(after)
    if offset:
        sign = -1 if offset[1] == "-" else 1
        return timezone(sign * timedelta(hours=int(offset[2]), minutes=int(offset[3]))), after[offset.end() :]
    words = re.findall(r"[A-Za-z]+", after)
    known = next((_ZONES[word.lower()] for word in words if word.lower() in _ZONES), None)
    return (None if known is None else timezone(timedelta(hours=known))), after


def _dates(text: str) -> Iterator[tuple[int, int, int]]:
    """Year, month and day, twice where either number can be the month."""
    first, last = _YEAR_FIRST.search(text), _YEAR_LAST.search(text)
    if first:
        yield int(first[1]), int(first[2]), int(first[3])
    elif last:
        one, two, of = int(last[1]), int(last[2]), int(last[3])
        if one <= len(_MONTHS):
            yield of, one, two
        if two <= len(_MONTHS) and one != two:
            yield of, two, one
    else:
        months = [word[:3].lower() for word in re.findall(r"[A-Za-z]{3,}", text)]
        named = next((_MONTHS.index(word) + 1 for word in months if word in _MONTHS), None)
        year = re.search(r"\b(\d{4})\b", text)
        day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", text)
        if named and year and day:
            yield int(year[1]), named, int(day[1])
