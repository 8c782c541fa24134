"""Which files decide what a command line does: those that it runs, however it says so, and what those read in turn."""

import pytest

from readiness.policy.commands.places import Place, Tree
from readiness.policy.commands.walk import Walk
from support.command_walks import FILES, JS, PY, SH, SHELL, found, walked


@pytest.mark.parametrize(
    "run",
    [
        "bash ci/gate.sh", "./ci/gate.sh", "ci/../ci/gate.sh --strict", "bash -o pipefail ci/gate.sh",
        "bash -euo pipefail ci/gate.sh", "bash +x -O extglob ci/gate.sh", "bash --norc -- ci/gate.sh", ". ci/gate.sh",
        "source ci/gate.sh", "cd ci && bash gate.sh", "cd ci; ./gate.sh", "(cd ci && sh gate.sh)",
        "pushd ci; sh gate.sh",
        "cd ci || exit 1\nsh gate.sh", "bash -c 'ci/gate.sh --strict'", "bash -ec 'cd ci; sh gate.sh'",
        "sh -c \"bash -c 'sh ci/gate.sh'\"", '"$PWD/ci/gate.sh"', "${PWD}/ci/gate.sh", "$(pwd)/ci/gate.sh",
        '"$(git rev-parse --show-toplevel)/ci/gate.sh"', "`pwd`/ci/gate.sh", "$GITHUB_WORKSPACE/ci/gate.sh",
        "GATE=ci/gate.sh; bash $GATE", 'D=ci; bash "$D/gate.sh"', "${GATE:-ci/gate.sh}", "bash ${D:-ci}/gate.sh",
        "env A=b ci/gate.sh", "env -i -u X A=b bash ci/gate.sh", "A=b B=c bash ci/gate.sh",
        "sudo -u ci bash ci/gate.sh",
        "timeout 60 bash ci/gate.sh", "timeout -k 5 60 ci/gate.sh", "nice -n 5 sh ci/gate.sh", "exec ci/gate.sh",
        "time bash ci/gate.sh", "! bash ci/gate.sh", "if bash ci/gate.sh; then true; fi", "true && { sh ci/gate.sh; }",
        "for f in ci/gate.sh; do bash $f; done", "for d in ci other; do bash $d/gate.sh; done",
        "bash ci/gate.sh | tee log",
        "make -v; sh ci/gate.sh > log 2>&1", "bash < ci/gate.sh", "cat ci/gate.sh | bash",
        "cat ci/gate.sh | bash -s -- x",
        "bash <(cat ci/gate.sh)", 'bash -c "$(cat ci/gate.sh)"', 'eval "$(cat ci/gate.sh)"', "eval sh ci/gate.sh",
        "echo ci/gate.sh | xargs bash", "xargs -n1 bash ci/gate.sh < list", "find . -name x -exec ci/gate.sh {} ;",
        "poetry run bash ci/gate.sh", "uv run --with x ci/gate.sh", "nobody-knows-this ci/gate.sh",
        "nobody-knows-this --gate=ci/gate.sh", "docker run -v .:/w image sh ci/gate.sh", "ruby ci/gate.sh",
        "ci/other.py || ci/gate.sh", "bash ci/ga*.sh", "bash ci/${NAME}.sh x", "x=$(ci/gate.sh); echo $x",
        "bash 'ci/gate.sh'",
        "BASH_ENV=ci/gate.sh bash -c true", "bash --rcfile ci/gate.sh -i",
        "python3 -c \"import os; os.system('ci/gate.sh')\"",
        "# a comment\nbash \\\n  ci/gate.sh", "true &\nci/gate.sh &", "bash -c 'exec \"$0\"' ci/gate.sh",
        ["bash", "-c", "ci/gate.sh --strict"], ["bash", "ci/gate.sh"], ["env", "A=b", "sh",
        "ci/gate.sh"], ["./ci/gate.sh"],
    ],
    ids=str,
)  # fmt: skip
def test_a_script_is_found_however_it_is_run(run: str | list[str]) -> None:
    assert "ci/gate.sh" in found(run)


@pytest.mark.parametrize(
    "run",
    [
        "python3 ci/gate.py", "python -W error ci/gate.py", "python3.12 -X dev -u ci/gate.py src",
        "python -Werror ci/gate.py",
        "cd ci; python -m gate", "PYTHONPATH=ci python3 -m gate", "uv run python ci/gate.py",
        "poetry run python -I ci/gate.py",
        "coverage run ci/gate.py", "coverage run --branch ci/gate.py", "cat ci/gate.py | python3 -",
        "python3 < ci/gate.py",
        "pipenv run ci/gate.py", "python -c 'import runpy; runpy.run_path(\"x\")' || python ci/gate.py",
        "hatch run python ci/gate.py",
    ],
)  # fmt: skip
def test_a_script_of_python_is_found(run: str) -> None:
    assert "ci/gate.py" in found(run)


