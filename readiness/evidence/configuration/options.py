"""Which options of a command line make a tool judge less."""

import re
import shlex

from readiness.evidence.configuration.narrowed import fewer_items, fewer_paths, fewer_times, narrower_globs
from readiness.evidence.configuration.values import shown

_TAKES = (
    # runs fewer tests
    "-k", "-m", "--deselect", "--ignore", "--ignore-glob", "--lf", "--last-failed", "--co", "--collect-only",
         "--no-cov",
    "--testNamePattern", "-t", "--testPathIgnorePatterns", "--passWithNoTests", "--pass-with-no-tests", "--onlyChanged",
    "--changedSince", "--grep-invert", "--grep", "--fgrep", "--invert", "--exclude-group", "--filter", "--exclude-task",
    "-x", "-skip", "-short", "-run", "-E", "-LE", "--no-run", "--skip", "--exclude-testsuite", "--tag",
    "--exclude-tags", "--reruns", "--retries",
    # judges less
    "--ignore-missing-imports", "--exit-zero", "--exit-zero-even-if-changed", "--disable", "--extend-ignore",
         "--exclude",
    "--extend-exclude", "--skip-check", "--soft-fail", "--no-fail", "--ignore-vuln", "--ignore-vulns",
         "--ignore-pattern",
    "--quiet", "--skip-dirs", "--skip-files", "--skip-path", "--exclude-rule", "--exclude-path", "--no-verify",
         "--no-error",
    "--no-exit-code", "--follow-imports", "--allow-untyped-defs", "--skip-update", "--force", "-i", "-A", "--allow",
    "--allow-dirty", "--allow-warnings", "--no-strict", "--skip-string-normalization", "--ignore-unfixed", "-ll",
         "-lll",
    "-n", "-q", "-p", "--package", "-no-fail", "-nofail", "--sw", "--stepwise", "--omit", "--ff",
)  # fmt: skip
_VALUED = {*_TAKES, "--config", "--ruleset", "-p", "-D", "-W", "-C", "--max-warnings", "--cov-fail-under",
         "--exit-code", "--issues-exit-code"} - {
    "--no-cov", "--lf", "--last-failed", "--co", "--collect-only", "--passWithNoTests", "--pass-with-no-tests",
         "--no-run",
    "--exit-zero", "--onlyChanged", "--invert", "-short", "--soft-fail", "--no-fail", "--quiet", "--no-verify",
         "--force",
    "--ignore-unfixed", "-ll", "-lll", "-n", "-q", "--ignore-missing-imports", "--no-error",
}  # fmt: skip
"""Options whose value may be the next word."""
_ALSO = re.compile(
    r"-p=?no:\S+|-D(?:skipTests|skipITs|maven\.test\.(?:skip|failure\.ignore)\S*|skip\S*)(?:=true)?|-(?:fae|fn)"
    r"|-DfailIfNoTests=false"
    r"|--?no-?(?:fail\w*|error[\w-]*|strict[\w-]*)|--(?:allow|ignore|tolerate|accept)-(?:fail\w*|errors?|warnings?)"
    r"|--(?:warn|report)-only|--(?:ignore|exclude|skip)-[\w-]+(?:=\S+)?|--exit-zero[\w-]*|--no-bail|--continue(?:=always)?|--(?:issues-exit-code|exit-code)=?0|--exit-code|--dry-run|--max-warnings=?-1"
    r"|--new-from-[\w-]+(?:=\S+)?|--allowed-(?:skips|failures)=\S+|-W(?:ignore|no-\S+)|-(?:-|C)?cap-lints(?:=\S+)?|--no-exit[\w-]*"
)
_FREE = {
    "--no-bail": {"!lerna", "!pnpm", "!nx"}, "--continue": {"!turbo", "!gradle", "!gradlew"},
    "-n": {"!make", "!ninja"}, "-q": {"!make"},
    # options that mean something else to these tools
    "-x": {"pytest", "sh", "bash", "py.test", "rspec", "vitest", "python", "tar"}, "-i": {"!safety", "!make"},
    "--reruns": {"!pytest"}, "--retries": {"!playwright", "!mocha", "!nextest"},
    "-E": {"!ctest"}, "-LE": {"!ctest"}, "-p": {"!cargo"}, "--package": {"!cargo"},
    "-m": {"!pytest", "!py.test"}, "-t": {"!jest", "!vitest"}, "-A": {"!cargo", "!clippy", "!rustc"},
    "-k": {"!pytest", "!py.test"}, "--force": {"!npm"}, "--quiet": {"!eslint"}, "-run": {"!go"}, "-short": {"!go"},
    "--filter": {"!dotnet", "!phpunit", "!vitest"}, "--tag": {"!rspec"}, "--grep": {"!mocha", "!playwright"},
    "--skip": {"!bandit", "!cargo", "!phpunit"}, "--allow": {"!cargo"}, "--exclude": {"pip", "rsync", "tar"},
    "--ignore": {"docker"}, "--dry-run": {"npm", "cargo", "twine", "semantic-release", "git"},
}  # fmt: skip
_KEPT = re.compile(
    r"--strict[\w=-]*|-D|-Dwarnings|-W(?:error|all|extra)|--max-warnings(?:=.*)?|--cov-fail-under(?:=.*)?|--error"
    r"|--queries(?:=.*)?|--check-coverage|--100|--lines(?:=.*)?|--branches(?:=.*)?|--functions(?:=.*)?|--per-file"
    r"|--statements(?:=.*)?|--fail[a-z]+(?:=.*)?|--check|--exit-code(?:=.*)?|--error-on-\w+|--fail-[\w-]+(?:=.*)?|--cov(?:=.*)?|--coverage|-race|--all-targets"
    r"|--severity(?:=.*)?|--warnings-as-errors|--(?:run|enable)-[\w-]*(?:test|lint|check|scan|audit|cov|type|secur)[\w-]*=True|--noEmit|--all-files|--forbid-only"
    r"|--workspace|--all|--all-features|--all-targets|--fail|--errors?-for-leak-kinds(?:=.*)?|--require-hashes|--exit-on-[\w-]+|--disallow\S+|--warn-unused\S+"
)
_ERRORS = ("-W error", "-Werror", "-W=error")
"""By which pytest and Python take a warning for an error."""
_MAXIMA = re.compile(r"(--max-?(?:warnings|complexity|issues|errors|kb|line-length))[= ](\d+)")
_NUMBERED = re.compile(
    r"((?<![\w-])--[\w-]*(?:fail-under|min-|minimum|percentage|threshold|mincov)[\w-]*|--lines|--level|--branches|--functions|--statements)"
    r"[= ](\d+(?:\.\d+)?)"
)
_LEVELS = re.compile(
    r"(--(?:audit-level|severity-(?:threshold|level)|fail-on(?:-severity)?|min-severity|failure-threshold|confidence-level))"
    r"[= ](none|style|info|low|moderate|medium|warning|high|error|critical)"
)
_POLICIES = re.compile(
    r"((?<![\w-])--[\w-]*(?:policy|mode|action|enforcement))[= ]"
    r"(block|deny|enforc\w+|strict|error|fail|audit|warn\w*|report|log|monitor|off|none|disabled|permissive|allow)\b"
)
_FIRM = {"block", "deny", "enforce", "enforcing", "strict", "error", "fail"}
_LOWEST = re.compile(r"(?:--severity|-S)[= ](?:info|warning|error)\b")
"""From which severity on shellcheck tells."""
_RANKS = {"none": 9, "style": 0, "info": 0, "low": 1, "moderate": 2, "medium": 2, "warning": 2, "high": 3, "error": 3,
          "critical": 4}  # fmt: skip
