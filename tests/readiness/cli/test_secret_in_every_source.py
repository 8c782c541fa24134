"""One secret in everything that a run reads: it is in no output, in no spelling."""

import base64
import html
import json
import re
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import pytest

from readiness.leaks import Finder
from readiness.redaction import MASK
from support.program import readiness
from support.repositories import commit_all
from support.signing import COUNSEL, Project, key
from support.verdict_keys import private

SECRETS = ["kJ8s&Lq2/vX9zR4tW+m7pYd=", "5fQ w<'x'>\"y\" Ü-9Kd", "observatory"]
"""One with what URLs and HTML escape, one with spaces and quotes, and an ordinary word."""
CHECKLIST = """\
version: 1
project: shop
roles: {counsel: [counsel@example.com]}
sections:
  - title: All
    items:
      - {id: command, title: Command, check: command, with: {run: [python3, say.py]}}
      - {id: crash, title: Crash, check: command, with: {run: "exec no-such-program --password=$API_TOKEN"}}
      - {id: tests, title: Tests, check: junit, with: {paths: [junit.xml]}}
      - {id: env, title: Variables, check: env, with: {files: [.env], required: {API_TOKEN: {format: port}}}}
      - {id: page, title: Page, check: document, with: {paths: [page.md], sections: [Scope]}}
      - {id: counsel, title: Counsel, check: signoff, with: {role: counsel, covers: [page.md]}}
"""
SAY = """\
import base64, html, json, os, sys, urllib.parse
token = os.environ["API_TOKEN"]
told = [
    token, urllib.parse.quote(token), urllib.parse.quote_plus(token), json.dumps(token)[1:-1], html.escape(token),
    base64.b64encode(token.encode()).decode(), base64.b64encode(b"deploy:" + token.encode()).decode(),
    token.encode().hex(), token.encode().hex().upper(),
]
for one in told:
    print("token=" + one)
    print("Authorization: Basic " + one, file=sys.stderr)
sys.exit(1)
"""


def spellings(secret: str) -> set[str]:
    raw = secret.encode()
    return {
        secret, quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1], html.escape(secret), raw.hex(), raw.hex().upper(),
        *(base64.b64encode(user + raw).decode().rstrip("=") for user in (b"", b"deploy:")),
    }  # fmt: skip


