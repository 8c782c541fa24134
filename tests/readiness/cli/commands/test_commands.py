"""The other commands: report, validate, schema, list, explain, doctor, init; start-up and internal errors."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

import readiness as package
from readiness.loading import validate
from support.program import PROGRAM, checklist, readiness, variables

PASS = "id: good, title: Good, with: $ok"
HEAVY = ("pydantic", "jinja2", "git", "rich", "yaml", "cryptography", "readiness_checks", "readiness_reports")


COMMANDS = ["check", "report", "init", "validate", "schema", "list", "explain", "doctor", "sign", "records"]


@pytest.mark.parametrize("args", [["--version"], ["--help"], ["-h"], *([name, "--help"] for name in COMMANDS)])
def test_the_start_imports_nothing_heavy(tmp_path: Path, args: list[str]) -> None:
    code = (
        "import atexit, sys; sys.argv[1:] = " + repr(args) + "\n"
        "atexit.register(lambda: print(sorted({m.partition('.')[0] for m in sys.modules}), file=sys.stderr))\n"
        "from readiness.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, env=variables(), capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stderr.splitlines()[-1].replace("'", '"')))
    assert loaded.isdisjoint(HEAVY)
    assert "click" in loaded


def test_completion_imports_nothing_heavy_and_knows_the_commands(tmp_path: Path) -> None:
    env = variables(_READINESS_COMPLETE="bash_complete", COMP_WORDS="readiness va", COMP_CWORD="1")
    code = (
        "import atexit, sys; sys.argv[0] = 'readiness'\n"
        "atexit.register(lambda: print(sorted({m.partition('.')[0] for m in sys.modules}), file=sys.stderr))\n"
        "from readiness.cli import main; main(prog_name='readiness')"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["plain,validate"]
    assert not [name for name in HEAVY if f"'{name}'" in done.stderr]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("check ", "good gone"),
        ("check go", "good gone"),
        ("check good go", "gone"),
        ("check -f other.yaml ", "elsewhere"),
        ("check -f absent.yaml ", ""),
        ("explain tl", "tls"),
        ("sign goo", "good"),
    ],
)
def test_ids_and_checks_are_completed_without_anything_heavy(tmp_path: Path, words: str, found: str) -> None:
    (tmp_path / "other.yaml").write_text("- id: 'elsewhere'\n", encoding="utf-8")
    checklist(tmp_path, PASS, "id: gone, title: Gone, with: $no")
    typed = f"readiness {words}"
    env = variables(_READINESS_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=str(len(typed.split(" ")) - 1))
    code = (
        "import atexit, sys; sys.argv[0] = 'readiness'\n"
        "atexit.register(lambda: print(sorted({m.partition('.')[0] for m in sys.modules}), file=sys.stderr))\n"
        "from readiness.cli import main; main(prog_name='readiness')"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == [f"plain,{name}" for name in found.split()]
    assert not [name for name in HEAVY if f"'{name}'" in done.stderr]


def test_version(tmp_path: Path) -> None:
    assert readiness("--version", cwd=tmp_path, code=0).stdout == f"readiness {package.__version__}\n"


def test_an_unknown_command_suggests_one(tmp_path: Path) -> None:
    assert "did you mean `check`?" in readiness("chekc", cwd=tmp_path, code=2).stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(tmp_path: Path, name: str) -> None:
    text = readiness(name, "--help", cwd=tmp_path, env={"COLUMNS": "80"}, code=0).stdout
    assert re.search(rf"Examples:\n    readiness {name}\b", text)
    assert max(map(len, text.splitlines())) <= 80


def test_check_lists_every_exit_code_in_its_help(tmp_path: Path) -> None:
    text = " ".join(readiness("check", "--help", cwd=tmp_path).stdout.split())
    assert "0 GO or CONDITIONAL_GO, 1 NO_GO, 2 usage or configuration, 3 INCOMPLETE, 4 internal error, 130" in text


def test_a_saved_run_renders_to_the_same_bytes(tmp_path: Path) -> None:
    checklist(tmp_path, PASS, "id: bad, title: Bad, with: $no")
    readiness("check", "-o", "run.json", "-o", "a.html", "-o", "a.md", cwd=tmp_path, code=1)
    readiness("report", "run.json", "-o", "b.html", "-o", "b.md", "-o", "b.json", cwd=tmp_path, code=0)
    for first, second in (("a.html", "b.html"), ("a.md", "b.md"), ("run.json", "b.json")):
        assert (tmp_path / first).read_bytes() == (tmp_path / second).read_bytes()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema_version": "9"}', "\x00"])
def test_a_file_that_is_no_run_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    assert "run.json" in readiness("report", "run.json", "-o", "a.md", cwd=tmp_path, code=2).stderr
    assert not (tmp_path / "a.md").exists()


def test_report_without_a_run_or_an_output_says_what_to_do(tmp_path: Path) -> None:
    assert "-o run.json" in readiness("report", "-o", "a.md", cwd=tmp_path, code=2).stderr
    assert "report.html" in readiness("report", cwd=tmp_path, code=2).stderr


def test_validate(tmp_path: Path) -> None:
    path = checklist(tmp_path, PASS)
    assert "no mistakes" in readiness("validate", cwd=tmp_path, code=0).stdout
    path.write_text(path.read_text("utf-8") + "x: 1\ny: 2\n", encoding="utf-8")
    done = readiness("validate", cwd=tmp_path, code=2)
    assert "`x`" in done.stderr
    assert "`y`" in done.stderr


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("run: |\n              make all\n              make lint && echo ok\n              true", "12:15"),
        ("run: >-\n              make lint && echo ok;\n              true", "11:15"),
        ('run: "make all\\nmake lint && echo ok\\ntrue"', "10:29"),
        ("run: ['make lint && echo ok', 'true']", ""),
    ],
)
def test_validate_warns_of_a_failure_that_the_shell_does_not_see(tmp_path: Path, written: str, place: str) -> None:
    text = "version: 1\nproject: p\nsections:\n  - title: s\n    items:\n      - id: a\n        title: t\n"
    (tmp_path / "readiness.yaml").write_text(f"{text}        check: command\n        with:\n            {written}\n")
    done = readiness("validate", cwd=tmp_path, code=0)
    assert (f"readiness.yaml:{place}\n" in done.stdout) is bool(place)
    assert ("no mistakes, 1 warning" in done.stdout) is bool(place)
    assert ("warning: `make lint`" in done.stdout) is bool(place)


def test_the_schema_accepts_what_validate_accepts(tmp_path: Path) -> None:
    checklist(tmp_path, PASS)
    schema = json.loads(readiness("schema", cwd=tmp_path, code=0).stdout)
    Draft7Validator.check_schema(schema)
    Draft7Validator.check_schema(json.loads(readiness("schema", "--report", cwd=tmp_path, code=0).stdout))


def test_a_run_fits_the_published_schema(tmp_path: Path) -> None:
    checklist(tmp_path, PASS, "id: bad, title: Bad, with: $no")
    schema = json.loads(readiness("schema", "--report", cwd=tmp_path).stdout)
    run = json.loads(readiness("check", "--format", "json", cwd=tmp_path).stdout)
    Draft7Validator(schema).validate(run)


def test_list(tmp_path: Path) -> None:
    checklist(tmp_path, PASS)
    assert "command" in readiness("list", cwd=tmp_path, code=0).stdout
    assert ".html" in readiness("list", "reporters", cwd=tmp_path, code=0).stdout
    assert "good" in readiness("list", "items", cwd=tmp_path, code=0).stdout


def test_explain_a_check_and_an_item(tmp_path: Path) -> None:
    text = readiness("explain", "tls", cwd=tmp_path, code=0).stdout
    for part in ("check tls:", "Why:", "How:", "Remedy:", "hosts", "required"):
        assert part in text
    checklist(tmp_path, PASS)
    text = readiness("explain", "good", cwd=tmp_path, code=0).stdout
    assert "item good: Good" in text
    assert "check command:" in text


def test_explain_tells_parameters_inside_of_parameters(tmp_path: Path) -> None:
    text = readiness("explain", "coverage", cwd=tmp_path, code=0).stdout
    assert "  sources  (list of map; at least 1 of them; required)\n" in text
    assert "      minimum  (number; at least 0; at most 100; required)\n" in text
    assert "      min_length  (integer; " in readiness("explain", "env", cwd=tmp_path, code=0).stdout


def test_explain_suggests_what_was_meant(tmp_path: Path) -> None:
    assert "did you mean `coverage`?" in readiness("explain", "covrage", cwd=tmp_path, code=2).stderr


def test_doctor_names_what_is_missing(tmp_path: Path) -> None:
    probe = "id: p, title: P, check: http, with: {url: 'http://127.0.0.1:9/', headers: {X: {env: NOT_SET_ANYWHERE}}}"
    path = checklist(tmp_path)
    path.write_text(path.read_text("utf-8") + f"      - {{{probe}}}\n", encoding="utf-8")
    done = readiness("doctor", cwd=tmp_path, code=1)
    assert "the variable NOT_SET_ANYWHERE is not set" in done.stdout
    assert "127.0.0.1:9 cannot be reached" in done.stdout
    _, _, last = done.stdout.partition("cannot pass here:")
    assert re.fullmatch(r"\s+p: the variable NOT_SET_ANYWHERE is not set; 127.0.0.1:9 cannot be reached: .*\s", last)
    assert "no git repository" in done.stdout


def test_doctor_repeats_only_the_first_reasons_at_its_end(tmp_path: Path) -> None:
    path = checklist(tmp_path)
    sent = ", ".join(f"X-{number}: {{env: NOT_SET_{number:02}}}" for number in range(40))
    item = f"      - {{id: v, title: V, check: http, with: {{url: 'http://127.0.0.1:9/', headers: {{{sent}}}}}}}\n"
    path.write_text(path.read_text("utf-8") + item, encoding="utf-8")
    before, _, last = readiness("doctor", cwd=tmp_path, code=1).stdout.partition("cannot pass here:")
    assert "NOT_SET_39 is not set" in before
    assert "NOT_SET_11 is not set; and 29 more" in " ".join(last.split())


def test_doctor_is_content_when_everything_is_there(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    checklist(tmp_path, PASS)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*git, "add", "--all"], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "x"], check=True)
    assert "nothing is missing" in readiness("doctor", cwd=tmp_path, code=0).stdout


def test_doctor_asks_for_git_only_where_an_item_needs_it(tmp_path: Path) -> None:
    path = checklist(tmp_path, PASS)
    assert "no git repository" in readiness("doctor", cwd=tmp_path, code=0).stdout
    document = "      - {id: d, title: D, check: document, with: {paths: [a.md], changed_since: v1}}\n"
    path.write_text(path.read_text("utf-8") + document, encoding="utf-8")
    done = readiness("doctor", cwd=tmp_path, code=1)
    assert re.search(r"cannot pass here:\s+d: no git repository", done.stdout)


def test_doctor_asks_for_bash_where_a_check_declares_a_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name, **how: None if name == "bash" else found(name, **how))
    checklist(tmp_path, PASS)
    assert "bash is not found" in readiness("doctor", cwd=tmp_path, code=1).stdout


def test_doctor_looks_at_the_machine_even_where_the_checklist_has_mistakes(tmp_path: Path) -> None:
    checklist(tmp_path, PASS + ", severty: info", *[f"id: a{n}, titel: A" for n in range(12)])
    done = readiness("doctor", cwd=tmp_path, code=1)
    assert "check tls (readiness" in done.stdout
    assert "readiness.yaml:6:" in done.stdout
    assert "did you mean `severity`?" in done.stdout
    assert "more; `readiness validate` shows them" in done.stdout
    readiness("doctor", "-f", "absent.yaml", cwd=tmp_path, code=2)


def test_two_checklists_are_never_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "readiness.yml").write_bytes(checklist(tmp_path, PASS).read_bytes())
    for args, code in ((["check"], 2), (["doctor"], 1), (["explain", "good"], 2)):
        done = readiness(*args, cwd=tmp_path, code=code)
        assert "both `readiness.yaml` and `readiness.yml` exist" in done.stdout + done.stderr


def test_init_writes_a_checklist_that_runs(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / "app.py").write_text("print('hello')\n", encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("jinja2==3.1.6\n", encoding="utf-8")
    (tmp_path / "test_app.py").write_text("def test_app(): pass\n", encoding="utf-8")
    (tmp_path / ".env").write_text("SECRET_KEY=changethis\n", encoding="utf-8")
    subprocess.run(["git", "-C", str(tmp_path), "add", "--all"], check=True)
    done = readiness("init", cwd=tmp_path, code=0)
    assert "wrote readiness.yaml" in done.stdout
    assert "let git ignore what tools write here, if it does not yet: junit.xml, coverage.json" in done.stdout
    assert validate(tmp_path / "readiness.yaml") == []
    done = readiness("check", "static-analysis", "secrets", "environment", "release-approval", cwd=tmp_path, code=1)
    assert "SECRET_KEY" in done.stdout
    assert "--force" in readiness("init", cwd=tmp_path, code=2).stderr


def test_an_internal_error_is_4_with_a_place_for_the_traceback(tmp_path: Path) -> None:
    checklist(tmp_path, PASS)
    code = (
        "import readiness.loading.file as l, readiness.loading as p\n"
        "def find(start): raise RuntimeError('boom')\n"
        "p.find = find\n"
        "from readiness.cli import main; main(['check'])"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, env=variables(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 4
    assert "RuntimeError: boom" in done.stderr
    assert "Traceback" not in done.stderr
    log = Path(done.stderr.strip().splitlines()[-1].rpartition(" ")[2])
    assert "Traceback" in log.read_text(encoding="utf-8")
    log.unlink()


def test_the_module_runs_like_the_program(tmp_path: Path) -> None:
    done = subprocess.run([*PROGRAM, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("readiness ")