_LISTS = re.compile(r"(--(?:severity|select|extend-select|enable|checks?|scanners))[= ]([\w,-]+)")


def words(command: str) -> list[str]:
    """The words of a command line; of one that a shell could not read, its parts between blanks."""
    try:
        parts = shlex.split(command, comments=True)
        if "-c" in parts[:-1]:  # what another shell is given
            inner = parts.index("-c") + 1
            parts[inner : inner + 1] = shlex.split(parts[inner])
    except ValueError:
        return command.split()
    return parts


def looser_options(before: str, after: str) -> list[str]:
    """The options by which a command judges less than another one of the same tool."""
    was, is_ = _joined(words(before)), _joined(words(after))
    tools = {word.rpartition("/")[2] for word in words(before) + words(after) if not word.startswith("-")} or {"pytest"}
    if all(word.startswith("-") for word in words(before)[:1]):
        tools.add("pytest")
    if any(word.startswith(("$(", "${")) for word in words(before)[:1]):  # a variable of a Makefile
        tools |= {"pytest", "go", "jest", "cargo", "eslint", "rspec", "dotnet", "phpunit"}
    found = [f"adds `{one}`" for one in is_ if one not in was and _loosens(one, tools)]
    gone = [
        one for one in was if one not in is_ and (_KEPT.fullmatch(one.partition(" ")[0]) or one.startswith(_ERRORS))
    ]
    kinds = {one.partition("=")[0].partition(" ")[0] for one in is_}
    for one in gone:
        kind = one.partition("=")[0].partition(" ")[0]
        if kind not in kinds:
            found.append(f"drops `{one}`")
    return (
        found
        + fewer_items(was, is_)
        + fewer_times(was, is_)
        + _lower(was, is_)
        + fewer_paths(was, is_)
        + narrower_globs(was, is_)
    )


