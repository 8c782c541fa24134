"""A file that asks to be judged less strictly than before is told; one whose demand came elsewhere is free."""

import pytest

from readiness.evidence.change import ChangedFile
from readiness.evidence.suppressions import new_suppressions

FORBIDS = "#![forbid(unsafe_code)]\n#![warn(clippy::pedantic, missing_docs)]\npub mod a;\n"


def told(path: str, before: str, after: str, **beside: str) -> list[str]:
    change = [ChangedFile(path, before.encode(), after.encode())]
    change += [ChangedFile(f"{name}.toml", b"", text.encode()) for name, text in beside.items()]
    return [one.text for one in new_suppressions(change)]


@pytest.mark.parametrize(
    ("path", "before", "after", "text"),
    [
        ("src/lib.rs", FORBIDS, FORBIDS.replace("forbid", "deny"),
         "rustc: asks for `deny(unsafe_code)` and no longer for `forbid(unsafe_code)`"),
        ("src/lib.rs", FORBIDS, FORBIDS.replace(", missing_docs", ""),
         "rustc: no longer asks for `warn(missing_docs)`"),
        ("a.rb", "# typed: strict\nx\n", "# typed: false\nx\n",
         "sorbet: asks for `# typed: false` and no longer for `# typed: strict`"),
        ("a.rb", "# typed: true\nx\n", "x\n", "sorbet: no longer asks for `# typed: true`"),
        ("a.php", "<?php declare(strict_types = 1);\nf();\n", "<?php\nf();\n",
         "php: no longer asks for `declare(strict_types = 1)`"),
        ("a.js", "// @ts-check\nf()\n", "f()\n", "typescript: no longer asks for `// @ts-check`"),
        ("a.js", "/* @flow strict */\nf()\n", "/* @flow */\nf()\n",
         "flow: asks for `/* @flow` and no longer for `/* @flow strict`"),
        ("A.cs", "#nullable enable\nclass A {}\n", "class A {}\n",
         "c# compiler: no longer asks for `#nullable enable`"),
    ],
)  # fmt: skip
def test_a_lower_demand_is_told(path: str, before: str, after: str, text: str) -> None:
    assert told(path, before, after) == [text]
    assert told(path, after, before) == []


def test_a_demand_that_came_to_the_configuration_is_free() -> None:
    assert not told("src/lib.rs", FORBIDS, "pub mod a;\n", Cargo="[lints]\nunsafe_code, pedantic, missing_docs\n")


def test_a_file_that_is_gone_or_new_asks_for_nothing() -> None:
    sides = (FORBIDS.encode(), None)
    for before, after in (sides, sides[::-1]):
        assert not list(new_suppressions([ChangedFile("src/lib.rs", before, after)]))
