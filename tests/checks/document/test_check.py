"""The check `document`: presence, sections, texts and dates, in real git repositories."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.outcome import Level, Outcome, Status
from readiness.testing import NOW, context, evaluate
from readiness_checks.document import Document
from support.repositories import commit_all, git

POLICY = """# Privacy policy

## What we collect

Names and addresses.

## Your rights

### Access

You may see what we hold about you.
"""


def write(root: Path, text: str | bytes, name: str = "policy.md") -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def document(root: Path, *, paths: tuple[str, ...] = ("policy.md",), now: datetime = NOW, **params: Any) -> Outcome:
    return evaluate(Document, root, using=context(root, now=now), paths=list(paths), **params)


def rules(outcome: Outcome) -> list[str]:
    return [finding.rule for finding in outcome.findings]


def test_a_complete_document_passes_with_its_digest(tmp_path: Path) -> None:
    write(tmp_path, POLICY)
    outcome = document(tmp_path, sections=["What we collect", "your RIGHTS"], contains=["see what we hold"])
    assert outcome.status is Status.PASSED
    assert (outcome.examined, outcome.unit) == (1, "documents")
    assert outcome.evidence[0].name == "policy.md"
    assert len(outcome.evidence[0].sha256) == 64
    assert outcome.findings == ()


def test_what_is_missing_fails_by_name(tmp_path: Path) -> None:
    write(tmp_path, POLICY)
    outcome = document(tmp_path, paths=("policy.md", "terms.md", "legal/*.md"), sections=["Artificial intelligence"])
    assert outcome.status is Status.FAILED
    assert rules(outcome) == ["section-missing", "missing", "missing"]
    assert "`Artificial intelligence`" in outcome.findings[0].message
    assert "`terms.md`" in outcome.findings[1].message
    assert "`legal/*.md`" in outcome.findings[2].message
    assert all(finding.remedy for finding in outcome.findings)


def test_nothing_examined_never_passes(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path in ("missing.md", "empty", "*.md", "**x", "../*.md"):
        outcome = document(tmp_path, paths=(path,))
        assert outcome.status in {Status.FAILED, Status.ERROR}
        assert outcome.examined == 0


@pytest.mark.parametrize(
    "text", ["", " \n\t\n", "<!-- a comment -->\n", "<!-- never closed\n# Heading\n", "---\n***\n"]
)
def test_a_document_without_text_fails(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    outcome = document(tmp_path)
    assert outcome.status is Status.FAILED
    assert rules(outcome) == ["empty"]


@pytest.mark.parametrize(
    "heading",
    [
        "## Your rights",
        "## YOUR RIGHTS ##",
        "###### your rights",
        "## 4. Your rights",
        "## 4.1 Your rights",
        "## Section 4: Your rights",
        "## IV. Your rights",
        "## **Your rights**",
        "## `Your` _rights_",
        "## [Your rights](#rights)",
        "## Your rights {#rights}",
        "## 🚀 Your rights",
        "## ðŸš€ Your rights",
        "## Your rights:",
        "Your rights\n===========",
        "Your rights\n---",
        "##\tYour  rights\r",
        "**Your rights**",
        "__Your rights:__",
        "**4. Your rights**",
        "4. **Your rights**",
        "***Your rights***  ",
        "<b>Your rights</b>",
        "<h2 id='rights'>Your rights</h2>",
        "YOUR RIGHTS",
        "4. YOUR RIGHTS",
    ],
)
def test_a_heading_is_found_however_it_is_written(tmp_path: Path, heading: str) -> None:
    write(tmp_path, f"Before.\n\n{heading}\n\nText.\n")
    assert "section-missing" not in rules(document(tmp_path, sections=["Your rights"]))


@pytest.mark.parametrize(
    "text",
    [
        "Your rights\n\ntext\n",
        "    ## Your rights\ntext\n",
        "```\n## Your rights\n```\ntext\n",
        "~~~~md\n## Your rights\n~~~\ntext\n~~~~\n",
        "<!--\n## Your rights\ntext\n-->\ntext\n",
        "## Your rights and duties\ntext\n",
        "##Your rights\ntext\n",
        "####### Your rights\ntext\n",
        "| Your rights |\n|---|\n| text |\n",
        "text\n**Your rights**\ntext\n",
        "You have **your rights**.\n",
        "**Your rights** and duties end here\n**more**",
    ],
)
def test_what_is_no_heading_is_not_taken_for_one(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    assert rules(document(tmp_path, sections=["Your rights"])) == ["section-missing"]


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("## A\n\n## B\ntext\n", True),
        ("## A\n<!-- text -->\n\n---\n\n## B\ntext\n", True),
        ("## A\n### A1\n### A2\n## B\ntext\n", True),
        ("## A\n### A1\ntext\n## B\n", False),
        ("## B\ntext\n## A\n", True),
        ("## A\n## B\ntext\n## A\ntext\n", False),
        ("## A\n\n**write to us**\n", False),
        ("**A**\n\n**B**\n\ntext\n", True),
        ("**A**\n\n## B\n\ntext\n", True),
        ("**A**\n\ntext\n", False),
        ("**A.** text\n", False),
    ],
)
def test_a_section_needs_text(tmp_path: Path, text: str, empty: bool) -> None:  # noqa: FBT001  # a parameter of the test
    write(tmp_path, text)
    outcome = document(tmp_path, sections=["A"])
    assert rules(outcome) == (["section-empty"] if empty else [])
    if empty:
        assert outcome.findings[0].line is not None


def test_html_is_read_as_a_reader_sees_it(tmp_path: Path) -> None:
    page = (
        "<!DOCTYPE html><html><head><title>Hidden title</title><style>h2 {}</style></head><body>"
        "<h1>Privacy</h1><h2>Your <em>rights</em></h2><p>You may\nsee &amp; delete.</p>"
        "<h2>Empty</h2><script>var text = 'in a script';</script><!-- in a comment --></body></html>"
    )
    write(tmp_path, page, "policy.html")
    outcome = document(tmp_path, paths=("policy.html",), sections=["Your rights"], contains=["may see & delete"])
    assert outcome.status is Status.PASSED
    assert rules(document(tmp_path, paths=("policy.html",), sections=["Empty"])) == ["section-empty"]
    for hidden in ("in a script", "in a comment", "Hidden title"):
        assert rules(document(tmp_path, paths=("policy.html",), contains=[hidden])) == ["text-missing"]


@pytest.mark.parametrize(
    "heading",
    ["<p><b>Your rights</b></p>", '<p><span style="font-weight: 700">Your</span> <strong>rights</strong></p>'],
)
def test_a_line_in_bold_type_is_a_heading_of_html(tmp_path: Path, heading: str) -> None:
    write(tmp_path, f"<html>{heading}<p>You may see it.</p></html>", "a.html")
    assert document(tmp_path, paths=("a.html",), sections=["Your rights"]).status is Status.PASSED
    write(tmp_path, f"<html>{heading}<p><b>Contact</b></p><p>Write to us.</p></html>", "a.html")
    assert rules(document(tmp_path, paths=("a.html",), sections=["Your rights"])) == ["section-empty"]
    write(tmp_path, "<html><p>You have <b>your rights</b></p><p>text</p></html>", "a.html")
    assert rules(document(tmp_path, paths=("a.html",), sections=["your rights"])) == ["section-missing"]


@pytest.mark.parametrize("text", ["# Privacy policy\n", "# Privacy policy\n\n## Your rights\n", "**Privacy policy**\n"])
def test_a_heading_alone_is_no_document(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    assert rules(document(tmp_path)) == ["short"]


def test_words_are_counted_without_headings(tmp_path: Path) -> None:
    write(tmp_path, "# Privacy policy\n\nWe don't sell your data.\n")
    assert document(tmp_path, minimum_words=5).status is Status.PASSED
    outcome = document(tmp_path, minimum_words=6)
    assert [finding.message for finding in outcome.findings] == [
        "it has 5 words outside of headings; `minimum_words` asks for 6"
    ]
    write(tmp_path, "# 方針\n\n個人情報を保護します。\n")
    assert document(tmp_path, minimum_words=10).status is Status.PASSED
    with pytest.raises(ValidationError):
        Document(paths=["a.md"], minimum_words=0)


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.txt", "Scope\n\ntext\n"), ("a.rst", "Scope\n~~~~~\n\ntext\n"), ("LICENSE", "1. SCOPE\ntext\n")],
)
def test_plain_text_has_sections_too(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, text, name)
    assert document(tmp_path, paths=(name,), sections=["Scope"]).status is Status.PASSED
    assert document(tmp_path, paths=(name,), sections=["Liability"]).status is Status.FAILED


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("names AND addresses", True),
        ("what we\nhold", True),
        ("na.es", False),
        ("/na.es/", True),
        ("/^names/", True),
        ("/[0-9]{4}/", False),
        ('"/api/(.*)"', False),
    ],
)
def test_texts_and_patterns(tmp_path: Path, wanted: str, found: bool) -> None:  # noqa: FBT001  # a parameter of the test
    write(tmp_path, POLICY)
    assert rules(document(tmp_path, contains=[wanted])) == ([] if found else ["text-missing"])


def test_a_text_in_a_comment_does_not_count(tmp_path: Path) -> None:
    write(tmp_path, "text <!-- access logs\nand more --> text\n")
    assert rules(document(tmp_path, contains=["access logs"])) == ["text-missing"]


@pytest.mark.parametrize(
    "data",
    [
        POLICY.encode("utf-8-sig"),
        POLICY.encode("utf-16"),
        POLICY.replace("\n", "\r\n").encode(),
        POLICY.replace("\n", "\r").encode(),
    ],
)
def test_byte_order_marks_and_line_ends_are_understood(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, data)
    assert document(tmp_path, sections=["Your rights"], contains=["what we hold"]).findings == ()


def test_latin_1_and_garbled_text_are_read_with_a_warning(tmp_path: Path) -> None:
    for data in ("## Büro\n\nGrüße\n".encode("cp1252"), "## Büro\n\nitâ€™s garbled\n".encode()):
        write(tmp_path, data)
        outcome = document(tmp_path, sections=["Büro"])
        assert outcome.status is Status.PASSED
        assert [(finding.rule, finding.level) for finding in outcome.findings] == [("encoding", Level.WARNING)]


@pytest.mark.parametrize("data", [b"%PDF-1.7\n...", b"PK\x03\x04....", b"\xd0\xcf\x11\xe0...", b"a\0b", b"\xff\xfea"])
def test_what_is_no_text_is_an_error(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, data)
    outcome = document(tmp_path)
    assert outcome.status is Status.ERROR
    assert outcome.remedy


def test_a_document_outside_of_the_repository_is_an_error(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    write(tmp_path, POLICY, "outside.md")
    (root / "policy.md").symlink_to(tmp_path / "outside.md")
    for path in ("policy.md", "../outside.md", str(tmp_path / "outside.md")):
        assert document(root, paths=(path,)).status is Status.ERROR


def test_a_folder_means_all_of_its_documents_each_once(tmp_path: Path) -> None:
    write(tmp_path, POLICY, "policies/a.md")
    write(tmp_path, POLICY, "policies/deep/b.md")
    (tmp_path / "policies" / "c.md").symlink_to("a.md")
    assert document(tmp_path, paths=("policies", "policies/*.md", "policies/a.md")).examined == 2


# When it was changed.


def committed(root: Path, days_ago: float, text: str = POLICY) -> None:
    write(root, text)
    commit_all(root, date=NOW - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("30d", Status.FAILED),
        ("60d", Status.PASSED),
        ("2026-10-15", Status.FAILED),
        ("2026-10-14", Status.PASSED),
        ("v1", Status.FAILED),
        ("v0", Status.PASSED),
        ("HEAD", Status.FAILED),
    ],
)
def test_changed_since_a_length_of_time_a_date_or_a_tag(tmp_path: Path, since: str, status: Status) -> None:
    committed(tmp_path, 100, "# Old\n\ntext\n")
    git(tmp_path, "tag", "v0")
    committed(tmp_path, 40)  # on 14 October
    git(tmp_path, "tag", "v1")
    write(tmp_path, "other\n", "other.txt")
    commit_all(tmp_path, date=NOW - timedelta(days=1))
    outcome = document(tmp_path, changed_since=since)
    assert outcome.status is status
    assert rules(outcome) == ([] if status is Status.PASSED else ["unchanged"])


def test_a_change_that_is_not_committed_does_not_count(tmp_path: Path) -> None:
    committed(tmp_path, 100)
    write(tmp_path, POLICY + "\nMore.\n")
    assert document(tmp_path, changed_since="30d").status is Status.FAILED
    write(tmp_path, POLICY, "new.md")
    outcome = document(tmp_path, paths=("new.md",), changed_since="30d")
    assert outcome.status is Status.FAILED
    assert "not committed" in outcome.findings[0].message


def test_a_merge_is_no_change(tmp_path: Path) -> None:
    committed(tmp_path, 200, "# Old\n\ntext\n")
    git(tmp_path, "checkout", "--quiet", "-b", "side")
    committed(tmp_path, 100)
    git(tmp_path, "checkout", "--quiet", "main")
    write(tmp_path, "other\n", "other.txt")
    commit_all(tmp_path, date=NOW - timedelta(days=50))
    git(tmp_path, "merge", "--quiet", "--no-ff", "--no-edit", "side", date=NOW - timedelta(days=1))
    assert document(tmp_path, changed_since="30d").status is Status.FAILED
    assert document(tmp_path, changed_since="101d").status is Status.PASSED


def test_a_commit_from_the_future_is_an_error(tmp_path: Path) -> None:
    committed(tmp_path, -3)
    assert document(tmp_path, changed_since="30d").status is Status.ERROR


def test_a_shallow_clone_cannot_tell(tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    origin.mkdir()
    committed(origin, 100)
    write(origin, "other\n", "other.txt")
    commit_all(origin, date=NOW - timedelta(days=1))
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{origin}", "shallow")
    outcome = document(tmp_path / "shallow", changed_since="30d")
    assert outcome.status is Status.ERROR
    assert "shallow" in outcome.summary
    assert "fetch" in outcome.remedy


@pytest.mark.parametrize("since", ["no-such-tag", "refs/heads/none"])
def test_a_ref_that_does_not_exist_is_an_error(tmp_path: Path, since: str) -> None:
    committed(tmp_path, 1)
    outcome = document(tmp_path, changed_since=since)
    assert outcome.status is Status.ERROR
    assert "git knows no such tag, branch or commit" in outcome.summary
    assert "Cmd(" not in outcome.summary


def test_without_commits_nothing_can_be_told(tmp_path: Path) -> None:
    write(tmp_path, POLICY)
    assert document(tmp_path, changed_since="30d").status is Status.ERROR
    git(tmp_path, "init", "--quiet")
    assert document(tmp_path, changed_since="30d").status is Status.ERROR


def test_real_time_works_too(tmp_path: Path) -> None:
    write(tmp_path, POLICY)
    commit_all(tmp_path)
    now = datetime.now(UTC) + timedelta(seconds=2)
    assert document(tmp_path, changed_since="1h", now=now).status is Status.PASSED


@pytest.mark.parametrize(
    "params",
    [
        {"paths": []},
        {"paths": [""]},
        {"paths": [" "]},
        {"paths": ["a"], "sections": [""]},
        {"paths": ["a"], "contains": ["/(/"]},
        {"paths": ["a"], "changed_since": ""},
        {"paths": ["a"], "changed_since": "-p"},
        {"paths": ["a"], "changed_since": "2026-13-01"},
        {"paths": ["a"], "changed_since": "a..b"},
        {"paths": ["a"], "changed_since": "HEAD~1"},
        {"paths": ["a"], "changed_since": "90"},
        {"paths": ["a"], "forbid_placeholders": "no"},
    ],
)
def test_nonsense_parameters_are_refused(tmp_path: Path, params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        evaluate(Document, tmp_path, **params)


def test_a_single_text_needs_no_list(tmp_path: Path) -> None:
    write(tmp_path, "# A\n\n## Contact\n\nMail us. Version 3.\n")
    outcome = evaluate(Document, tmp_path, paths="policy.md", sections="Contact", contains="version 3")
    assert outcome.status is Status.PASSED
    assert outcome.summary == "1 document is present, with 1 required section"