def _joined(parts: list[str]) -> list[str]:
    """Options with their values: `-k "not slow"` is one."""
    found: list[str] = []
    for part in parts:
        name = re.sub(r"^-D(?:skipTests|maven\.test\.skip)(?:=true)?$", "-DskipTests", part)
        if found and found[-1] in _VALUED and not part.startswith("-"):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(name)
    return found


def _loosens(option: str, tools: set[str]) -> bool:
    name = option.partition("=")[0].partition(" ")[0]
    if _ALSO.fullmatch(option) or _ALSO.fullmatch(option.replace(" ", "=", 1)):
        return not (_FREE.get(name, set()) & tools)
    if name not in _TAKES:
        return False
    terms = _FREE.get(name, set())
    only = {term[1:] for term in terms if term.startswith("!")}
    return bool(only & tools) if only else not terms & tools


def _lower(was: list[str], is_: list[str]) -> list[str]:
    """Thresholds that a command sets lower than before."""
    before, after = " ".join(was), " ".join(is_)
    found = []
    numbers = dict(_NUMBERED.findall(after))
    for name, value in _NUMBERED.findall(before):
        if name in numbers and float(numbers[name]) < float(value):
            found.append(f"`{name}` goes from {value} to {numbers[name]}")
    for name, value in _NUMBERED.findall(before):
        given = re.search(rf"{re.escape(name)}[= ](\$\{{\{{[^}}]*\}}\}})", after)
        numbers_in = [float(one) for one in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", given[1])] if given else []
        if name not in numbers and numbers_in and min(numbers_in) < float(value):
            found.append(f"`{name}` goes from {value} to {shown(given[1] if given else '')}")
    maxima = dict(_MAXIMA.findall(after))
    for name, value in _MAXIMA.findall(before):
        if float(maxima.get(name, value)) > float(value):
            found.append(f"`{name}` goes from {value} to {maxima[name]}")
    return found + _lower_levels(before, after)


def _lower_levels(before: str, after: str) -> list[str]:
    """Levels from which on a command fails, and lists of what it looks for."""
    found = []
    levels = dict(_LEVELS.findall(after))
    lists = dict(_LISTS.findall(after))
    for name, value in _LISTS.findall(before):
        gone = [one for one in value.split(",") if one not in lists.get(name, value).split(",")]
        if gone and "ALL" not in lists[name].split(","):
            found.append(f"`{name}` no longer has {gone[0]}")
    firm = dict(_POLICIES.findall(after))
    for name, value in _POLICIES.findall(before):
        if value in _FIRM and name in firm and firm[name] not in _FIRM:
            found.append(f"`{name}` goes from {value} to {firm[name]}")
    lowest = _LOWEST.search(after) if "shellcheck" in after else None
    if lowest and not _LOWEST.search(before):
        found.append(f"adds `{lowest[0]}`")
    old = dict(_LEVELS.findall(before))
    for name, value in levels.items():
        if _RANKS[value] > _RANKS[old.get(name, "low")]:
            found.append(f"`{name}` goes from {old.get(name, 'low')} to {value}")
    return found
