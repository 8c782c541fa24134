import base64
import hashlib
import re
from collections.abc import Callable

import pytest

from readiness.outcome import Finding, Level, Outcome, SignoffState, Status
from readiness.report import Report
from readiness_reports.html import render
from support import report_values as values
from support import reports
from support.long import LONG
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
    lambda: reports.large(300),
]
SVG = {"svg", "rect", "circle", "path"}
TAGS = SVG | set(
    re.findall(
        r"\w+",
        "html meta title style body a header p h1 h2 h3 h4 span button kbd dl div dt dd code main section nav ul ol li "
        "b i strong blockquote table thead tbody tr th td form label input fieldset legend output details summary pre "
        "br wbr footer dialog script del ins",
    )
)


@pytest.mark.parametrize("make", ALL)
def test_hostile_text_opens_no_tag_and_no_attribute(make: Callable[[], Report]) -> None:
    page = Page(render(make()))
    assert {tag for tag, _ in page.tags} <= TAGS
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    names = {name for _, attrs in page.tags for name in attrs}
    assert not {name for name in names if name.startswith("on") or name in {"style", "src", "srcset", "action"}}


@pytest.mark.parametrize("make", ALL)
def test_links_lead_into_the_page_or_to_the_web(make: Callable[[], Report]) -> None:
    page = Page(render(make()))
    targets = page.values("id")
    assert len(set(targets)) == len(targets)
    for tag, attrs in page.tags:
        if tag == "a":
            href = attrs["href"] or ""
            if href.startswith("#"):
                assert href[1:] in targets
            else:
                assert re.match(r"https?://[\w.-]+/", href)
                assert attrs["rel"] == "noopener noreferrer"


@pytest.mark.parametrize("make", ALL)
def test_what_a_page_refers_to_is_there(make: Callable[[], Report]) -> None:
    page = Page(render(make()))
    assert {*page.values("aria-labelledby"), *page.values("for")} <= set(page.values("id"))


@pytest.mark.parametrize("make", ALL)
def test_nothing_invisible_is_left(make: Callable[[], Report]) -> None:
    assert not re.search(
        "[\u200b-\u200f\u202a-\u202e\u2028\u2029\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", render(make())
    )


def test_the_policy_allows_our_style_and_script_by_their_hashes_and_nothing_else() -> None:
    page = render(reports.go())
    policy = dict(Page(page).tags[2][1])["content"]
    hashes = [
        base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        for inline in re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", page, re.DOTALL)
    ]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_page_tells_from_the_top_what_was_judged_the_verdict_and_what_to_do() -> None:
    text = " ".join("".join(Page(render(reports.no_go())).text).split())
    order = [
        *("deedpro 3.0.0", "production", reports.COMMIT, "dirty, 3 files changed", "2026-11-23 10:15:00 UTC", "NO-GO"),
        *("4 blocking items failed", "This must not go to production.", "3 files differ from the commit"),
        *("The shortest way to GO", "unblocks 1 item", "1 of 3 required sections is missing", "Owner privacy"),
        *("Sections", "8 items, 3 blocking", "Sign-offs", "Ines Okafor", "I reviewed this and approve", "SHA256:"),
        *("Controls", "SOC2:CC8.1", "0 of 3", "Every item", "91.4 %", "≥ 95 %", "not met"),
        *("frontend/src/wizard.js:57", "Add tests for the validation steps", reports.digest("backend/coverage.json")),
        *("readiness_checks.coverage:Check", "How to verify", "readiness records verify"),
        *("readiness report run.json -o report.html", reports.digest("readiness.yaml")),
    ]
    place = text.index("RELEASE".capitalize())
    for words in order:
        place = text.find(words, place)
        assert place >= 0, words


def test_a_condition_shows_its_end_and_its_waivers() -> None:
    text = " ".join(" ".join(Page(render(reports.conditional())).text).split())
    assert "Valid until 2026-12-02 10:15:00 UTC" in text
    assert text.count("The verdict depends on this waiver.") == 2
    assert "An alert fires 5 days before the certificate ends." in text
    assert "The shortest way to GO" not in text


def test_the_owner_of_an_item_is_named_and_an_address_breaks_before_its_host() -> None:
    page = render(reports.governed())
    assert "<span>Owner</span> <b>security (reyes<wbr>@example.com)</b>" in page
    assert "owner security (reyes@example.com)" in page