@pytest.mark.parametrize("secret", SECRETS, ids=["signs", "quotes", "word"])
def test_a_secret_in_every_source_is_in_no_output(tmp_path: Path, secret: str) -> None:
    escaped = html.escape(secret)
    for name, text in {
        "readiness.yaml": CHECKLIST,
        "say.py": SAY,
        "junit.xml": f'<testsuite tests="1" failures="1"><testcase classname="t" name="token={escaped}" time="1">'
        f'<failure message="password: {escaped}">secret = {escaped}</failure>'
        f"<system-out>token={escaped}</system-out></testcase></testsuite>",
        ".env": f"API_TOKEN={json.dumps(secret, ensure_ascii=False)}\nTODO_TOKEN=changeme\n",
        "page.md": f"# Page\n\nTODO token={secret}\n",
        ".gitignore": ".env\nout\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    commit_all(tmp_path)
    outputs = ["out/r.html", "out/r.md", "out/r.json", "out/r.signoffs.html"]
    shown = [part for path in outputs for part in ("-o", path)]
    env = {"API_TOKEN": secret, "GITHUB_ACTIONS": "true"}
    done = readiness("check", *shown, cwd=tmp_path, env=env, code=1)
    again = readiness("report", "out/r.json", "--format", "md", cwd=tmp_path, env={"API_TOKEN": ""})
    told = {path: (tmp_path / path).read_text(encoding="utf-8") for path in outputs}
    told |= {"stdout": done.stdout, "stderr": done.stderr, "again": again.stdout}
    assert "[redacted]" in told["out/r.json"]
    leaks = {(path, one) for path, text in told.items() for one in spellings(secret) if one in text}
    assert leaks == set(), [text[text.index(one) - 60 :][:160] for path, one in leaks for text in [told[path]]]
    assert re.search(r"page\.md:3", told["out/r.md"]), "places stay readable"


SIGNED = """\
version: 1
project: deedpro
release: "3.0.0"
roles: {legal: [counsel@example.com]}
sections:
  - title: All
    items:
      - {id: reviewed, title: Reviewed, check: signoff, with: {role: legal, covers: ["templates/**"]}}
      - {id: page, title: Page, check: http, with: {url: "http://127.0.0.1:9/", headers: {X-Token: {env: API_TOKEN}}}}
      - {id: build, title: Build, check: command, with: {run: "echo $API_TOKEN | base64; base32 notes.md; false"}}
"""


def told_by(root: Path, *args: str, **env: str) -> str:
    done = readiness(*args, cwd=root, env={"API_TOKEN": SECRETS[0], **env})
    return done.stdout + done.stderr


def test_no_command_tells_a_secret(tmp_path: Path) -> None:
    """Whatever encoding it is in: outputs, errors about arguments, what `init` writes, and every file of an export."""
    project, secret = Project(tmp_path), SECRETS[0]
    project.write("readiness.yaml", SIGNED)
    project.write(".env.example", "API_TOKEN=\n")
    project.write("notes.md", f"token={secret}\n")
    project.commit()
    who = ("--key", str(key(COUNSEL)), "--as", COUNSEL, "--yes")
    assert "it holds the value of a secret" in told_by(tmp_path, "sign", "reviewed", *who, "--reason", f"by {secret}")
    assert "signed" in told_by(tmp_path, "sign", "reviewed", *who, "--reason", "read")
    told = {
        " ".join(args): told_by(tmp_path, *args)
        for args in (
            ("check", "-o", "out/r.html", "-o", "out/r.md", "-o", "out/r.json"), ("validate",), ("doctor",),
            ("list", "items"), ("explain", "page"), ("records", "list"), ("records", "history", "reviewed"),
            ("records", "export", "-o", "records.zip"), ("records", "show", secret), ("check", "--policy-ref", secret),
            ("report", secret), ("verify", secret), ("list", secret), ("check", "--section", secret),
            ("init", "--force"),
        )
    }  # fmt: skip
    with ZipFile(tmp_path / "records.zip") as archive:
        told |= {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    told |= {
        path.name: path.read_text("utf-8") for path in [*(tmp_path / "out").iterdir(), tmp_path / "readiness.yaml"]
    }
    assert MASK in told["r.json"]
    finder = Finder([secret])
    assert {name: text[start - 40 : end] for name, text in told.items() for start, end in finder.places(text)} == {}


TWO_JOBS = """\
version: 1
project: shop
release: "1"
sections:
  - title: All
    items:
      - {id: build, title: Build, check: command, with: {run: "python3 say.py || echo $API_TOKEN | base32 | base64"}}
      - {id: tests, title: Tests, check: junit, with: {paths: [junit.xml]}}
      - {id: env, title: Variables, check: env, with: {files: [.env], required: [API_TOKEN]}}
"""


@pytest.mark.parametrize("secret", SECRETS, ids=["signs", "quotes", "word"])
def test_no_attestation_and_nothing_that_goes_to_another_job_tells_a_secret(tmp_path: Path, secret: str) -> None:
    root, out = tmp_path / "project", tmp_path / "out"
    root.mkdir()
    name = html.escape(f"test_login[token={secret}]")
    for path, text in {
        "readiness.yaml": TWO_JOBS,
        "say.py": SAY,
        "junit.xml": f'<testsuite tests="1"><testcase classname="t" name="{name}" time="1"/></testsuite>',
        ".env": f"API_TOKEN={json.dumps(secret, ensure_ascii=False)}\n",
        ".gitignore": ".env\njunit.xml\n",
    }.items():
        (root / path).write_text(text, encoding="utf-8")
    commit_all(root)
    env = {"API_TOKEN": secret}
    attested = ("--key", str(private()), "--attest")
    told = {
        " ".join(args[:2]): readiness(*args, cwd=root, env=env).stderr
        for args in (
            ("check", "-o", str(out / "r.json"), *attested, str(out / "checked.intoto.json")),
            ("collect", "-o", str(out / "bundle")),
            ("judge", str(out / "bundle"), "-o", str(out / "judged.json"), *attested, str(out / "judged.intoto.json")),
        )
    }
    files = [path for path in out.rglob("*") if path.is_file()]
    assert {"checked.intoto.json", "judged.intoto.json", "manifest.json"} <= {path.name for path in files}, told
    told |= {path.relative_to(out).as_posix(): path.read_text("utf-8", "replace") for path in files}
    payloads = [json.loads(text) for name, text in told.items() if name.endswith(".intoto.json")]
    told |= {f"payload {n}": base64.b64decode(one["payload"]).decode() for n, one in enumerate(payloads)}
    finder = Finder([secret])
    assert {name: text[start - 40 : end] for name, text in told.items() for start, end in finder.places(text)} == {}
    assert {name for name, text in told.items() for one in spellings(secret) if one in text} == set()
