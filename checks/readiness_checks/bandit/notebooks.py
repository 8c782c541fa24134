"""Reads the Python of Jupyter notebooks (nbformat 3 and 4), cell by cell, as a module that bandit can read."""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Any

from readiness_checks.reading import json_input

SUFFIX = ".ipynb"
_STILL_PYTHON = frozenset(
    ("time", "timeit", "capture", "prun", "debug", "memit", "mprun", "lprun", "px", "python", "python3")
)
"""Cell magics of IPython below which Python stands."""
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
_AUTOMATIC = r"(?:pip|conda|mamba|timeit|time|cd|ls|pwd|cat|mkdir|rm|cp|mv|env|run|load)\s+[^\s=(]"
_SHELL = re.compile(rf"^(\s*)(?:[!%?]|\S*\?{{1,2}}\s*$|{_AUTOMATIC})")
"""A line for IPython alone: `!pip install x`, `%matplotlib inline`, `?name`, `name?`; `pip install x` (automagic)."""
_ASSIGNED = re.compile(r"^([ \t]*+[\w, .\[\]'\"]+=\s*)[!%].*$")


@dataclass
class Notebook:
    """What one notebook holds."""

    source: str = ""
    """Its Python, all cells one after the other."""
    places: list[tuple[int, int]] = field(default_factory=list)
    """For each line of the source, the number of its cell and the line in it, from 1."""
    unread: list[tuple[int, str]] = field(default_factory=list)
    """Cells that are no Python, and why."""
    others: list[str] = field(default_factory=list)
    """Languages of what was left out: other kernels, cells of bash."""

    def place(self, line: int) -> str:
        """Where a line of the source stands."""
        cell, within = self.places[min(max(line, 1), len(self.places)) - 1] if self.places else (1, 1)
        return f"cell {cell}, line {within}"


def read(name: str, data: bytes) -> Notebook:
    """Read a notebook.

    Raises:
        CheckError: It is no JSON.
    """
    content = json_input.parse(name, data)
    notebook = Notebook()
    if not isinstance(content, dict):
        notebook.unread.append((0, "it is no notebook"))
        return notebook
    language = _language(content.get("metadata"))
    if language and "python" not in language.lower():
        notebook.others.append(language)
        return notebook
    lines: list[str] = []
    for number, cell in enumerate(_cells(content), 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        own = _language_of_cell(cell.get("metadata"))
        if own and own != "python":
            notebook.others.append(own)
        else:
            _add(notebook, lines, number, _text(cell.get("source", cell.get("input", ""))))
    notebook.source = "".join(f"{line}\n" for line in lines)
    return notebook


def _add(notebook: Notebook, lines: list[str], number: int, text: str) -> None:
    rows = text.split("\n")
    first = next((index for index, row in enumerate(rows) if row.strip()), 0)
    if magic := _CELL_MAGIC.match(rows[first]):
        if magic[1] not in _STILL_PYTHON:
            notebook.others.append(magic[1])
            return
        rows[first] = ""
    level = dedent("\n".join(rows)).split("\n")  # IPython takes cells that are indented as a whole
    for kept in (rows, level, _without_magics(level)):
        why = _wrong(kept)
        if not why:
            lines += kept
            notebook.places += [(number, index) for index in range(1, len(kept) + 1)]
            return
    notebook.unread.append((number, why))


def _without_magics(rows: Sequence[str]) -> list[str]:
    """A cell with what only IPython understands replaced by nothing, line for line."""
    kept, continued = [], False
    for row in rows:
        if continued or _SHELL.match(row):
            kept.append("" if continued else _SHELL.sub(r"\1pass #", row, count=1))
            continued = row.rstrip().endswith("\\")
            kept[-1] = kept[-1].rstrip("\\ ")
        else:
            kept.append(_ASSIGNED.sub(r"\1None", row))
    return kept


def _wrong(rows: Sequence[str]) -> str:
    """Why a cell is no Python; empty when it is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse("\n".join(rows))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"syntax error in line {getattr(error, 'lineno', None) or 1}"
    return ""


def _language(metadata: Any) -> str:
    """Language of the kernel; empty where the notebook does not say."""
    for key, name in (("language_info", "name"), ("kernelspec", "language"), ("kernelspec", "name")):
        part = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(part, dict) and isinstance(part.get(name), str) and part[name]:
            return str(part[name])
    return ""


def _language_of_cell(metadata: Any) -> str:
    """What Visual Studio Code says about one cell."""
    part = metadata.get("vscode") if isinstance(metadata, dict) else None
    return str(part.get("languageId") or "") if isinstance(part, dict) else ""


def _cells(content: dict[str, Any]) -> Iterator[Any]:
    """Cells; of nbformat 3, those of all worksheets."""
    sheets = content.get("worksheets")
    for holder in [content, *(sheets if isinstance(sheets, list) else [])]:
        cells = holder.get("cells") if isinstance(holder, dict) else None
        yield from cells if isinstance(cells, list) else ()


def _text(source: Any) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source)
