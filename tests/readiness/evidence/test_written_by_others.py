"""Lists of dilutions and honest changes that others wrote, without sight of the code that finds them.

An entry with `found` is a dilution that is found, under this code; one without is known not to be found. An honest
change with `flagged` is a known false alarm.
"""

from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from readiness.evidence.change import ChangedFile
from readiness.evidence.reading import find_weakenings

HERE = Path(__file__).parent / "written_by_others"


class Example(NamedTuple):
    name: str
    kind: str
    code: str
    """Under which it is found, or flagged; empty for neither."""
    change: list[ChangedFile]


def examples() -> list[Example]:
    found = []
    for path in sorted(HERE.glob("*.yaml")):
        for source in yaml.safe_load(path.read_text(encoding="utf-8")):
            for entry in source["changes"]:
                before, after = source["files"], changed(source["files"], entry)
                change = [
                    ChangedFile(one, *(side[one].encode() if one in side else None for side in (before, after)))
                    for one in sorted({*before, *after})
                ]
                code = entry.get("found") or entry.get("flagged") or ""
                found.append(Example(f"{path.stem}: {entry['name']}", entry["kind"], code, change))
    return found


def changed(files: dict[str, str], entry: dict[str, Any]) -> dict[str, str]:
    """The files as a change leaves them."""
    after = dict(files)
    for edit in entry.get("edit", ()):
        assert edit["old"] in after[edit["file"]]
        after[edit["file"]] = after[edit["file"]].replace(edit["old"], edit["new"], 1)
    after.update(entry.get("write", {}))
    for moved in entry.get("move", ()):
        after[moved["to"]] = after.pop(moved["from"])
    return {path: text for path, text in after.items() if path not in entry.get("delete", ())}


EXAMPLES = examples()


@pytest.mark.parametrize(
    "example", [one for one in EXAMPLES if one.kind == "dilution"], ids=lambda example: example.name
)
def test_a_dilution_of_others_is_found_or_known(example: Example) -> None:
    codes = {one.code for one in find_weakenings(example.change)}
    assert example.code in codes if example.code else not codes


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.kind == "honest"], ids=lambda example: example.name)
def test_an_honest_change_of_others_is_free_or_known(example: Example) -> None:
    codes = {one.code for one in find_weakenings(example.change)}
    assert example.code in codes if example.code else not codes
