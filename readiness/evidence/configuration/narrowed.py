"""Which paths, rule sets and entries of a list a command no longer has."""

import re
from itertools import pairwise

_REPEATED = ("--config", "--ruleset", "--queries", "--suite", "--cov", "--deny", "--require")
"""Options that may be given more than once, each for more that is judged."""
_READERS = {
    "pytest",
    "rspec",
    "jest",
    "vitest",
    "mocha",
    "phpunit",
    "mypy",
    "ruff",
    "flake8",
    "pylint",
    "bandit",
    "eslint",
}
"""Tools that judge the files and folders that they are given, and everything where they are given none."""
_FLAGS = {"-r", "-v", "-vv", "-s", "-x", "-ra", "--recursive", "--verbose", "--strict", "--fix", "--no-fix", "--check",
          "--diff", "--ci", "--run", "--cache", "--color", "--all", "--bail"}  # fmt: skip
"""Options of these tools that take no value, so that a path may follow."""


def fewer_items(was: list[str], is_: list[str]) -> list[str]:
    """What a loop no longer goes over, and what a list in a variable no longer has."""
    if was[:1] == is_[:1] == ["for"] and was[1:3] == is_[1:3]:
        old, new = ([one.rstrip(";") for one in side[3:]] for side in (was, is_))
        gone = [one for one in old if one not in new]
        return [f"no longer goes over `{gone[0]}`"] if gone and len(new) < len(old) else []
    before, after = (dict(one.split("=", 1) for one in side if re.match(r"\w+=", one)) for side in (was, is_))
    for name, value in before.items():
        old, new = value.split(), after.get(name, value).split()
        gone = [one for one in old if one not in new]
        if gone and new and len(new) < len(old):
            return [f"drops `{gone[0]}` of {name}"]
    return []


def fewer_times(was: list[str], is_: list[str]) -> list[str]:
    """Rule sets of which a command takes fewer, and parts of the code to which a measurement is narrowed."""
    found = []
    for name in _REPEATED:
        old, new = ([one[len(name) + 1 :] for one in side if re.match(rf"{name}[= ]", one)] for side in (was, is_))
        gone = [one for one in old if one not in new]
        narrower = [one for one in new if any(re.match(rf"{re.escape(other)}[/.]", one) for other in gone)]
        if len(new) < len(old) and gone and new:
            found.append(f"drops `{name}={gone[0]}`")
        elif narrower and name == "--cov":
            found.append(f"measures `{narrower[0]}` alone")
    return found


def fewer_paths(was: list[str], is_: list[str]) -> list[str]:
    """The paths to which a command is narrowed."""
    before, after = _paths(was), _paths(is_)
    if before is None or not after:
        return []
    inside = [one for one in after if (not before and "/" in one) or any(one.startswith(f"{old}/") for old in before)]
    if len(inside) == len(after) or (set(after) < set(before)):
        return [f"runs only for `{' '.join(after)}`"]
    return []


def _paths(parts: list[str]) -> list[str] | None:
    """The paths that a tool is given; None for a command of no such tool. All of it is no path."""
    at = next((number for number, part in enumerate(parts) if part.rpartition("/")[2] in _READERS), None)
    if at is None and parts[:1] == ["node"] and "--test" in parts:
        at = parts.index("--test")
        parts = ["node", *parts[at + 1 :]]
        at = 0
    if at is None:
        return None
    plain = [
        part
        for before, part in pairwise(parts[at:])
        if not before.startswith("-") or "=" in before or " " in before or before in _FLAGS
    ]
    paths = [re.sub(r"^\./|/?\.\.\.$|/$", "", part) for part in plain if re.fullmatch(r"[\w./:*-]+", part)]
    return [path for path in paths if path not in {"", ".", "check", "run"} and not path.startswith("-")]


def narrower_globs(was: list[str], is_: list[str]) -> list[str]:
    """The patterns of files that take in fewer than before: `spec/models/**` in place of `spec/**`."""
    before, after = ([one for one in side if "*" in one and "/" in one] for side in (was, is_))
    if len(before) != len(after):
        return []
    return [
        f"runs only for `{new}`"
        for old, new in zip(before, after, strict=True)
        if old != new and "**/" in old and _inside(new, old)
    ][:1]


def _inside(new: str, old: str) -> bool:
    """Whether a pattern is another one with folders in the place of its first `**`."""
    start, _, end = old.partition("**/")
    between = new[len(start) : len(new) - len(end)] if new.startswith(start) and new.endswith(end) else ""
    return bool(re.fullmatch(r"[\w{},.-]+/(?:\*\*/)?", between))
