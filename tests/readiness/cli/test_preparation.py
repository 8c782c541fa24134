"""What is loaded before the first command of a checklist runs."""

import subprocess
import sys


def test_a_run_that_compares_nothing_loads_nothing_that_compares_evidence() -> None:
    program = "import sys\nfrom readiness.cli.preparation import rehearse\nrehearse((), compares=False)\n"
    program += "import readiness.policy.request\n"
    program += "print(*sorted(name for name in sys.modules if name.startswith('readiness.')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert {"readiness.policy.weakening", "readiness.attestation.signing", "readiness.verdict"} <= set(loaded)
    asked = ["readiness.evidence", "readiness.evidence.change", "readiness.evidence.progress"]  # what a worker is asked
    assert [name for name in loaded if name.startswith(("readiness.evidence", "readiness.policy.evidence"))] == asked
