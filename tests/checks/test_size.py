"""The check `size`, on files as bundlers leave them."""

import gzip
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.check import Context
from readiness.outcome import Outcome, Status
from readiness.ratchet import no_worse_than
from readiness.strictness.declared import directions
from readiness.strictness.structures import Fields
from readiness.testing import evaluate
from readiness_checks.size import Size
from support.repositories import commit_all

TEXT = b"export const answer = 42\n" * 400


def write(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def measured(root: Path, **params: Any) -> Outcome:
    return evaluate(Size, root, **{"paths": "dist/*.js", **params})


def values(outcome: Outcome) -> dict[str, tuple[object, bool | None]]:
    return {one.name: (one.value, one.met) for one in outcome.measurements}


def test_passes_up_to_the_limit_and_says_how_much_there_is(tmp_path: Path) -> None:
    write(tmp_path, {"dist/a.js": b"x" * 700, "dist/b.js": b"x" * 300, "dist/a.css": b"x" * 5_000})
    outcome = measured(tmp_path, max_total="1 kB")
    assert (outcome.status, outcome.examined, outcome.unit) == (Status.PASSED, 2, "files")
    assert outcome.summary == "2 files, 1.0 kB"
    assert values(outcome) == {"total": (1_000, True), "largest file": (700, None)}
    assert [(one.name, len(one.sha256)) for one in outcome.evidence] == [("dist/a.js", 64), ("dist/b.js", 64)]


def test_fails_one_byte_above_the_limit_and_says_where_to_begin(tmp_path: Path) -> None:
    write(tmp_path, {"dist/a.js": b"x" * 700, "dist/b.js": b"x" * 301})
    outcome = measured(tmp_path, max_total="1 kB")
    assert outcome.status is Status.FAILED
    [finding] = outcome.findings
    assert finding.rule == "total-too-large"
    assert finding.message == "all files together have 1,001 bytes, at most 1,000 bytes are allowed"
    assert "dist/a.js" in finding.remedy


def test_each_file_has_a_limit_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, {"dist/a.js": b"x" * 700, "dist/b.js": b"x" * 300})
    outcome = measured(tmp_path, max_each=500, max_total=5_000)
    assert outcome.status is Status.FAILED
    assert [(one.rule, one.path) for one in outcome.findings] == [("file-too-large", "dist/a.js")]


def test_measures_what_a_web_server_would_send(tmp_path: Path) -> None:
    noise = hashlib.shake_128(b"noise").digest(2_000)
    write(tmp_path, {"dist/a.js": TEXT, "dist/b.js": noise, "dist/none.js": b""})
    outcome = measured(tmp_path, max_total="1 GB", gzip=True)
    expected = sum(len(gzip.compress(data, 9)) for data in (TEXT, noise))
    assert values(outcome)["total"] == (expected, True)
    assert outcome.summary.endswith("compressed with gzip")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"dist/a.css": b"x"}, "no file matches"),
        ({"dist/a.js": b"", "dist/b.js": b""}, "2 files, all empty"),
    ],
)
def test_where_nothing_is_measured_it_is_an_error(tmp_path: Path, files: dict[str, bytes], said: str) -> None:
    outcome = measured(write(tmp_path, files), max_total=1_000)
    assert outcome.status is Status.ERROR
    assert said in outcome.summary


def test_each_path_has_to_match(tmp_path: Path) -> None:
    write(tmp_path, {"dist/a.js": b"x"})
    assert measured(tmp_path, paths=["dist/*.js", "dist/*.css"], max_total=9).status is Status.ERROR


def test_a_file_that_two_patterns_or_links_find_counts_once(tmp_path: Path) -> None:
    write(tmp_path, {"dist/a.js": b"x" * 10})
    (tmp_path / "dist/b.js").symlink_to("a.js")
    assert values(measured(tmp_path, paths=["dist", "dist/*.js"], max_total=10))["total"] == (10, True)


def test_needs_a_limit() -> None:
    with pytest.raises(ValidationError, match="max_total"):
        Size(paths=["dist"])


