"""Writes a report as versioned JSON, from which every other report can be made again."""

import re

from readiness.report import Report
from readiness.text import UNSEEN

# Valid in JSON, but a terminal or an editor would obey them, or show nothing at all. They only occur inside strings.
_ESCAPED = re.compile(f"(?!\n)[{UNSEEN}]")


def render(report: Report) -> str:
    r"""Write all of it, indented by two, its keys in the order of the model, with a line feed at the end.

    `Report.model_validate_json` reads it back. Invisible characters are written as `\uXXXX`, which keeps them. What no
    UTF-8 can hold is spelt out.
    """
    text = report.to_json(indent=2).decode()
    return _ESCAPED.sub(_escape, text) + "\n"


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
