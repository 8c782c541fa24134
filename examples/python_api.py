"""The main job from Python: load a checklist, run it, read the report.

python examples/python_api.py path/to/readiness.yaml [environment]
"""

import sys
from pathlib import Path

from readiness import ChecklistError, VerdictWord, load, run


def main(path: str, environment: str = "") -> int:
    """Print what holds the release; 0 when nothing does."""
    try:
        checklist = load(Path(path), environment=environment)
    except ChecklistError as error:
        print(error.render())
        return 2
    report = run(checklist)
    print(f"{report.subject.project}: {report.verdict.word}: {report.verdict.reason}")
    results = {result.item.id: result for result in report.results}
    for blocker in report.verdict.blockers:
        result = results[blocker.item]
        print(f"- {result.item.title} ({result.item.owner or 'no owner'}): {result.outcome.summary}")
    return 0 if report.verdict.word is VerdictWord.GO else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
