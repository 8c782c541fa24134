"""Holds the paths that a report or git names against globs, without asking the file system."""

import re


def glob_pattern(glob: str) -> re.Pattern[str]:
    """Turn a path or glob into a pattern for whole paths: `**` crosses folders, a folder means all below it."""
    pieces = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.removeprefix("./").rstrip("/"))
    body = "".join(pieces.get(part, re.escape(part)) for part in parts)
    return re.compile(rf"{body}(?:/.*)?" if body not in {"", r"\."} else ".*", re.DOTALL)
