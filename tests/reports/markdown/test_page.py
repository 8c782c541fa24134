import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from readiness.outcome import Evidence, Finding, Outcome, Status
from readiness.report import Report
from readiness_reports.markdown import render
from readiness_reports.markdown.escaping import code, fenced, link, prose, summary
from readiness_reports.view.text import line
from support import reports
from support.long import often

ALL = [
    reports.no_go,
    reports.go,
    reports.conditional,
    reports.incomplete,
    reports.interrupted,
    reports.nearly_empty,
    reports.hostile,
    reports.governed,
    lambda: reports.large(1_000),
]
# What GitHub links or notifies about in text outside of code.
LIMIT = 65_536
"""What GitHub takes in a comment."""
LIVE = re.compile(r"@\w|#\w|GH-\d|https?://|www\.|mailto:", re.IGNORECASE)


def parse(text: str) -> list[Token]:
    """Parse as GitHub does: CommonMark with tables and strike-through, raw HTML read as such."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)


def walk(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from walk(token.children or [])


def shown(tokens: list[Token]) -> str:
    return "".join(token.content for token in walk(tokens) if token.type in {"text", "code_inline", "fence"})


@pytest.mark.parametrize("make", ALL)
def test_no_html_but_our_own_details(make: Callable[[], Report]) -> None:
    tokens = list(walk(parse(render(make()))))
    assert not [token for token in tokens if token.type == "html_inline"]
    blocks = [token.content for token in tokens if token.type == "html_block"]
    for block in blocks:
        assert re.fullmatch(r"<details><summary>[^<>]+</summary>\n|</details>\n", block), block
    assert sum("<summary>" in block for block in blocks) == sum("</details>" in block for block in blocks)


@pytest.mark.parametrize("make", ALL)
def test_every_row_of_a_table_has_as_many_cells_as_its_head(make: Callable[[], Report]) -> None:
    page = render(make())
    tables = 0
    for block in re.findall(r"(?:^ *\|.*\n)+", page, re.MULTILINE):
        tables += 1
        widths = {len(re.findall(r"\|", line)) for line in block.splitlines()}
        assert len(widths) == 1, block
    assert tables == sum(token.type == "table_open" for token in parse(page)) > 0


@pytest.mark.parametrize("make", ALL)
def test_nobody_is_pinged_and_nothing_links_but_checked_addresses(make: Callable[[], Report]) -> None:
    for token in walk(parse(render(make()))):
        if token.type == "text":
            assert not LIVE.search(token.content), token.content
        if token.type == "html_block":
            assert not LIVE.search(token.content), token.content
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith(("https://", "http://"))
        assert token.type != "image"


@pytest.mark.parametrize("make", ALL)
def test_nothing_from_outside_becomes_structure(make: Callable[[], Report]) -> None:
    tokens = list(walk(parse(render(make()))))
    assert {token.type for token in tokens} <= {
        *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text", "code_inline"),
        *("strong_open", "strong_close", "em_open", "em_close", "link_open", "link_close", "softbreak"),
        *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "fence", "html_block"),
        *("table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close"),
        *("tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close"),
    }
    assert [token.tag for token in tokens if token.type == "heading_open"].count("h1") == 1


@pytest.mark.parametrize(
    "text",
    [
        "# heading", "- item", "+ item", "1. item", "12) item", "---", "===", "> quote", "```", "~~~", "    code",
        "| a |", "1.5 s", ".5", "**b** __c__ *d* _e_ ~~f~~ `g` ``h`` \\`i\\`",
        "<b>x</b> <!-- y --> &lt; &amp;lt; &#64;a", "[x](javascript:1) ![y](z) [^1] [ ]",
        "a \\| b \\\\| c \\", "$x$ $$y$$", "snake_case_name 2*3*4 a|b||c", "`", "``` ` ``", "@a`@b`#1", "x@`y`@z",
        "@@@org/team... a.b+c@example.com,#12#13", "https://a.example/`b`|c https://d.example", "[link]: https://e.example",
    ],
)  # fmt: skip
def test_text_is_shown_as_it_was_written(text: str) -> None:
    for page in (
        prose(text),
        f"- {prose(text)}",
        f"| § |\n| --- |\n| {prose(text)} |",
        f"| § |\n| --- |\n| {code(text)} |",
    ):
        tokens = parse(page)
        # A name between backticks may become code, which is shown without them.
        assert shown(tokens).removeprefix("§").replace("`", "") == text.strip().replace("`", ""), page
        assert not {token.type for token in walk(tokens)} & {
            "html_inline",
            "html_block",
            "link_open",
            "image",
            "em_open",
        }


PIECES = st.sampled_from(
    [
        *"`|\\*_~[]()<>&#@!$-+=.:; 1ab",
        "``",
        "```",
        "https://a.b/c",
        "www.a.b",
        "GH-1",
        "#1",
        "@a",
        "<!--",
        "&lt;",
        "\u202e",
        "mailto:",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
@pytest.mark.long
@settings(max_examples=often(300, 1_500), deadline=None)
def test_no_text_whatever_becomes_markup_or_a_link(text: str) -> None:
    for page in (
        prose(text),
        f"- {prose(text)}",
        f"| § |\n| --- |\n| {prose(text)} |",
        f"| § |\n| --- |\n| {code(text)} |",
    ):
        tokens = list(walk(parse(page)))
        assert {token.type for token in tokens} <= {
            *(
                "paragraph_open",
                "paragraph_close",
                "inline",
                "text",
                "code_inline",
                "bullet_list_open",
                "list_item_open",
            ),
            *(
                "bullet_list_close",
                "list_item_close",
                "table_open",
                "table_close",
                "thead_open",
                "thead_close",
                "th_open",
            ),
            *("th_close", "tbody_open", "tbody_close", "tr_open", "tr_close", "td_open", "td_close"),
        }
        assert not [token for token in tokens if token.type == "text" and LIVE.search(token.content)]
        assert re.sub(r"[`\s]", "", shown(parse(page)).removeprefix("§")) == re.sub(r"[`\s]", "", line(text))


def test_names_between_backticks_become_code() -> None:
    assert prose("it needs `unit_tests`, which failed: see `a b`") == "it needs `unit_tests`, which failed: see `a b`"
    assert prose("`x`@octocat") == "&#96;x&#96;`@octocat`"
    assert prose("https://a.example(`b` c") == "`https://a.example(`&#96;b&#96; c"


def test_a_summary_is_html_text_that_pings_nobody() -> None:
    assert summary("<b>@octocat</b> #12 a & b") == "&lt;b&gt;＠octocat&lt;/b&gt; ＃12 a &amp; b"


def test_a_fence_is_longer_than_any_in_its_text() -> None:
    (token,) = parse(fenced("a\n````\nb\n```\n~~~\n</details>", 100))
    assert token.type == "fence"
    assert token.content == "a\n````\nb\n```\n~~~\n</details>\n"


def test_an_address_is_linked_only_when_it_is_safe_and_unheard() -> None:
    (_, inline, _) = parse(link("https://example.com/a_(b)?c=|d"))
    assert [t.type for t in inline.children or ()] == ["link_open", "text", "link_close"]
    assert (inline.children or [])[0].attrs["href"] == "https://example.com/a%5F%28b%29?c=%7Cd"
    assert link("javascript:alert(1)") == "`javascript:alert(1)`"
    assert link("https://github.com/owner/name/issues/1") == "`https://github.com/owner/name/issues/1`"


def test_the_page_says_what_was_judged_and_what_to_do_first() -> None:
    page = render(reports.no_go())
    assert page.startswith("# 🛑 NO-GO: deedpro 3.0.0 for production\n\n**4 blocking items failed")
    for expected in (
        f"| Commit | `{reports.COMMIT}` on main |",
        "| Work tree | dirty, 3 files changed |",
        "| Judged at | 2026-11-23 10:15:00 UTC, in 1 min 14 s |",
        "| Items | 18 passed, 5 failed, 1 error, 2 pending, 1 skipped |",
        "Add a section “Legal hold” to policies/retention.md. *Unblocks 1 item.*",
        "| Legal &amp; compliance | 3 | 1 | 0 | 1 | 1 | 3 |",
        "| frontend lines | 91.4 % | ≥ 95 % | not met |",
        "`backend/deedpro/service.py:88:9`",
        "readiness records verify",
    ):
        assert expected in page
    headings = re.findall(r"^## (.+)$", page, re.MULTILINE)
    assert headings == [
        *("The shortest way to GO", "Sections", "Beside the verdict", "Sign-offs", "Controls", "Every item"),
        "How to verify",
    ]


def test_go_has_no_blockers_and_a_condition_has_its_end() -> None:
    assert "shortest way" not in render(reports.go())
    conditional = render(reports.conditional())
    assert "**Valid until 2026-12-02 10:15:00 UTC, 9 days left.**" in conditional
    assert "An alert fires 5 days before the certificate ends." in conditional


def test_the_page_shows_what_people_signed_and_what_became_of_the_policy() -> None:
    page = render(reports.governed(approved=True))
    for expected in (
        "What flips it:\n\n- ⚠️ 2026-12-02 10:15:00 UTC, 9 days left: the waiver of `tls` lapses\n",
        "- and 3 later moments\n",
        f"| Policy | `origin/main` at `{reports.COMMIT}`. What is judged weakens the policy in 3 places: its",
        "| ❌ weakens | lowers `lines` of `coverage` | `95` | `80` | `threshold-lowered` | readiness.yaml:31 |",
        "| ❌ weakens | drops the item `rollback` | – | – | `item-dropped` | – |",
        "`python tools/benchmark.py --documents 1 ⏎ true`",
        "| ✅ strengthens | raises the quorum of `templates-reviewed` | `1` | `2` |",
        "| `tls` | ✅ valid | 2026-12-02 10:15:00 UTC, ⚠️ 9 days left | The verdict depends on this waiver. |",
        "| `email` | ❌ expired | 2026-11-20 10:15:00 UTC, expired 3 days ago | It does not count: it lapsed 3 days",
        "| `migrations` | ❌ unauthorised (`own-request`) |",
        '| ✅ valid | legal (2 of 2 needed) | `templates-reviewed` | `deputy@example.com` (says "Ruth Abara") |',
        "⚠️ 6 days left",
        "9 controls: 8 met, 1 waived. A control is met only when every item that names it was assessed and passed.",
        "| SOC2:CC8.1 | 🔶 waived | 2 of 3 | ❌ failed (waived) `coverage`, ✅ passed `user-acceptance`",
    ):
        assert expected in page
    assert "| Policy | read from what is judged itself" in render(reports.go())


def test_a_report_that_fits_leaves_nothing_out() -> None:
    page = render(reports.no_go())
    assert page.count("<details>") == 27
    assert "left out" not in page
    assert "not shown" not in page


@pytest.mark.parametrize("number", [60, 1_000, 3_000])
def test_a_long_report_keeps_its_blockers_and_says_what_is_left_out(number: int) -> None:
    report = reports.large(number)
    page = render(report)
    assert len(page) <= len(page.encode()) <= LIMIT
    rows = len(re.findall(r"^\| \d+ \| ❌ failed \|", page, re.MULTILINE))
    left = re.search(r"\*\*([\d,]+) more blockers? not shown", page)
    assert rows + (int(left[1].replace(",", "")) if left else 0) == len(report.verdict.blockers)
    details = page.count("<details>")
    said = sum(int(n.replace(",", "")) for n in re.findall(r"([\d,]+) items? that (?:passed|did not pass)", page))
    assert details + said == number
    if details > number // 10:
        assert "did not pass" not in page
    assert "## Sections" in page
    assert "## How to verify" in page


def test_even_a_report_of_hostile_length_stays_within_the_limit() -> None:
    text = "|" * 5_000
    finding = Finding(message=text, path=text, remedy=text, rule=text)
    outcome = Outcome(
        status=Status.FAILED,
        summary=text,
        remedy=text,
        findings=(finding,) * 200,
        evidence=(Evidence(name=text, excerpt=text),) * 30,
    )
    base = reports.deedpro()
    results = [
        result.model_copy(update={"outcome": outcome, "section": text + str(n)}) for n, result in enumerate(base * 8)
    ]
    page = render(reports.report(results, release=text, branch=text, environment=text, notices=(text,) * 100))
    assert len(page.encode()) <= LIMIT
    assert "90 more, in the JSON report" in page


def test_many_findings_are_counted() -> None:
    outcome = Outcome(status=Status.FAILED, summary="s", findings=tuple(Finding(message=f"m{n}") for n in range(53)))
    page = render(reports.report([reports.result("a", "t", "c", "s", outcome)]))
    assert page.count("- **error** m") == 50
    assert "And 3 more findings, in the JSON report of this run." in page
