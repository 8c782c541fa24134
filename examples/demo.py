"""Run the main job on the example application, in a git repository of its own under `.demo/`.

    python examples/demo.py no-go         the application as it is: its faults hold the release
    python examples/demo.py conditional   mended and signed off but for one item, which is waived for a time
    python examples/demo.py go            mended and signed off

Exits 0 when the verdict is the expected one.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent
PYTHON = sys.executable
READINESS = [PYTHON, "-P", "-m", "readiness"]
SIGN_OFFS = [  # item, who signs, what they declare
    ("user-acceptance", "qa@example.com", "The acceptance tests of this persona passed on staging."),
    ("security-audit", "security@example.com", "I audited this code and its packages and found nothing open."),
    ("legal-compliance", "counsel@example.com", "The policies satisfy Californian and federal law."),
    ("accessibility", "accessibility@example.com", "I verified WCAG 2.1 AA with a screen reader and the keyboard."),
    ("templates-reviewed", "counsel@example.com", "I reviewed these templates and approve their use in California."),
    ("data-protection", "privacy@example.com", "The measures that GDPR and CCPA ask for are in place."),
]
WAIVED = "accessibility"
WAIVER = [  # who lets it go for a time, on whose request, and why
    *("--as", "release@example.com", "--requested-by", "accessibility@example.com"),
    *("--reason", "The audit with a screen reader is booked for next week."),
    *("--control", "The automatic checks pass, and support answers by telephone."),
]
IDENTITY = {"user.name": "DeedPro", "user.email": "dev@example.com", "commit.gpgsign": "false"}
PERSONAS = ["escrow officer", "title agent", "attorney"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verdict", choices=["no-go", "conditional", "go"])
    parser.add_argument("--workspace", type=Path, default=EXAMPLES.parent / ".demo")
    arguments = parser.parse_args()
    go = arguments.verdict != "no-go"
    root = arguments.workspace.resolve() / f"deedpro-{arguments.verdict}"
    environment = settings(go=go)
    lay_out(root, environment, go=go)
    keys = arguments.workspace.resolve() / f"keys-{arguments.verdict}"
    name_signers(root, keys)
    if go:
        sign_off(root, keys, environment, leave_out=WAIVED if arguments.verdict == "conditional" else "")
    say(f"$ readiness check --env staging -o report.html -o report.md -o run.json   # in {shown(root)}")
    outputs = [part for name in ("report.html", "report.md", "run.json") for part in ("-o", name)]
    code = subprocess.run(
        [*READINESS, "check", "--env", "staging", *outputs], cwd=root, env=environment, check=False
    ).returncode
    expected = 0 if go else 1
    say(f"\nexit code {code} ({'as expected' if code == expected else f'expected {expected}'})")
    say(f"HTML report: {shown(root / 'report.html')}")
    return 0 if code == expected else 1


def settings(*, go: bool) -> dict[str, str]:
    """The environment of the service and of the checks, with made-up credentials for the sandbox."""
    made_up = {
        "OPENAI_API_KEY": "sk-proj-" + "b7Qz9XvLm2Kp4Rt8Wn6Yc3Hd",
        "TITLEPOINT_API_KEY": "tp_" + "9fK2mQ7xV4bN8zR1wL5c",
        "SENDGRID_API_KEY": "SG." + "u3Vx8Qa1Lk9Zp5Tm7Rw2Yb",
        "JWT_SECRET": "q8Zr2Vn6Xc1Lm9Kt4Wp7Yb3Hd5Fg0JsQ" if go else "your-jwt-secret-key",
        "SENTRY_DSN": "https://3f9a1c7e5b2d4860a1b2c3d4e5f60718@o450123.ingest.us.sentry.io/4507890123",
        "EMAIL_FROM": "documents@deedpro.internal",
        "CORS_ORIGINS": "https://app.deedpro.internal",
        "LOG_LEVEL": "INFO",
    }
    return {**os.environ, **made_up, "PATH": f"{Path(PYTHON).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def lay_out(root: Path, environment: dict[str, str], *, go: bool) -> None:
    """Copy the application into a git repository of its own, with certificates."""
    shutil.rmtree(root, ignore_errors=True)
    leave_out = shutil.ignore_patterns("__pycache__", "certs", "report.*", "run.json", ".coverage", "coverage.json")
    shutil.copytree(EXAMPLES / "deedpro", root, ignore=leave_out)
    checklist = root / "readiness.yaml"  # the checklist says 8443; here it is a port that nobody else uses
    checklist.write_text(checklist.read_text(encoding="utf-8").replace("8443", free_port()), encoding="utf-8")
    for advisory in (root / "audit/osv").glob("*.json"):  # the example has a database of the day on which it is run
        dated = re.sub(
            r'("modified": ")[^"]*', rf"\g<1>{datetime.now(UTC):%Y-%m-%dT00:00:00Z}", advisory.read_text("utf-8")
        )
        advisory.write_text(dated, encoding="utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    for key, value in IDENTITY.items():
        git(root, "config", key, value)
    long_ago = datetime.now(UTC) - timedelta(days=200)
    commit(root, "Begin with the application of the deployment guide", long_ago)
    if go:
        # with dates of their own: git takes a file of the same size and date for unchanged
        shutil.copytree(EXAMPLES / "deedpro-mended", root, dirs_exist_ok=True, copy_function=shutil.copy)
        commit(root, "Mend what held the release")
    days = "90" if go else "12"
    subprocess.run([PYTHON, "tools/make_certs.py", "--days", days], cwd=root, env=environment, check=True)


def name_signers(root: Path, keys: Path) -> None:
    """Make a key for each signer, and name them in the roster."""
    shutil.rmtree(keys, ignore_errors=True)
    keys.mkdir(parents=True, mode=0o700)
    roster = root / ".readiness" / "allowed_signers"
    roster.parent.mkdir(exist_ok=True)
    until = (datetime.now(UTC) + timedelta(days=730)).strftime("%Y%m%dZ")
    lines = []
    for person in sorted({"release@example.com", *(person for _, person, _ in SIGN_OFFS)}):
        key = keys / person.partition("@")[0]
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", person, "-f", key], check=True)
        kind, public, _ = key.with_suffix(".pub").read_text(encoding="utf-8").split(" ", 2)
        lines.append(f'{person} namespaces="signoff@readiness",valid-before="{until}" {kind} {public}\n')
    roster.write_text("".join(lines), encoding="utf-8")
    commit(root, "Name who may sign")


def sign_off(root: Path, keys: Path, environment: dict[str, str], *, leave_out: str) -> None:
    """Sign every item that asks for it; one may be waived instead."""
    for item, person, meaning in SIGN_OFFS:
        if item == leave_out:
            expires = (datetime.now(UTC) + timedelta(days=10)).date().isoformat()
            sign(root, keys, environment, "waive", item, *WAIVER, "--expires", expires)
            continue
        for persona in PERSONAS if item == "user-acceptance" else [""]:
            each = ["--each", persona] if persona else []
            sign(root, keys, environment, "sign", item, "--as", person, "--meaning", meaning, *each)
    commit(root, "Sign off release 3.0.0")


def sign(root: Path, keys: Path, environment: dict[str, str], verb: str, item: str, *options: str) -> None:
    """Let a person sign a record."""
    person = options[options.index("--as") + 1]
    key = str(keys / person.partition("@")[0])
    command = [*READINESS, verb, item, "--env", "staging", "--key", key, "--yes", *options]
    name = person.partition("@")[0].capitalize()
    named = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": name}
    done = subprocess.run(command, cwd=root, env=environment | named, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"error: `{verb} {item}` failed:\n{done.stdout}{done.stderr}")
    persona = f" ({options[-1]})" if "--each" in options else ""
    say(f"{'signed' if verb == 'sign' else 'waived'}  {item}{persona}  by {person}")


def commit(root: Path, message: str, date: datetime | None = None) -> None:
    """Commit everything, as a person without a key or hooks of their own."""
    stamp = {"GIT_AUTHOR_DATE": date.isoformat(), "GIT_COMMITTER_DATE": date.isoformat()} if date else {}
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message, **stamp)


def git(root: Path, *args: str, **environment: str) -> None:
    """Run git, apart from the repository that it may be called from."""
    variables = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | environment
    subprocess.run(["git", *args], cwd=root, env=variables, check=True)


def free_port() -> str:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def shown(path: Path) -> str:
    """A path as short as it can be."""
    return os.path.relpath(path)


def say(text: str) -> None:
    """Print at once, so that lines keep their order beside those of the child processes."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
