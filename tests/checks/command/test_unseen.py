"""Failures that the shell does not see: each line is also run, so that bash itself says whether it sees them."""

import subprocess

import pytest

from readiness import processes
from readiness_checks.command.unseen import unseen

HIDDEN = [
    ("false && true\ntrue", "false"),
    ("true && false && true\ntrue", "false"),
    ("{ false && true; }\ntrue", "false"),
    ("if true; then false && true; fi\ntrue", "false"),
    ("for i in 1 2; do false && true; done\ntrue", "false"),
    ("case a in a) false && true;; esac\ntrue", "false"),
    ("export X=$(false)", "$(false)"),
    ("f() { local x=$(false); }\nf", "$(false)"),
    ("readonly X=`false`", "`false`"),
    ("X=$(false) Y=$(true)", "$(false)"),
    ("X=$(false)$(true)", "$(false)"),
    ("X=$(false; true)", "$(false; true)"),
    ("echo $(exit 3)", "$(exit 3)"),
    ('echo "version $(false)"', "$(false)"),
    ('test -z "$(false)"', "$(false)"),
    ('[[ -z "$(false)" ]]', "$(false)"),
    ("for x in $(false); do true; done", "$(false)"),
    ("case $(false) in *) true;; esac", "$(false)"),
    ("cat <<E\n$(false)\nE", "$(false)"),
    ('cat <<< "$(false)"', "$(false)"),
    ("X=$(false) true", "$(false)"),
    ("cat <(false)", "<(false)"),
    ("while read -r x; do true; done < <(false)", "<(false)"),
    ("true > >(false)", ">(false)"),
    ("false & wait", "false"),
    ("! true\ntrue", "! true"),
    ("! true | true\ntrue", "! true | true"),
    ("f() { false; true; }\nf || exit 1", "f"),
    ("f() { false; true; }\nif f; then true; fi", "f"),
    ("{ false; true; } && true", "{ false; true; }"),
    ("bash -c 'false; true'", "bash -c 'false; true'"),
    ("set +e\nfalse\ntrue", "set +e"),
]
SEEN = [
    "false",
    "false; true",
    "true && false\ntrue",
    "false && true",
    "(false && true)\ntrue",
    "f() { false && true; }\nf\ntrue",
    "if true; then false && true; fi",
    "false | cat",
    "X=$(false)",
    "X=(a $(false))",
    "X=$(false && true)",
    "false & wait $!",
    '[ "$(false)" = a ]',
    "! true",
    "bash -ec 'false; true'",
    "if ! false; then exit 1; fi",
    "false || exit 1",
    "true && false || exit 1\ntrue",
    "f() { false; true; }\nf",
]
ORDINARY = [
    "make -j$(nproc)",
    'export PATH="$(pwd)/bin:$PATH"',
    'docker run -v "$(pwd):/src" image',
    'echo "built on $(date -u)"',
    "X=$(echo a | tr a b | cut -c1)\necho $X",
    "echo $(printf a | sed s/a/b/)",
    "[ -f missing ] && rm missing\ntrue",
    "command -v missing >/dev/null && missing\ntrue",
    "grep -q missing /dev/null && echo found\ntrue",
    "false || true",
    "set +e\nfalse\nstatus=$?\ntrue",
    "sleep 0 &\njob=$!\nkill $job 2>/dev/null || true",
    "cd . || exit 1\ntrue",
    "if [ -n '' ]; then exit 1; else true; fi",
    "while false; do true; done",
    "echo a && echo b\ntrue",
    "echo '$(false)' # $(false) && x",
    "cat <<'E'\n$(false)\nE",
]


def status(line: str) -> int:
    return subprocess.run(processes.shell_command(line), capture_output=True, check=False, timeout=30).returncode


@pytest.mark.parametrize(("line", "what"), HIDDEN)
def test_a_failure_that_bash_does_not_see_is_found(line: str, what: str) -> None:
    assert status(line) == 0, "bash sees it"
    (found,) = unseen(line)
    assert found.text == what
    assert line[found.at :].startswith(what.split("\n", maxsplit=1)[0])
    assert found.message
    assert found.remedy


@pytest.mark.parametrize("line", SEEN)
def test_a_failure_that_bash_sees_is_not_warned_of(line: str) -> None:
    assert status(line) != 0, "bash does not see it"
    assert unseen(line) == []


@pytest.mark.parametrize("line", ORDINARY)
def test_an_ordinary_command_line_is_not_warned_of(line: str) -> None:
    assert unseen(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "if true; then",
        "${{ matrix.run }}",
        "echo '",
        "",
        "# only a comment",
        "(" * 5_000,
        "$(" * 3_000 + "a" + ")" * 3_000,
    ],
)
def test_nothing_is_guessed_where_the_grammar_does_not_help(line: str) -> None:
    assert unseen(line) == []


def test_places_are_told_in_characters_and_in_order() -> None:
    found = unseen("echo 'é' $(false)\nexport A=$(false)\n")
    assert [(one.at, one.text) for one in found] == [(9, "$(false)"), (27, "$(false)")]