@pytest.mark.parametrize(
    "run",
    [
        "pytest tests/", "pytest tests/test_app.py -k x", "python -m pytest tests/test_app.py",
        "python -m unittest tests/test_app.py",
        "uv run pytest tests/test_app.py", "uv run --with pytest-xdist pytest tests/test_app.py",
        "ruff check src tests ci/gate.py",
        "poetry run mypy src/app/main.py", "cat ci/gate.sh", "grep -n x ci/gate.sh", "test -f ci/gate.sh",
        "[ -x ci/gate.sh ]",
        "echo ci/gate.sh", "shellcheck ci/gate.sh", "bandit -r src tests/test_app.py", "jest tests/test_app.py",
        "npx eslint ci/gate.js", "node --test tests/run.sh", "git diff --exit-code README.md",
        "diff README.md allowed.txt",
        "coverage run -m pytest tests/test_app.py", "tox -e py -- tests/test_app.py", "wc -l < README.md", "true", "",
        "find src -name main.py", "../outside.sh", "/bin/true ", "ls README.md | wc -l",
        "timeout 60 pytest tests/test_app.py",
        "echo 'unclosed", "npm ci", "npm audit", "go test ./...", "cargo test",
        "for f in src/app/main.py; do python -m py_compile $f; done",
        "env A=b pytest tests/test_app.py", "bash -c 'pytest tests/test_app.py'", ["pytest", "tests/test_app.py"],
    ],
    ids=str,
)  # fmt: skip
def test_what_a_known_tool_looks_at_does_not_judge(run: str | list[str]) -> None:
    assert found(run) == set()


@pytest.mark.parametrize(
    ("run", "files"),
    [
        ("python -m tools.check", {"tools/check/__main__.py", "tools/check/__init__.py", "tools/__init__.py"}),
        ("python -m tools.one", {"tools/one.py", "tools/__init__.py"}),
        ("python tools/check", {"tools/check/__main__.py"}),
        ("python -m app.main", {"src/app/main.py", "src/app/__init__.py"}),
        ("node ci/gate", {"ci/gate.js"}),
        ("node -r ./ci/gate.js -e 1", {"ci/gate.js"}),
        ("bun run ci/gate.js", {"ci/gate.js"}),
        ("ci/gate.sh src/app/main.py README.md", {"ci/gate.sh"}),
        ("ci/gate.sh tests/run.sh", {"ci/gate.sh", "tests/run.sh"}),
        ("ci/gate.sh --rules=ci/rules.txt README.md", {"ci/gate.sh", "ci/rules.txt"}),
        ("python ci/gate.py --allow-list allowed.txt src", {"ci/gate.py", "allowed.txt"}),
        ("grep -rf ci/rules.txt src", set()),
        ("grep -r -f ci/rules.txt src", {"ci/rules.txt"}),
        ("nobody-knows-this README.md", {"README.md"}),
        ("ruff check --config ci/rules.txt src", {"ci/rules.txt"}),
        ("pytest -c ci/rules.txt tests/test_app.py", {"ci/rules.txt"}),
        (
            "semgrep --config=tools src",
            {"tools/__init__.py", "tools/check/__init__.py", "tools/check/__main__.py", "tools/one.py"},
        ),
        ("mypy --config-file pyproject.toml src", set()),
        ("pytest --ignore tests/test_app.py --ignore-glob=x --junitxml=README.md", set()),
        ("python -c \"exec(open('ci/gate.py').read())\" README.md", {"ci/gate.py"}),
        ("while read x; do echo $x; done < ci/rules.txt", {"ci/rules.txt"}),
    ],
)
def test_exactly_what_decides(run: str, files: set[str]) -> None:
    assert found(run) == files


def test_a_command_runs_in_its_folder_with_its_variables() -> None:
    assert found("./gate.sh", cwd="ci") == {"ci/gate.sh"}
    assert found("../ci/gate.sh", cwd="tests") == {"ci/gate.sh"}
    assert found("python -m gate", PYTHONPATH="ci") == {"ci/gate.py"}
    assert found("true", BASH_ENV="ci/gate.sh") == {"ci/gate.sh"}
    assert found('bash "$GATE"', GATE="ci/gate.sh") == {"ci/gate.sh"}


def of(text: str, **more: str) -> dict[str, str]:
    """A script `ci/gate` in some language, and other files."""
    return {"ci/gate": text, **{path.replace("__", "/"): content for path, content in more.items()}}


