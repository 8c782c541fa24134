import re
from collections.abc import Callable
from html import unescape

import pytest

from readiness.outcome import Outcome, SignoffState, Status
from readiness.report import Report
from readiness_reports import signoffs
from readiness_reports.signoffs import render
from support import reports
from support.pages import Page

ALL = [
    reports.no_go,
    reports.go,
    reports.conditional,
    reports.incomplete,
    reports.interrupted,
    reports.nearly_empty,
    reports.hostile,
    reports.governed,
]
TAGS = set(
    re.findall(
        r"\w+",
        "html meta title style table thead tbody tr td header p h1 h2 h3 dl div dt dd b code span main section ol ul "
        "li blockquote pre footer",
    )
)


def words(report: Report) -> str:
    return " ".join("".join(Page(render(report)).text).split())


@pytest.mark.parametrize("make", ALL)
def test_hostile_text_opens_no_tag_and_no_attribute(make: Callable[[], Report]) -> None:
    page = Page(render(make()))
    assert {tag for tag, _ in page.tags} <= TAGS
    names = {name for _, attrs in page.tags for name in attrs}
    assert not {name for name in names if name.startswith("on") or name in {"style", "src", "href", "action"}}
    assert {*page.values("aria-labelledby")} <= set(page.values("id"))


@pytest.mark.parametrize("make", ALL)
def test_nothing_invisible_is_left(make: Callable[[], Report]) -> None:
    assert not re.search(
        "[\u200b-\u200f\u202a-\u202e\u2028\u2029\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", render(make())
    )


def test_every_signature_has_its_name_date_meaning_key_record_and_what_it_covers() -> None:
    text = words(reports.governed(approved=True))
    order = [
        *("Who signed what", "deedpro 3.0.0", "production", "CONDITIONAL GO: 2 blocking items rest on a waiver"),
        *(reports.COMMIT, reports.digest("readiness.yaml"), "origin/main", "13 signatures count, 5 do not, 0"),
        *("Signatures that count", "1 of 13, sign-off", "Document templates reviewed", "as legal", "valid"),
        *(
            "Needed: 2 of 2 are valid",
            "I reviewed this and approve its use in California.",
            "Printed name",
            "Ruth Abara",
        ),
        *("Date and time", "2026-11-11 10:15:00 UTC", "Signed as", "deputy@example.com", "Ends"),
        *("2026-11-29 10:15:00 UTC, 6 days left", "Key", "SHA256:", "Record", "Covers", "templates/grant_deed.html"),
        *(reports.digest("templates/grant_deed.html"), "10 of 13, waiver", "SSL certificates", "Reason:"),
        *(
            "Compensating control:",
            "Asked for by: platform@example.com",
            "The verdict depends on this waiver.",
            "Ada Novak",
        ),
        *("Signatures that do not count", "taken back by counsel@example.com", "trainee@example.com", "unauthorised"),
        *("How to check it", "A signature by hand on this paper is not part of any record", "done <<'END'", "END"),
    ]
    place = 0
    for expected in order:
        place = text.find(expected, place)
        assert place >= 0, expected


def test_what_nobody_signed_yet_is_named_with_who_may() -> None:
    text = words(reports.no_go())
    assert "2 signatures are missing" in text
    assert "Not signed" in text
    assert "readiness sign user-acceptance" in text.partition("Not signed")[2]


def test_nothing_signed_is_said_and_there_is_nothing_to_run() -> None:
    page = render(reports.nearly_empty())
    assert "0 signatures count" in words(reports.nearly_empty())
    assert "<pre" not in page


def test_a_part_of_a_checklist_and_a_stopped_run_are_no_whole() -> None:
    assert "only a part of the checklist was judged" in words(reports.incomplete())
    assert "the run was interrupted" in words(reports.interrupted())


def test_every_covered_file_is_counted() -> None:
    covers = tuple(f"t/{n}.html" for n in range(90))
    signed = reports.card(
        "legal", SignoffState.VALID, "signed", covers=covers, digests=tuple(reports.digest(path) for path in covers)
    )
    outcome = Outcome(status=Status.PASSED, summary="s", examined=1, signoffs=(signed,))
    text = words(reports.report([reports.result("a", "t", "c", "s", outcome)]))
    assert f"t/39.html {reports.digest('t/39.html')}" in text
    assert "t/40.html" not in text
    assert "and 50 more files, each named with its digest in the record" in text


def test_the_script_takes_nothing_but_digests_principals_and_dates() -> None:
    report = reports.hostile()
    evil = [entry._replace(state=SignoffState.VALID) for entry in signoffs.entries(report)]
    assert evil
    assert signoffs.script(report, evil) == ""
    sound = signoffs.entries(reports.governed())[0]
    for change in (
        {"principal": "$(touch x)"},
        {"principal": "a@example.com\nEND\ntouch x"},
        {"record": "../" * 20},
        {"record": "a" * 63 + "\n"},
        {"signed_at": None},
    ):
        assert signoffs.script(report, [sound._replace(**change)]) == ""
    policy = reports.governed().model_copy(update={"policy": report.policy})
    assert "git show" not in signoffs.script(policy, [sound])


def test_the_script_is_shown_as_it_runs() -> None:
    report = reports.governed(approved=True)
    (shown,) = re.findall(r"<pre[^>]*>(.*?)</pre>", render(report), re.DOTALL)
    counted = [entry for entry in signoffs.entries(report) if entry.state is SignoffState.VALID]
    assert unescape(shown) == signoffs.script(report, counted)
    assert f"git show {reports.COMMIT}:./.readiness/allowed_signers" in unescape(shown)
