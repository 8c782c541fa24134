"""Annotations: one workflow command a line, and nothing in it that a terminal obeys."""

from readiness.cli.output.github import annotations, data
from readiness.outcome import Finding
from support.report_values import failed, report, result


def test_no_text_from_outside_puts_a_control_character_into_a_workflow_command() -> None:
    hostile = "a\x1b[2J\u202e\u3164::error::b\r\nc"
    finding = Finding(message=hostile, path=f"{hostile}.py", line=3, remedy=hostile)
    broken = result("bad", "Title", "command", "Section", failed("it failed", "mend it", findings=(finding,)))
    (line,) = annotations(report([broken]), "folder")
    assert line.isprintable()
    place = r"folder/a\x1b[2J\u202e\u3164%3A%3Aerror%3A%3Ab\r\nc.py"
    assert line.startswith(f"::error file={place},line=3,title=bad%3A failed::a")


def test_lines_and_honest_writing_of_a_message_stay() -> None:
    assert data("100 % 🏳\ufe0f\u200d🌈\r\nmend it") == "100 %25 🏳\ufe0f\u200d🌈%0Amend it"
