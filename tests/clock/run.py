"""`make test-shifted`: runs the tests under clocks that are ahead, so that none is bound to the date of its writing.

The program, its tests and the tools that they start live on a machine whose clock is ahead, the dates of files included
(see `ahead.c`, and docs/decisions/0020 for why this is not libfaketime).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DAYS = (37, 400)
"""Past the end of a month and of what is signed for 30 days; past the end of a year."""
_DAY = 86_400
_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]


def main(arguments: list[str]) -> int:
    """Run the tests under each clock.

    Args:
        arguments: For pytest.
    """
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        required = os.environ.get("CI") == "true"
        sys.stderr.write(f"{'error' if required else 'skipped'}: to shift the clock takes Linux and a C compiler\n")
        return int(required)
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "ahead.so"
        subprocess.run(
            [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(_HERE / "ahead.c"), "-ldl"], check=True
        )
        for days in DAYS:
            sys.stderr.write(f"the clock is {days} days ahead\n")
            environ = {**os.environ, "LD_PRELOAD": str(library), "CLOCK_AHEAD": str(days * _DAY)}
            command = [sys.executable, "-m", "pytest", *arguments]
            if subprocess.run(command, check=False, cwd=_ROOT, env=environ).returncode:
                failed.append(str(days))
    if failed:
        sys.stderr.write(f"error: the tests fail under a clock that is {' and '.join(failed)} days ahead\n")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
