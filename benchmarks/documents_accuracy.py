"""Counts blanks in documents, and unseen failures in the command lines of workflows, that others wrote.

    python benchmarks/documents_accuracy.py FOLDER ...

Each folder holds checked-out repositories or documents. Every Markdown, HTML, Word and PDF file is read as the check
`document` reads it; those in which it finds a blank are shown with the first one, to be judged by hand. Each `run:` of
the workflows in `.github/workflows` is read as the check `command` reads it.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from readiness.outcome import CheckError
from readiness_checks.command.unseen import unseen
from readiness_checks.document.blanks import blanks
from readiness_checks.document.formats import read

_ENDINGS = frozenset((".md", ".html", ".htm", ".docx", ".pdf"))


def main() -> None:
    """Measure, and print what came out."""
    parser = argparse.ArgumentParser(description="Counts blanks in documents, and unseen failures in command lines.")
    parser.add_argument("folders", nargs="*", type=Path)
    for folder in parser.parse_args().folders:
        _documents(folder)
        lines = {line for path in sorted(folder.rglob(".github/workflows/*.y*ml")) for line in _lines(path)}
        warned = sum(bool(unseen(line)) for line in lines)
        print(f"{folder}: {warned} of {len(lines)} command lines have a failure that bash does not see")


def _documents(folder: Path) -> None:
    found: list[str] = []
    read_whole = refused = 0
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS and path.is_file()):
        try:
            first = next(blanks(read(path.name, path.read_bytes())), None)
        except CheckError as error:
            refused += 1
            found.append(f"{path.relative_to(folder)}: refused: {error}")
            continue
        read_whole += 1
        found += [f"{path.relative_to(folder)}:{first.line}: {first.text} ({first.why})"] if first else []
    print(f"{folder}: {len(found) - refused} of {read_whole} documents have blanks, {refused} cannot be read")
    for text in found:
        print(f"    {text[:160]}")


def _lines(path: Path) -> Iterator[str]:
    """Command lines of a workflow, with something in place of its expressions."""
    try:
        jobs = yaml.safe_load(path.read_text("utf-8", errors="replace"))["jobs"].values()
    except (yaml.YAMLError, KeyError, TypeError, AttributeError):
        return
    for job in jobs:
        for step in job.get("steps") or () if isinstance(job, dict) else ():
            if isinstance(step, dict) and isinstance(step.get("run"), str) and step.get("shell", "bash") == "bash":
                yield re.sub(r"\$\{\{.*?\}\}", "VALUE", step["run"])


if __name__ == "__main__":
    main()
