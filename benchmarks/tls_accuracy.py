"""Shows a zoo of TLS servers to the check `tls`, and compares it with sslyze.

    python benchmarks/tls_accuracy.py [--sslyze COMMAND]

49 chains of certificates, 9 settings of versions, 12 settings of suites and 16 servers that misbehave. With COMMAND
(sslyze in an environment of its own: it is AGPL and no dependency) its answers about versions and suites are compared,
and the time that both take for certificates, versions and suites of the same servers.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from tls_zoo import Exhibit, Zoo, servers

from readiness.checklist import Item
from readiness.outcome import Level, Outcome
from readiness.testing import context, evaluate
from readiness_checks.tls import Tls, suites
from readiness_checks.tls.hello import Version
from readiness_checks.tls.suites import Weakness


def judged(zoo: Zoo, exhibit: Exhibit, host: str) -> Outcome:
    """What the check says of a server."""
    item = Item(id="tls", title="TLS", check="tls", timeout=20)
    params = {"ca_file": str(zoo.authority.ca_file)} if exhibit.private else {}
    return evaluate(
        Tls, zoo.folder, using=context(zoo.folder, now=datetime.now(UTC), item=item), hosts=[host], **params
    )


def is_right(outcome: Outcome, exhibit: Exhibit) -> bool:
    """Whether it is what has to be said."""
    if "error" in exhibit.right:
        return outcome.status == "error"
    errors = {finding.rule for finding in outcome.findings if finding.level is Level.ERROR}
    return errors == exhibit.right and (outcome.status == "failed") is bool(errors)


def main() -> None:
    """Visit the zoo."""
    parser = argparse.ArgumentParser(description="Shows a zoo of TLS servers to the check `tls`.")
    parser.add_argument("--sslyze")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        zoo = Zoo(Path(made))
        for title in ("chains", "versions", "suites", "misbehaving"):
            exhibits = list(getattr(zoo, title)())
            print(f"{title}: {sum([visit(zoo, each) for each in exhibits])} of {len(exhibits)} right")
        if asked.sslyze:
            _compare(zoo, asked.sslyze)


def visit(zoo: Zoo, exhibit: Exhibit) -> bool:
    """Whether the check says of a server what is right; what it says else is printed."""
    if exhibit.handle is None:
        outcome = judged(zoo, exhibit, f"{exhibit.host}:{servers.free_port()}")
    else:
        with servers.listen(exhibit.handle) as running:
            outcome = judged(zoo, exhibit, f"{exhibit.host}:{running.port}")
    right = is_right(outcome, exhibit)
    if not right:
        print(f"    {exhibit.name}: {outcome.status}, {[each.rule for each in outcome.findings]}; {outcome.summary}")
    return right


def _compare(zoo: Zoo, command: str) -> None:
    """Ask sslyze about the same servers: versions, weaknesses of suites, and the time that both took."""
    same = ours = theirs = 0.0
    exhibits = [*zoo.versions(), *zoo.suites()]
    for exhibit in exhibits:
        assert exhibit.handle is not None
        with servers.listen(exhibit.handle) as running:
            begun = time.perf_counter()
            outcome = judged(zoo, exhibit, running.host)
            ours += time.perf_counter() - begun
            begun = time.perf_counter()
            accepted = _sslyze(command, running.host)
            theirs += time.perf_counter() - begun
        found = {finding.rule for finding in outcome.findings} & {weakness.rule for weakness in Weakness}
        found |= {version.text for version in Version if f"{version.text} offered" in outcome.evidence[0].excerpt}
        same += found == accepted
        if found != accepted:
            print(f"    {exhibit.name}: {found} here, {accepted} by sslyze")
    faster = f"{ours:.2f} s here, {theirs:.2f} s there: {theirs / ours:.1f} times"
    print(f"the same as sslyze: {same:.0f} of {len(exhibits)}; {faster}")


def _sslyze(command: str, host: str) -> set[str]:
    """Versions that sslyze saw accepted, and the rules of the weaknesses of their suites."""
    asked = ["--certinfo", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2"]
    with tempfile.NamedTemporaryFile(suffix=".json") as written:
        subprocess.run([command, *asked, "--json_out", written.name, host], check=False, capture_output=True)
        (server,) = json.loads(Path(written.name).read_text())["server_scan_results"]
    found = set[str]()
    for version in Version:
        result = (server["scan_result"] or {}).get(f"{version.name.lower()}_cipher_suites") or {}
        accepted = (result.get("result") or {}).get("accepted_cipher_suites") or []
        names = {each["cipher_suite"]["name"] for each in accepted}
        found |= {version.text} if names else set()
        found |= {
            weakness.rule for weakness in Weakness for suite in suites.numbers(weakness) if suites.name(suite) in names
        }
    return found


if __name__ == "__main__":
    main()