def repository(root: Path) -> Path:
    write(root, {".gitignore": b"dist/\n", "src/a.ts": TEXT})
    commit_all(root)
    return write(root, {"dist/a.js": b"x" * 10, "dist/old.js": b"y"})


def test_what_was_built_before_the_source_changed_is_an_error(tmp_path: Path) -> None:
    root = repository(tmp_path)
    assert measured(root, max_total="1 kB").status is Status.PASSED
    (root / "src/a.ts").write_bytes(TEXT + b"// more\n")
    later = (root / "dist/a.js").stat().st_mtime + 60
    os.utime(root / "src/a.ts", (later, later))
    outcome = measured(root, max_total="1 kB")
    assert (outcome.status, outcome.examined) == (Status.ERROR, 0)
    assert "stale" in outcome.summary
    assert "src/a.ts" in outcome.summary


def test_a_build_may_leave_files_alone_that_stay_the_same(tmp_path: Path) -> None:
    root = repository(tmp_path)
    os.utime(root / "dist/old.js", (1_000_000_000, 1_000_000_000))
    assert measured(root, max_total="1 kB").status is Status.PASSED


def test_a_file_that_git_tracks_is_what_ships_and_has_no_build_to_be_older_than(tmp_path: Path) -> None:
    write(tmp_path, {"public/logo.svg": b"x" * 10, "src/a.ts": TEXT})
    commit_all(tmp_path)
    (tmp_path / "src/a.ts").write_bytes(TEXT + b"// more\n")
    assert measured(tmp_path, paths="public", max_total="1 kB").status is Status.PASSED


@pytest.mark.parametrize(
    ("before", "after", "weakens"),
    [
        ({"max_total": "1 kB"}, {"max_total": "999 B"}, False),
        ({"max_total": "1 kB"}, {"max_total": "1 KiB"}, True),
        ({"max_total": 1000}, {"max_total": "1 kB"}, False),
        ({"max_total": 1000}, {"max_each": 1000}, True),
        ({"max_total": 1000}, {"max_total": 1000, "max_each": 1000}, False),
        ({"max_total": 1000}, {"max_total": 1000, "gzip": True}, True),
        ({"max_total": 1000, "gzip": True}, {"max_total": 1000}, False),
        ({"paths": ["a", "b"]}, {"paths": ["a"]}, True),
    ],
)
def test_which_change_weakens(before: dict[str, Any], after: dict[str, Any], *, weakens: bool) -> None:
    changes = Fields(rules=directions(Size)).changes(before, after)
    assert any(change.kind == "weakens" for change in changes) is weakens


def test_no_worse_than_the_base_means_no_larger(tmp_path: Path) -> None:
    def run(**sizes: int) -> Outcome:
        root = tmp_path / str(len(list(tmp_path.iterdir())))
        files = {f"dist/{name.replace('_', '-')}.js": b"x" * size for name, size in sizes.items()}
        return measured(write(root, files), max_total=1_000, max_each=500)

    base = run(app_3f2a91bc=600, b=300)
    assert no_worse_than(base, run(app_0123abcd=600, b=300), where="main").status is Status.PASSED
    assert no_worse_than(base, run(app_0123abcd=601, b=299), where="main").status is Status.FAILED
    assert no_worse_than(base, run(app_0123abcd=500, c=501), where="main").status is Status.FAILED
    assert no_worse_than(base, run(app_settings=600, b=300), where="main").status is Status.FAILED, "another file"
    assert no_worse_than(run(a=100), run(a=101), where="main").status is Status.FAILED


def test_the_files_of_each_pattern_are_looked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of thousands of built files was walked twice."""
    (tmp_path / "a.js").write_text("x" * 10)
    asked: list[Sequence[str]] = []
    glob = Context.glob

    def counting(self: Context, patterns: Sequence[str]) -> list[Path]:
        asked.append(patterns)
        return glob(self, patterns)

    monkeypatch.setattr(Context, "glob", counting)
    outcome = evaluate(Size, tmp_path, paths=["*.js", "a.*"], max_total="1 kB")
    assert (outcome.summary, asked) == ("1 file, 10 B", [["*.js"], ["a.*"]])