@pytest.mark.parametrize(
    "text",
    [
        ". ci/lib.sh", ". ./ci/lib.sh", '. "$(dirname "$0")/lib.sh"', 'source "${BASH_SOURCE%/*}/lib.sh"',
        'cd "$(dirname "$0")"; . lib.sh',
        'HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)\n. "$HERE/lib.sh"', "bash ci/lib.sh", '"${0%/*}/lib.sh"',
        "check() {\n  ci/lib.sh\n}\ncheck", "if ! ci/lib.sh; then exit 1; fi",
        'exec "$(git rev-parse --show-toplevel)/ci/lib.sh" "$@"',
        'D="$(dirname "$0")"\nbash "$D"/lib.sh', '. "$ROOT/ci/lib.sh"', '"$(dirname "$0")/../ci/lib.sh"',
        "python3 - <<'X'\nci/lib.sh\nX",
    ],
)  # fmt: skip
def test_what_a_script_of_the_shell_calls_or_sources(text: str) -> None:
    assert found("ci/gate", {"ci/gate": SHELL + text, "ci/lib.sh": SH}) == {"ci/gate", "ci/lib.sh"}


@pytest.mark.parametrize(
    ("home", "text", "counts"),
    [
        ("ci", "grep -rf ci/rules.txt src", True),
        ("ci", "[ $(cat ci/rules.txt) -gt 1 ]", True),
        ("ci", "for f in $(cat README.md); do bash $f; done", False),
        ("ci", "pytest ci/rules.txt", False),
        ("ci", "cat ci/rules.md", False),
        ("tests", "diff tests/rules.txt out.txt", False),
    ],
)
def test_data_beside_a_script_of_the_shell(home: str, text: str, *, counts: bool) -> None:
    data = {f"{home}/rules.txt": "", f"{home}/rules.md": "", "README.md": ""}
    files = found(f"sh {home}/gate.sh", {f"{home}/gate.sh": text, **data})
    assert (f"{home}/rules.txt" in files) is counts
    assert ("README.md" in files) is ("README.md" in text), "a list of what to run counts wherever it is"


def test_calls_are_followed_to_their_end_and_not_in_circles() -> None:
    files = {f"ci/{n}.sh": f"sh ci/{n + 1}.sh\n. ci/0.sh\n" for n in range(6)}
    assert found("sh ci/0.sh", files) == set(files)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("import helper", "ci/helper.py"), ("from helper import x", "ci/helper.py"), ("import rules.deep",
        "ci/rules/deep.py"),
        ("from rules import deep", "ci/rules/deep.py"), ("from rules import *", "ci/rules/__init__.py"),
        ("def f():\n    import helper", "ci/helper.py"), ("import subprocess; subprocess.run(['ci/other.sh'])",
        "ci/other.sh"),
        ("open(Path(__file__).parent / 'rules.txt')", "ci/rules.txt"), ("open('README.md')", None),
        ("try:\n    import helper\nexcept ImportError:\n    pass", "ci/helper.py"), ("import toplevel", None),
        ("import app", None),
        ("print 'Python 2', 'helper.py'", "ci/helper.py"),
        ("import subprocess, sys; subprocess.run([sys.executable, 'ci/helper.py'])", "ci/helper.py"),
        ("import os; os.system('bash -e ci/other.sh')", "ci/other.sh"),
        ("import sys; sys.path.insert(0, 'lib'); import far", "lib/far.py"),
    ],
)  # fmt: skip
def test_what_a_script_of_python_imports_or_reads(text: str, other: str | None) -> None:
    names = (
        "ci/helper.py",
        "ci/rules/__init__.py",
        "ci/rules/deep.py",
        "ci/other.sh",
        "ci/rules.txt",
        "toplevel.py",
        "lib/far.py",
        "README.md",
        "src/app/__init__.py",
    )
    files = {"ci/gate.py": text, **dict.fromkeys(names, "")}
    parents = {"ci/rules/__init__.py"} if other == "ci/rules/deep.py" else set()
    assert found("python ci/gate.py src/app/__init__.py", files) == {
        "ci/gate.py",
        *([other] if other else []),
        *parents,
    }


def test_imports_are_followed_in_turn_from_where_the_first_script_is() -> None:
    files = {
        "ci/gate.py": "import a.b",
        "ci/a/__init__.py": "",
        "ci/a/b.py": "from . import c\nimport d",
        "ci/a/c.py": "",
        "ci/d.py": "",
    }
    assert found("python ci/gate.py", files) == set(files)


def test_prose_beside_a_script_is_what_it_looks_at() -> None:
    files = {"docs/check.py": "read('index.md'); read('words.txt')", "docs/index.md": "", "docs/words.txt": ""}
    assert found("python docs/check.py", files) == {"docs/check.py", "docs/words.txt"}


def test_a_program_of_the_project_itself_is_not_followed() -> None:
    walk = walked("python src/app/main.py", {"src/app/main.py": "import other, json", "src/app/other.py": ""})
    assert ({str(part) for part in walk.parts}, walk.absent) == ({"src/app/main.py"}, set())


