"""`make test-shifted`: runs the tests under clocks that are ahead, so that none is bound to the date of its writing.

The program, its tests and the tools that they start see another date. File dates are those of the real clock, as the
kernel gives them, unless a test dates a file itself; and the monotonic clock, which measures time-outs, stays as it is.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHIFTS = ("+37d", "+400d")
"""Past the end of a month and of what was signed for 30 days; past the end of a year."""
_ROOT = Path(__file__).resolve().parents[1]
_DEFAULT = ("-n", "auto", "--dist", "worksteal", "tests")


def main(arguments: list[str]) -> int:
    """Run the tests under each clock.

    Args:
        arguments: For pytest, in place of the whole suite.
    """
    if shutil.which("faketime") is None:
        required = os.environ.get("CI") == "true"
        sys.stderr.write(f"{'error' if required else 'skipped'}: faketime is not installed: apt-get install faketime\n")
        return int(required)
    environ = {**os.environ, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
    failed = []
    for shift in SHIFTS:
        sys.stderr.write(f"the clock is {shift} ahead\n")
        command = ["faketime", "-f", shift, sys.executable, "-m", "pytest", *(arguments or _DEFAULT)]
        if subprocess.run(command, check=False, cwd=_ROOT, env=environ).returncode:
            failed.append(shift)
    if failed:
        sys.stderr.write(f"error: the tests fail under a clock that is {' and '.join(failed)} ahead\n")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