def test_the_page_shows_what_people_signed_and_what_became_of_the_policy() -> None:
    text = " ".join("".join(Page(render(reports.governed(approved=True))).text).split())
    order = [
        *("Judged by the policy of origin/main at 5db0d36c1f8a.", "Valid until 2026-12-02 10:15:00 UTC 9 days left"),
        *("What flips it:", "9 days left 2026-12-02 10:15:00 UTC the waiver of tls lapses", "and 3 later moments"),
        *("Sign-offs", "revoked taken back by counsel@example.com", "2 of 2 needed are valid", "trainee@example.com"),
        *("templates/grant_deed.html, templates/quitclaim_deed.html", "2027-05-10 10:15:00 UTC 168 days left"),
        *(
            'deputy@example.com (says "Ruth Abara")',
            "2026-11-29 10:15:00 UTC 6 days left",
            "Waivers",
            "SSL certificates",
        ),
        *("valid 9 days left", "The verdict depends on this waiver.", "An alert fires 5 days before", "Ada Novak"),
        *(
            "Asked by",
            "platform@example.com",
            "lapses today",
            "the verdict does not depend on it",
            "expired 3 days ago",
        ),
        *("It does not count.", "it lapsed 3 days ago", "run readiness waive email", "unauthorised", "own-request"),
        *(
            "revoked",
            "A rollback was rehearsed",
            "This checklist has no item rollback.",
            "Policy",
            "weakens the policy",
        ),
        *("its owners have signed off exactly that.", '(says "Tomas Reyes") (security)', "Weakens 3 changes"),
        *("Lowers lines of coverage. 95 → 80", "threshold-lowered", "readiness.yaml:31", "Drops the item rollback."),
        *("--fail-above 5000python tools/benchmark.py --documents 1", "Strengthens", "Neither", "Merge base"),
        *("Controls", "A control is met only when", "8 met", "1 waived", "SOC2:CC8.1", "waived", "2 of 3 passed"),
        *("Items by control", "Policy and records 2 items"),
    ]
    place = 0
    for words in order:
        place = text.find(words, place)
        assert place >= 0, words


def test_where_no_other_policy_judged_the_page_says_so() -> None:
    text = " ".join("".join(Page(render(reports.go())).text).split())
    assert "The policy was read from what is judged itself" in text
    assert 'href="#_policy"' not in render(reports.go())


def test_a_card_names_only_the_first_of_many_covered_files() -> None:
    many = reports.card("legal", SignoffState.VALID, "signed", covers=tuple(f"t/{n}.html" for n in range(5_000)))
    outcome = Outcome(status=Status.PASSED, summary="s", examined=1, signoffs=(many,))
    page = render(reports.report([reports.result("a", "t", "c", "s", outcome)]))
    assert "t/11.html" in page
    assert "t/12.html" not in page
    assert "and 4,988 more files" in page


def test_names_between_backticks_become_code_and_stay_text() -> None:
    outcome = Outcome(status=Status.ERROR, summary="see `a & b` and `<script>`", remedy="set `X`, then `")
    page = render(reports.report([reports.result("a", "t", "c", "s", outcome)]))
    assert "see <code>a &amp; b</code> and <code>&lt;script&gt;</code>" in page
    assert "set <code>X</code>, then `" in page


def test_empty_sections_are_left_out() -> None:
    text = " ".join(Page(render(reports.nearly_empty())).text)
    for heading in ("Sign-offs", "Waivers", "Controls", "Beside the verdict"):
        assert heading not in text


def test_many_findings_are_counted() -> None:
    outcome = Outcome(status=Status.FAILED, summary="s", findings=tuple(Finding(message=f"m{n}") for n in range(53)))
    page = render(reports.report([reports.result("a", "t", "c", "s", outcome)]))
    assert page.count('<b class="level error">') == 50
    assert "And 3 more findings, in the JSON report of this run." in page


def test_the_end_of_a_long_log_is_shown() -> None:
    outcome = Outcome(status=Status.FAILED, summary="s", evidence=(reports.seen("log", "x" * 9_000 + "\nthe end"),))
    (excerpt,) = re.findall(
        r"<pre[^>]*>(.*?)</pre>", render(reports.report([reports.result("a", "t", "c", "s", outcome)])), re.DOTALL
    )
    assert excerpt.startswith("…\nx")
    assert excerpt.endswith("x\nthe end")
    assert len(excerpt) < 4_100


@pytest.mark.long
@pytest.mark.parametrize(("number", "most"), [(1_000, 450_000), *([(10_000, 4_000_000)] if LONG else [])])
def test_large_reports_stay_small_and_keep_every_item(number: int, most: int) -> None:
    report = reports.large(number)
    page = render(report)
    assert len(page.encode()) <= most
    parsed = Page(page)
    assert {result.item.id for result in report.results} <= set(parsed.values("id"))
    text = "".join(parsed.text)
    for result in report.results:
        assert result.outcome.summary in text
        assert result.outcome.evidence[0].sha256[:12] in text
        assert result.outcome.evidence[0].name in text
    assert text.count("not met") == text.count("Add tests for them.") == number // 10


def test_every_blocker_is_named_however_many_there_are() -> None:
    report = reports.large(3_000)
    page = render(report)
    assert "200 more blockers, explained at their items" in page
    for blocker in report.verdict.blockers:
        assert page.count(f'href="#{blocker.item}"') == 1


def test_a_blocker_shows_the_places_of_its_first_defects() -> None:
    found = [Finding(message=f"wrong {n}", path="src/a.py", line=n) for n in range(1, 8)]
    found += [Finding(message="no place"), Finding(message="only a note", path="b.py", level=Level.NOTE)]
    outcome = values.failed("it is wrong 1 time too often", "mend it", findings=tuple(found))
    text = "".join(Page(render(values.report([values.result("a", "Title", "bandit", "All", outcome)]))).text)
    top = text.partition("The shortest way to GO")[2].partition("Sections")[0]
    assert re.findall(r"src/a\.py:\d", top) == [f"src/a.py:{n}" for n in range(2, 7)], "the summary says the first"
    assert "and 1 more" in top
    assert "no place" not in top
    assert "only a note" not in top