def test_a_module_that_would_come_first_counts_when_it_is_added() -> None:
    absent = walked("python ci/gate.py", {"ci/gate.py": "import json"}).absent
    assert absent == {"ci/json.py", "ci/json/__init__.py"}
    assert walked("python gate.py", {"gate.py": "import json"}).absent == set(), (
        "the project's own modules come and go there"
    )
    assert "pytest.py" in walked("python -m pytest").absent
    assert "late.sh" in walked("bash late.sh").absent
    assert "GNUmakefile" in walked("make", {"Makefile": "all:\n\ttrue\n"}).absent


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("require('./lib')", "ci/lib.js"), ('import x from "./lib.js"', "ci/lib.js"), ("export * from './lib'",
        "ci/lib.js"),
        ("await import('./lib.js')", "ci/lib.js"), ("require('./deep')", "ci/deep/index.js"),
        ("import './deep/index.js'", "ci/deep/index.js"),
        ("require('../src/app.js')", None), ("require('lib')", None), ("execSync('x'); spawn('ci/other.sh')",
        "ci/other.sh"),
        ("fs.readFileSync(__dirname + '/rules.json'); const r = 'rules.json'", "ci/rules.json"),
    ],
)  # fmt: skip
def test_what_a_script_of_javascript_loads(text: str, other: str | None) -> None:
    files = {
        "ci/gate.js": text,
        **dict.fromkeys(("ci/lib.js", "ci/deep/index.js", "src/app.js", "ci/other.sh", "ci/rules.json"), ""),
    }
    assert found("node ci/gate.js", files) == {"ci/gate.js", *([other] if other else [])}


@pytest.mark.parametrize("call", ["require_relative 'lib'", 'require "./lib.rb"', "load 'lib.rb'"])
def test_what_a_script_of_another_language_loads(call: str) -> None:
    assert found("ruby ci/gate.rb", {"ci/gate.rb": call, "ci/lib.rb": "", "lib.rb": ""}) >= {"ci/gate.rb", "ci/lib.rb"}


def test_a_pattern_of_scripts_is_kept_for_those_that_are_added() -> None:
    assert walked("for f in ci/*.sh; do sh $f; done").patterns == {"ci/*.sh"}
    assert walked("shellcheck ci/*.sh; ls *.md").patterns == set()


def test_a_link_counts_with_what_it_leads_to() -> None:
    modes = {"gate": "120000", "ci/gate.sh": "100755"}
    walk = Walk(Tree(modes, {"gate": "ci/gate.sh", "ci/gate.sh": SHELL}.__getitem__, lambda *_: False))
    walk.line("./gate", Place(("",)))
    assert {part.path for part in walk.parts} == set(modes)


@pytest.mark.parametrize(
    ("run", "paths"),
    [
        ("tools/gate.sh", {"tools", "ci/gate.sh"}),
        ("cd tools && sh gate.sh", {"tools", "ci/gate.sh"}),
        ("deep/er/gate.sh", {"deep/er", "tools", "ci/gate.sh"}),
        ("sh vendor/gate.sh", {"vendor"}),
        ("sh round/gate.sh", set()),
    ],
)
def test_links_and_submodules_on_the_way_to_a_script_count(run: str, paths: set[str]) -> None:
    links = {"tools": "ci", "deep/er": "../tools", "round": "about", "about": "round"}
    modes = {"ci/gate.sh": "100755", "vendor": "160000", **dict.fromkeys(links, "120000")}
    walk = Walk(Tree(modes, {**links, "ci/gate.sh": SH}.__getitem__, lambda *_: False))
    walk.line(run, Place(("",)))
    assert {part.path for part in walk.parts} == paths


def test_hostile_or_endless_text_is_bounded() -> None:
    deep = "bash -c " + "'\"$(" * 3_000
    for text in (
        deep,
        "$" * 9_999,
        "`" * 999,
        "${" * 5_000,
        "<(" * 2_000,
        "for a in " + "b " * 5_000 + "; do $a$a$a$a$a; done",
    ):
        assert found(text) <= set(FILES)
    many = {f"ci/{n}.sh": "for i in *; do for j in ci/*; do . $i$j; done; done" for n in range(800)}
    assert len(found("sh ci/*.sh; " + "; ".join(many), many)) <= 500


@pytest.mark.parametrize("run", ["python3 tests/test_all.py", "cd tests && python3 test_all.py", "node tests/all.js"])
def test_what_tests_import_is_compared_as_tests_are(run: str) -> None:
    """A helper of tests changes with ordinary work; the script that the policy names counts all the same."""
    files = {
        **FILES, "tests/test_all.py": "import helper\n", "tests/helper.py": PY, "tests/all.js": "require('./helper')\n",
        "tests/helper.js": JS,
    }  # fmt: skip
    assert len(found(run, files)) == 1
