"""Sums up findings that hold no release where there are many, so that those which do are not lost among them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from readiness.outcome import Finding, Level
from readiness.text import count
from readiness_checks.secrets.verdict import Verdict

ONE_BY_ONE = 10
"""Findings of one verdict that are told one by one."""
_FILES = 40
"""Files whose other findings are told by file; those of further files are one number."""


class Summed:
    """Counts the findings of each verdict, by file."""

    def __init__(self) -> None:
        self._told: Counter[Verdict] = Counter()
        self._others: defaultdict[Verdict, Counter[str]] = defaultdict(Counter)

    def takes(self, verdict: Verdict, path: str) -> bool:
        """Count a finding; whether it is summed up with others, and is not told by itself."""
        if self._told[verdict] < ONE_BY_ONE:
            self._told[verdict] += 1
            return False
        self._others[verdict][path] += 1
        return True

    def findings(self, levels: Mapping[Verdict, Level], words: Mapping[Verdict, str]) -> Iterator[Finding]:
        """What was summed up: one finding for each file, and one for all further files."""
        for verdict, files in self._others.items():
            level = levels[verdict]
            paths = list(files)
            for path in paths[:_FILES]:
                yield _finding(f"{files[path]:,} more here{words[verdict]}", level, path)
            if further := paths[_FILES:]:
                number = sum(files[path] for path in further)
                yield _finding(f"{number:,} more in {count(len(further), 'file')}{words[verdict]}", level, "")


def _finding(message: str, level: Level, path: str) -> Finding:
    return Finding(message=message, rule="summed-up", level=level, path=path, remedy="narrow `paths` to see each")
