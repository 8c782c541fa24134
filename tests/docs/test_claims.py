"""Every sentence that promises something is held by tests that it names, in `claims/`; an edited one turns this red.

A file of claims names its page in the first line. Then follow sentences, each as the page has it behind `> `, and below
it the tests that hold it, or one word why it needs none: `advice` (what the reader should do), `world` (about git,
forges and people) or `words` (it leads to what follows, or says what a word means).
"""

import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from readiness.check import Check
from readiness.plugins import installed, load_check
from support.attacked import TABLE, table
from support.console import ROOT, blocks, follow
from support.judge_attacks import rows
from support.proposals import Proposed
from support.verdict_keys import private, public

CLAIMS = sorted((Path(__file__).parent / "claims").glob("*.txt"))
WITHOUT = ("advice", "world", "words")
PROMISE = re.compile(
    r"\b(never|always|every|only|cannot|must|refuse[sd]?|fails?|errors?|nobody|nothing|whatever|none)\b", re.IGNORECASE
)
_NOT_PROSE = re.compile(r"^```.*?^```$|<!--.*?-->", re.MULTILINE | re.DOTALL)
_END = re.compile(r"(?<=[.!?:])(?:\*\*)?\s+(?=[A-Z`*\[0-9(])")
_RULER = re.compile(r"[|\-: ]+")


@dataclass(frozen=True)
class Claim:
    """A sentence of a page, and what holds it."""

    text: str
    held_by: tuple[str, ...]


@dataclass(frozen=True)
class Claims:
    """The claims of a page."""

    page: Path
    claims: tuple[Claim, ...]


@cache
def read(path: Path) -> Claims:
    first, *rest = path.read_text(encoding="utf-8").split("\n> ")
    entries = [part.strip().splitlines() for part in rest]
    return Claims(ROOT / first.strip(), tuple(Claim(text, tuple(held)) for text, *held in entries))


@cache
def sentences(page: Path) -> tuple[str, ...]:
    """The sentences of a page, without its code; each row of a table is one."""
    found: list[str] = []
    paragraph: list[str] = []
    for line in [*_NOT_PROSE.sub("\n", page.read_text(encoding="utf-8")).splitlines(), ""]:
        text = line.strip()
        if not text or text.startswith(("#", "![", "|", "- ")):
            found += _END.split(" ".join(paragraph)) if paragraph else []
            paragraph.clear()
        if text.startswith("|") and not _RULER.fullmatch(text):
            found.append(text)
        elif text and not text.startswith(("#", "![", "|")):
            paragraph.append(text.removeprefix("- "))
    return tuple(found)


@cache
def rows_with_a_test() -> frozenset[str]:
    """Rows of the tables of attacks, each of which is a test already."""
    starts = tuple(f"| {row} |" for row in (*table(), *rows()))
    return frozenset(text for text in sentences(TABLE) if text.startswith(starts))


@cache
def names_of_tests(path: Path) -> frozenset[str]:
    return frozenset(re.findall(r"^ *(?:async )?def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("path", CLAIMS, ids=lambda path: path.stem)
def test_every_claim_stands_in_its_page(path: Path) -> None:
    said = read(path)
    gone = [claim.text for claim in said.claims if claim.text not in sentences(said.page)]
    assert gone == [], "the page says something else now: look which tests hold that, and correct the file of claims"
    assert len({claim.text for claim in said.claims}) == len(said.claims)


@pytest.mark.parametrize("path", CLAIMS, ids=lambda path: path.stem)
def test_every_promise_of_the_page_is_a_claim(path: Path) -> None:
    said = read(path)
    known = {claim.text for claim in said.claims} | rows_with_a_test()
    promises = [text for text in sentences(said.page) if PROMISE.search(text) and text not in known]
    assert promises == [], "name the tests that hold these, or write what they hold"


@pytest.mark.parametrize("path", CLAIMS, ids=lambda path: path.stem)
def test_every_claim_names_tests_that_there_are(path: Path) -> None:
    for claim in read(path).claims:
        assert claim.held_by, f"nothing holds: {claim.text}"
        if claim.held_by[0] in WITHOUT:
            continue
        for one in claim.held_by:
            file, _, name = one.partition("::")
            assert name in names_of_tests(ROOT / "tests" / file), f"there is no {one}, which holds: {claim.text}"


def test_the_readme_and_the_page_on_ci_are_held() -> None:
    assert {"README.md", "docs/ci.md"} <= {read(path).page.relative_to(ROOT).as_posix() for path in CLAIMS}


def test_the_checks_that_the_page_names_run_no_code_of_the_change() -> None:
    (text,) = [text for text in sentences(ROOT / "docs/ci.md") if text.startswith("`bandit`")]
    before, after = (
        set(re.findall("`([a-z-]+)`", part)) for part in text.split("where the checklist starts no services")
    )
    own = {name: load_check(plugin) for name, plugin in installed("readiness.checks").items()}
    harmless = {name: check for name, check in own.items() if not check.runs_foreign_code}
    assert before == {name for name, check in harmless.items() if not check.uses_services}
    assert after == {name for name, check in harmless.items() if check.uses_services}


def test_a_check_is_collected_unless_it_declares_otherwise() -> None:
    assert Check.runs_foreign_code


def test_the_rotation_of_a_verdict_key_can_be_followed(tmp_path: Path) -> None:
    """The commands of the page, and then the old key is taken out."""
    project = Proposed(tmp_path / "project")
    keys = project.write(".readiness/verdict_keys", public().read_text("utf-8"))
    project.commit("Trust a key")
    project.merge()
    (script,) = [block for block in blocks(ROOT / "docs/ci.md", "sh") if "replaces sha256:" in block]
    for name, path in {"verdict.key": private(), "verdict.pub": public(), "next.pub": public(name="next")}.items():
        shutil.copy(path, project.folder / name)
    follow(script, project.folder)
    for name in ("verdict.key", "verdict.pub", "next.pub"):
        (project.folder / name).unlink()
    project.commit("Trust the next key, too")
    answer = project.check()
    assert (answer.code, {change["code"] for change in answer.policy["changes"]}) == (0, {"verdict-key-rotated"})
    project.merge()
    keys.write_bytes(public(name="next").read_bytes())
    project.commit("Trust the next key alone")
    answer = project.check()
    assert (answer.code, {change["code"] for change in answer.policy["changes"]}) == (0, {"verdict-key-dropped"})


def test_the_suite_plays_each_row_of_ordinary_work_with_git() -> None:
    page = (ROOT / "docs/sign-offs.md").read_text(encoding="utf-8")
    table_of_work = page.partition("## Ordinary work with git\n")[2].partition("\n## ")[0]
    rows_of_work = [line for line in table_of_work.splitlines() if line.startswith("| ") and "---" not in line][1:]
    found = read(next(path for path in CLAIMS if path.stem == "sign-offs")).claims
    held = {claim.text for claim in found if set(claim.held_by) - set(WITHOUT)}
    assert len(rows_of_work) > 10
    assert [row for row in rows_of_work if row not in held] == []
