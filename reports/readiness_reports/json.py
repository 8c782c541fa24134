"""Writes a report as versioned JSON, from which every other report can be made again."""

import re
from typing import Any

from readiness.report import Report
from readiness.text import UNSEEN
from readiness_reports.view.text import storable

# Valid in JSON, but a terminal or an editor would obey them, or show nothing at all. They only occur inside strings.
_ESCAPED = re.compile(f"(?!\n)[{UNSEEN}]")


def render(report: Report) -> str:
    r"""Write all of it, indented by two, its keys in the order of the model, with a line feed at the end.

    `Report.model_validate_json` reads it back. Invisible characters are written as `\uXXXX`, which keeps them. A lone
    surrogate, which no UTF-8 can hold, becomes U+FFFD.
    """
    from pydantic_core import PydanticSerializationError

    try:
        text = report.model_dump_json(indent=2, by_alias=True)
    except (PydanticSerializationError, UnicodeError):
        text = Report.model_validate(_storable(report.model_dump())).model_dump_json(indent=2, by_alias=True)
    return _ESCAPED.sub(_escape, text) + "\n"


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _storable(value: Any) -> Any:
    """Replace what UTF-8 cannot hold, in parameters of any depth."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return {_storable(key): _storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_storable(inner) for inner in value)
    return value
