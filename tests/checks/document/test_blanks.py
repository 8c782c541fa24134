"""Placeholders in documents: what is one, and what only looks like one."""

from functools import partial

import pytest

from readiness_checks.document.blanks import blanks
from readiness_checks.document.formats import read
from support.costs import cpu_seconds


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
        "This agreement is made between [●] and the user.",
        "effective [•], between the parties",
        "The company is [___] of Berlin",
        "a term of [*] years",
        "Payment within [X] days.",
        "within [ ] days of delivery",
        "a fee of [30] days",
        "governed by the laws of [state/country]",
        "Write to [contact email].",
        "Welcome to [app name].",
        "Address: [Address Line 1]",
        "[Drafting note: confirm with counsel before publication.]",
        "[Note to draft: to be confirmed]",
        "[he/she] shall notify the other party",
        "between [Full legal name of the company] and others",
        "\\[Your Name\\]",
        "dated ____________ 2026",
        "made on the ____ day of June, 20__",
        "Last updated: Month Day, Year",
        "Last updated: [Month Day, Year]",
        "Last updated: __EFFECTIVE_DATE__.",
        "Operated by ${company.name}.",
        "Operated by <<Company Name>>.",
        "Dear «First_Name»,",
        "Dear {Client Name},",
        "Dear {client_name},",
        "Operated by %COMPANY_NAME%.",
        "Operated by {{company.name}}.",
        "Operated by {{.Organization}}.",
        "Write to us (insert address) at any time",
        "Click or tap here to enter text.",
        "the sum of .......... euros",
        "between XX days and more",
        # one line of each language; Word shows its prompts in all of them
        "Verantwortlich: [Name des Unternehmens]",
        "Stand: [Datum]",
        "[bitte einfügen]",
        "Klicken oder tippen Sie hier, um Text einzugeben.",
        "Entre [dénomination sociale] et le client",
        "Adresse : [à compléter]",
        "Cliquez ou appuyez ici pour entrer du texte.",
        "El responsable es [nombre de la empresa].",
        "[insertar fecha]",
        "Haga clic o pulse aquí para escribir texto.",
        "Titolare: [ragione sociale]",
        "Fare clic o toccare qui per immettere il testo.",
        "O responsável é [nome da empresa].",
        "Clique ou toque aqui para inserir o texto.",
        "De verwerker is [naam organisatie].",
        "Klik of tik om tekst in te voeren.",
        "Administratorem jest [nazwa firmy].",
        "Personuppgiftsansvarig är [företagets namn].",
        "Správcem je [název společnosti].",
        "Оператор: [название компании]",
        "[укажите адрес]",
        "Место для ввода текста.",
        "株式会社[会社名]は、個人情報を保護します。",
        "【会社名】（以下「当社」）",
        "○○株式会社",
        "本政策由[公司名称]发布。",
        "【请填写】",
        "XX公司",
        "[회사명]은 개인정보를 보호합니다.",
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
        "opt out at https://www.youronlinechoices.com and https://youradchoices.ca",
        "as the court said, “if [the employer] agrees”",
        'he wrote "once every [6] weeks" in the contract',
        "to any person [...] who asks, and […] others",
        "[***] is what was redacted",
        "[Intentionally Omitted]",
        "[emphasis supplied] and [Reserved]",
        "(e.g., [name] deleted the post)",
        "[x] yes, and [ ] no",
        "Do you agree [X] or not [ ]",
        "write to {{ site.email_support }}",
        "© {{ page.date | date: '%Y' }}",
        "{% assign team = 'us' %}{{ team }}",
        "{% data variables.product.github %}",
        '{{< ref "terms.md" >}}',
        "__IMPORTANT__",
        "see [the terms\nof use](https://deedpro.internal/terms)",
        "TODO O CONTEÚDO É NOSSO",
        "the cookie wp-settings-{user_id} is kept",
        "By: ____________________",
        "By: ________________\nName: ________________\nTitle: _______________",
        "1. Scope .................... 4",
        "the file `__init__.py` and snake_case_names",
        "<Note>Read this.</Note>",
        "the column says <none>",
        "write to <<legal@deedpro.internal>>",
        "{{ block.super }}",
        "« la Société » et «Клиент»",
    ],
)
def test_what_only_looks_like_a_placeholder_is_not(line: str) -> None:
    assert found(f"# Title\n\n{line}\n") == []


def test_a_defined_link_is_no_placeholder() -> None:
    assert found("See [Legal Team].\n\n[Legal Team]: https://deedpro.internal/legal\n") == []
    assert found("See [Legal Team].\n") == [(1, "[Legal Team]")]


def test_code_blocks_may_hold_templates_but_nothing_unfinished() -> None:
    assert found("```text\ntoken: XXXXXXXX\n```\n") == []
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


def test_a_blank_over_two_lines_is_named_at_its_first() -> None:
    assert found("# Title\n\nThis is a contract of [the Company\nName] and others.\n") == [(3, "[the Company Name]")]


def test_a_long_paragraph_is_searched_to_its_end() -> None:
    lines = "\n".join(f"{number} ............................ {number}" for number in range(400))
    assert found(f"{lines}\n[Company Name] is here\n") == [(401, "[Company Name]")]


def test_lines_for_names_are_blanks_where_nobody_signs() -> None:
    assert found("Name: ________\n") == [(1, "Name: ________")]
    assert found("Name: ________\n\nSignature: ________\n") == []


@pytest.mark.parametrize("filling", ["\n", " \n", "*", "- "])
def test_what_holds_no_word_is_read_in_proportion(filling: str) -> None:
    short, long = (cpu_seconds(partial(found, "# Scope\n" + filling * count)) for count in (4_000, 16_000))
    assert long < 10 * short
