"""Every reader of text that others wrote, with samples to begin from and what it may raise."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from fuzzing.answers import ANSWERS
from fuzzing.reader import Reader
from readiness.attestation import envelope, statement
from readiness.evidence.change import ChangedFile
from readiness.evidence.reading import find_weakenings
from readiness.init.health_path import _of_compose
from readiness.loading.loader import load
from readiness.policy.commands.places import Place, Tree
from readiness.policy.commands.walk import Walk
from readiness.records.model import statement as record
from readiness.records.model import strict_json
from readiness.records.ssh import public_key, sshsig
from readiness.records.storage import allowed_signers
from readiness.testing import context
from readiness_checks.bandit import notebooks
from readiness_checks.dependencies import conda, database, lock_files, pipenv, requirements_files
from readiness_checks.dependencies.declared import Project, needs
from readiness_checks.document import blanks, sections
from readiness_checks.document import formats as documents
from readiness_checks.env import dotenv_files
from readiness_checks.headers import cookies, csp, transport
from readiness_checks.headers.page import _Reader
from readiness_checks.health import document as health
from readiness_checks.reading import json_input, toml_input, xml_input
from readiness_checks.reading.html_input import prepared
from readiness_checks.reading.report_file import ReportFile
from support.failing_evidence import FAILING, format_modules
from support.office import docx, paragraph, pdf

_SCRATCH = tempfile.TemporaryDirectory(prefix="readiness-fuzzing-")
_ROOT = Path(_SCRATCH.name)
_XML = '<testsuites tests="1"><testsuite name="s" timestamp="2026-11-01T00:00:00"><testcase name="a"><failure/>'
_XML += "</testcase></testsuite></testsuites><!-- --><![CDATA[]]><?a?>"
_LCOV = "TN:\nSF:a.py\nFN:1,one\nFNDA:1,one\nBRDA:1,0,0,-\nDA:1,1\nLF:1\nLH:1\nend_of_record\n"
_PIPENV = '{"_meta": {}, "default": {"a": {"version": "==1.0"}, "b": {"path": "."}}}'
_CONDA = "metadata: {}\npackage:\n- {name: a, version: '1', manager: conda, url: https://c/a-1-py_0.conda}\n"
_COBERTURA = '<coverage timestamp="1"><packages><package><classes><class filename="a"><lines><line number="1" hits="1" '
_COBERTURA += 'branch="true" condition-coverage="50% (1/2)"/></lines></class></classes></package></packages></coverage>'
_MORE = {"junit_xml": (_XML,), "lcov": (_LCOV,), "cobertura": (_COBERTURA,)}
"""What the failing samples do not hold."""
_OSV = '{"id": "X", "modified": "2026-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "PyPI", "name": "a"}, '
_OSV += '"versions": ["1"], "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2"}]}]}]}'
_YAML = 'id: X\nmodified: 2026-01-01\naffected:\n- package: {ecosystem: PyPI, name: a}\n  versions: ["1"]\n'
_TOML = (
    'version = 1\n[manifest]\nmembers = ["a"]\n[[package]]\nname = "a"\nversion = "1"\nsource = { editable = "." }\n'
)
_TOML += 'dependencies = [{ name = "a" }, "b>=1"]\n[metadata]\ncontent-hash = 1979-05-27T07:32:00Z\n'
_HTML = "<!DOCTYPE html><p a='b'>&amp;<h1>Scope</h1><!-- --><![CDATA[]]><script>a</script><meta http-equiv='x'>"
_CHECKLIST = "version: 1\nproject: a\nsections:\n  - title: b\n    items:\n      - {id: c, title: d, check: command}\n"


def _file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """A reader of a file of this name."""

    def written(data: bytes) -> object:
        (_ROOT / name).write_bytes(data)
        return read(_ROOT)

    return written


def _document(name: str) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        found = documents.read(name, data)
        return (
            sections.find(found, "Scope"),
            list(blanks.blanks(found)),
            [sections.garbled(b.text) for b in found.blocks],
        )

    return read


def _lock(name: str) -> Callable[[bytes], object]:
    project = Project("p", "a", tuple(needs([("", "a>=1"), ("dev", "b; os_name=='x'")])))
    return lambda data: lock_files.read(name, data, project)


def _formats() -> Iterator[tuple[str, Reader]]:
    """A reader for each format of each check: a new one joins by itself, with its failing sample."""
    for check, module in format_modules():
        formats = import_module(f"readiness_checks.{check}.formats").FORMATS

        def read(data: bytes, formats: Any = formats) -> object:
            if data.startswith(b"SQLite format 3"):
                return None  # coverage.py reads it, in a process of its own
            (_ROOT / "report").write_bytes(data)
            return formats.read(ReportFile(context(_ROOT), _ROOT / "report", data))

        failing = FAILING.get(check, {}).items()
        own = [text for name, text in failing if name.partition(" ")[0] == module]
        yield f"{check} {module}", Reader(read, (*own, *_MORE.get(module, ())))


def _page(data: bytes) -> object:
    said = data.decode(errors="replace")
    for policy in csp.parse(said):
        list(csp.gaps(policy))
        list(csp.unquoted(policy))
    cookies.parse(said)
    transport.read_hsts(said)
    reader = _Reader()
    reader.feed(prepared(said))
    return reader.found


def _health(data: bytes) -> object:
    said: Any = json_input.read(data)
    return health.read(said, frozenset({"db"})) if isinstance(said, dict) else None


def _weakened(name: str) -> Callable[[bytes], object]:
    return lambda data: (
        list(find_weakenings([ChangedFile(name, b"a = 1\n", data)])),
        list(find_weakenings([ChangedFile(name, data, b"a = 1\n")])),
    )


def _run(data: bytes) -> object:
    """Follow a command line to files that say the same: scripts, modules, targets, packages."""
    text = data.decode("utf-8", "replace")
    modes = dict.fromkeys(("a.sh", "a/b.py", "a/b.js", "Makefile", "package.json", "tox.ini", "Dockerfile"), "100755")
    walk = Walk(Tree(modes, lambda _path: text, lambda _folder, _path: False))
    walk.line(text, Place((".", "a")))
    for path in modes:
        walk.line(f"sh {path}; python {path}; node {path}; make a; npm run a; tox", Place((".",)))
    return walk.parts


def _notebook(data: bytes) -> object:
    return notebooks.read("a.ipynb", data), _weakened("a.ipynb")(data)


def _word(data: bytes) -> object:
    """The inside of a Word file, and the whole of one."""
    body = data.decode("utf-8", "replace")
    packed = docx(body, styles=body, footnotes=body, comments=body)
    return _document("a.docx")(packed), _document("a.docx")(data)


def _signed(data: bytes) -> object:
    return statement.parse_statement(statement.parse_payload(envelope.parse(data).payload))


READERS: Mapping[str, Reader] = {
    **dict(_formats()),
    **ANSWERS,
    "json": Reader(lambda data: json_input.parse("r.json", data), (_OSV,)),
    "xml": Reader(lambda data: xml_input.parse("r.xml", data), (_XML,)),
    "toml": Reader(lambda data: toml_input.parse("r.toml", data), (_TOML,)),
    "advisory in JSON": Reader(lambda data: database._parse("x.json", data, "d"), (_OSV,)),
    "advisory in YAML": Reader(lambda data: database._parse("x.yaml", data, "d"), (_YAML,)),
    "archive": Reader(
        _file("all.zip", lambda root: database.read(context(root), "all.zip", {"a"})),
        ("PK\x03\x04", "PK\x05\x06" + "\0" * 18),
    ),
    "requirements": Reader(
        _file("r.txt", lambda root: requirements_files.read(context(root), ["r.txt"])),
        ("a==1 ; python_version < '3' --hash=sha256:00 \\\n# b\n-r r.txt\nb[c] @ https://x\n",),
    ),
    **{name: Reader(_lock(name), (_TOML,)) for name in lock_files.LOCKS},
    "pipfile lock": Reader(lambda data: pipenv.read("p", data, ("Pipfile", b"[packages]\na = '*'\n")), (_PIPENV,)),
    "conda lock": Reader(lambda data: conda.read_yaml("p", data), (_CONDA, "dependencies: [a]\n")),
    "conda list": Reader(lambda data: conda.read_explicit("p", data), ("@EXPLICIT\nhttps://c/a-1-py_0.conda\n",)),
    "dotenv": Reader(
        _file("a.env", lambda root: dotenv_files.read(context(root), "a.env", {})),
        ("A=1\nexport B='${A}' # c\nC=${B:-$A}\n",),
    ),
    "markdown": Reader(
        _document("a.md"), ("# Scope #\n\n[a](b) `c` <!-- -->\n```\nx\n```\nb\n---\n[Your Name] 1. {#d}",)
    ),
    "plain text": Reader(_document("a.txt"), ("1. Scope\n===\ntext XX/XX/XXXX {{a}}\n",)),
    "html": Reader(_document("a.html"), (_HTML,)),
    "pdf": Reader(_document("a.pdf"), (pdf("[Your Name]", annotations="<< /Subtype /Text >>").decode("ascii"),)),
    "page": Reader(_page, (_HTML, "default-src 'self'; script-src a", "a=b; Secure; Max-Age=1")),
    "health": Reader(_health, ('{"status": "UP", "checks": [{"name": "db", "status": "up", "time": 1}]}',)),
    "strict JSON": Reader(strict_json.parse, ('{"a": ["\\"", 1, null]}',)),
    "record": Reader(record.parse, ('{"_type": "https://in-toto.io/Statement/v1", "subject": [], "predicate": {}}',)),
    "attestation": Reader(
        _signed, ('{"payload": "e30=", "payloadType": "a", "signatures": [{"sig": "AA==", "keyid": ""}]}',)
    ),
    "roster": Reader(
        allowed_signers.parse_roster,
        ('jo@example.com namespaces="signoff@readiness",valid-before="20300101Z" ssh-ed25519 AAAA\n',),
    ),
    "key": Reader(public_key.parse_key, ("\0\0\0\x0bssh-ed25519\0\0\0\x20" + "a" * 32,)),
    "signature": Reader(
        lambda data: sshsig.verify(b"", data),
        ("-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAQ==\n-----END SSH SIGNATURE-----\n",),
    ),
    "checklist": Reader(lambda data: load("readiness.yaml", content=data), (_CHECKLIST,)),
    "weakened Python": Reader(
        _weakened("tests/test_a.py"), ("import pytest\n\n@pytest.mark.skip\ndef test_a():\n    assert 1\n",)
    ),
    "weakened JavaScript": Reader(
        _weakened("a.test.ts"), ("it.only('a', () => { expect(1).toBe(1); // eslint-disable\n});",)
    ),
    "weakened workflow": Reader(
        _weakened(".github/workflows/a.yml"), ("jobs:\n  a:\n    steps:\n      - run: pytest || true\n",)
    ),
    **{
        f"weakened {name}": Reader(_weakened(name), (sample,))
        for name, sample in {
            ".gitlab-ci.yml": ".x: &x {rules: [if: $CI]}\na:\n  <<: *x\n  script: [pytest, 'tox || true']\n",
            "Jenkinsfile": "pipeline { stages { stage('a') { steps { sh 'pytest' /* b */\n sh \"tox\" } } } }\n",
            ".circleci/config.yml": "version: 2.1\njobs: {a: {docker: [{image: b}], steps: [{run: pytest}]}}\n",
            "azure-pipelines.yml": "steps:\n- script: pytest\n  condition: always()\n  continueOnError: true\n",
            "Makefile": "a: b\n\t-pytest || true\n.PHONY: a\nifeq ($(X),1)\nendif\n",
            "ci.sh": 'set -e\nif [ -n "$A" ]; then pytest --cov-fail-under=3 || true; fi\ncat <<EOF\nx\nEOF\n',
            "tox.ini": "[tox]\nenvlist = a\n[testenv]\ncommands = pytest {posargs}\n  - ruff\n",
            ".pre-commit-config.yaml": "repos:\n- repo: https://x/ruff\n  rev: v1.2\n  hooks: [{id: ruff}]\n",
        }.items()
    },
    "compose": Reader(
        lambda data: list(_of_compose(data.decode("utf-8", "replace"))),
        ("services:\n  web: {build: ., healthcheck: {test: [CMD, curl, 'http://localhost:80/health']}}\n",),
    ),
    "command line": Reader(
        _run,
        (
            "cd a && A=${B:-1} sh -c 'python -m b' | xargs -n1 make x; for i in $(ls); do . ./a.sh; done <<E\nE\n",
            "import b, a.b\nfrom a import b\nopen('a.sh')\nrequire('./b')\na:\n\tsh a.sh\n",
            '{"scripts": {"a": "sh a.sh", "prea": "node a/b.js"}}',
        ),
    ),
    "notebook": Reader(
        _notebook,
        ('{"metadata": {}, "cells": [{"cell_type": "code", "source": ["%cd a\\n", "x = 1  # nosec\\n"]}]}',),
    ),
    "word": Reader(_word, (paragraph("Scope", "[Your Name]", properties='<w:pStyle w:val="Heading1"/>'), docx("x"))),
    "weakened settings": Reader(_weakened("pyproject.toml"), ("[tool.ruff.lint]\nselect = ['A']\nignore = []\n",)),
}
