"""`make test-shifted`: runs the tests under clocks that are ahead, so that none is bound to the date of its writing.

The program, its tests and the tools that they start live on a machine whose clock is ahead, the dates of files included
(see `ahead.c`, and docs/decisions/0020 for why this is not libfaketime).
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

_DAY = 86_400
_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]


def days_ahead(today: date) -> tuple[int, ...]:
    """How far each clock is ahead.

    Past the end of a month and of what is signed for 30 days; past the end of a year; on the next leap day.
    """
    leap = next(y for y in range(today.year + 1, today.year + 9) if y % 4 == 0 and (y % 100 or y % 400 == 0))
    return 37, 400, (date(leap, 2, 29) - today).days


def main(arguments: list[str]) -> int:
    """Run the tests under each clock.

    Args:
        arguments: For pytest.

    Environment:
        DAYS: How far the clocks are ahead, instead of `days_ahead`.
    """
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        required = os.environ.get("CI") == "true"
        sys.stderr.write(f"{'error' if required else 'skipped'}: to shift the clock takes Linux and a C compiler\n")
        return int(required)
    only = [int(days) for days in os.environ.get("DAYS", "").split()]
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "ahead.so"
        subprocess.run(
            [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(_HERE / "ahead.c"), "-ldl"], check=True
        )
        since = int(time.time()) + 1
        time.sleep(1)
        for days in only or days_ahead(datetime.now(tz=UTC).date()):
            sys.stderr.write(f"the clock is {days} days ahead\n")
            environ = os.environ | {
                "LD_PRELOAD": str(library),
                "CLOCK_AHEAD": str(days * _DAY),
                "CLOCK_SINCE": str(since),
            }
            command = [sys.executable, "-m", "pytest", *arguments]
            if subprocess.run(command, check=False, cwd=_ROOT, env=environ).returncode:
                failed.append(str(days))
    if failed:
        sys.stderr.write(f"error: the tests fail under a clock that is {' and '.join(failed)} days ahead\n")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
