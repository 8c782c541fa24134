"""Placeholders in documents: what is one, and what only looks like one."""

import pytest

from readiness_checks.document.blanks import blanks
from readiness_checks.document.text import read


def found(text: str, name: str = "a.md") -> list[tuple[int, str]]:
    return [(blank.line, blank.text) for blank in blanks(read(name, text.encode()))]


@pytest.mark.parametrize(
    "line",
    [
        "- **Primary On-Call**: [Your Team Lead]",
        "- **Secondary**: [Backup Team Member]",
        "- **Infrastructure**: [DevOps Team]",
        "- **Legal/Compliance**: [Legal Team]",
        "Last updated: [Date]",
        "Last updated: [effective date]",
        "[COMPANY NAME] respects your privacy.",
        "[COMPANY_NAME] respects your privacy.",
        "Write to [insert address of the company].",
        "[Name]: the person who is responsible",
        "a sentence that goes on [Your",
        "TODO: write this",
        "This is TBD.",
        "| owner | TBA |",
        "The retention period is to be determined.",
        "Lorem ipsum dolor sit amet",
        "Effective XX/XX/XXXX",
        "Effective XX.XX.20XX or XX.XX.XXXX",
        "Call XXX-XXX-XXXX",
        "Last updated: MM/DD/YYYY",
        "Dear {{ name }},",
        "We, <company>, collect data.",
        "We, <Company Name>, collect data.",
        "INSERT ADDRESS HERE",
        "Enter your company name here",
        "Write to privacy@example.com.",
        "See https://www.example.org/privacy.",
        "See https://your-backend.onrender.com",
        "Write to legal@yourcompany.com",
        "PLACEHOLDER",
        "Password: changeme",
        "Name: ________",
        "Date: ??",
        "This section is coming soon.",
    ],
)
def test_what_was_left_to_be_filled_in_is_found_with_its_line(line: str) -> None:
    assert [number for number, _ in found(f"# Title\n\n{line}\n")] == [3]
    assert [number for number, _ in found(f"Title\n\n{line}\n", "a.txt")] == [3]


@pytest.mark.parametrize(
    "line",
    [
        "- [ ] a task",
        "- [x] a task that is done",
        "- [X] Another Task",
        "see [Your rights](#rights)",
        "see [Your Rights][rights]",
        "![Company Logo](logo.png)",
        "[^1]: A footnote",
        "> [!NOTE]",
        "as shown in [1] and [Smith 2020]",
        "he said [sic] that",
        "[emphasis added]",
        "`[Your Name]` is how the template marks it",
        "`<company>` and ``{{ name }}`` are code",
        "items[Name] and matrix[Row Number]",
        "<details><summary>More</summary>",
        "<br> and <a href='x'>",
        "<https://deedpro.internal> and <privacy@deedpro.internal>",
        "\\[Your Name\\]",
        "the todo list of the team",
        "damages to be determined by the court",
        "Dates are written as DD/MM/YYYY in this form",
        "Click here to add a comment.",
        "secrets.${{ github.token }}",
        "List<String> and a < b > c",
        "an example for companies",
        "the domain example.com is reserved",
        "version XX is the twentieth",
        "Name: Anna",
        "You may enter it here",
        "----",
        "____",
    ],
)
def test_what_only_looks_like_a_placeholder_is_not(line: str) -> None:
    assert found(f"# Title\n\n{line}\n") == []


def test_a_defined_link_is_no_placeholder() -> None:
    assert found("See [Legal Team].\n\n[Legal Team]: https://deedpro.internal/legal\n") == []
    assert found("See [Legal Team].\n") == [(1, "[Legal Team]")]


def test_code_blocks_may_hold_templates_but_nothing_unfinished() -> None:
    assert found("```yaml\nname: {{ name }}\nlist: [Your Name]\ntype: <type>\n```\n") == []
    assert found("```yaml\nurl: https://your-app.vercel.app\nkey: TODO\n```\n") == [
        (2, "your-app.vercel.app"),
        (3, "TODO"),
    ]


def test_html_is_searched_as_a_reader_sees_it() -> None:
    page = "<html>\n<head><title>[Your Title]</title></head>\n<p>[Your <b>Company</b>]</p>\n<p>&lt;company&gt;</p>\n"
    page += "<input placeholder='TODO'>\n<p>\n\n  TBD</p>\n<script>// TODO</script></html>"
    assert found(page, "a.html") == [(3, "[Your Company]"), (4, "<company>"), (8, "TBD")]


def test_a_garbled_guide_is_searched_to_its_end() -> None:
    guide = "# ðŸš€ Deployment\n\n## âœ… Contacts\n\n- **On-Call**: [Your Team Lead]\n"
    assert found(guide) == [(5, "[Your Team Lead]")]


def test_each_line_is_named_once() -> None:
    assert found("TODO [Your Name] TBD\nTBD\n") == [(1, "[Your Name]"), (2, "TBD")]
