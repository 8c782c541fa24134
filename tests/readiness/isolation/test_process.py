"""The process that judges is closed to others; each in a process of its own, for that cannot be taken back."""

import subprocess
import sys

import pytest

from readiness.isolation.process import PASSPHRASE

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="what /proc shows, and prctl(2), are Linux's own")


def python(program: str, **env: str) -> str:
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=False, env=env or None
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@LINUX
def test_a_secret_that_was_taken_is_in_no_environment_any_more() -> None:
    program = (
        "import os\n"
        "from readiness.isolation.process import take_secret\n"
        f"value = take_secret({PASSPHRASE!r})\n"
        f"seen = open('/proc/self/environ', 'rb').read()\n"
        f"print(value, {PASSPHRASE!r} in os.environ, value.encode() in seen, b'KEPT=other' in seen)\n"
    )
    assert python(program, **{PASSPHRASE: "correct horse", "KEPT": "other"}) == "correct horse False False True"


def test_a_secret_that_is_not_set_is_empty() -> None:
    assert (
        python(f"from readiness.isolation.process import take_secret; print([take_secret({PASSPHRASE!r})])") == "['']"
    )


@LINUX
def test_the_memory_is_closed() -> None:
    program = (
        "import ctypes\n"
        "from readiness.isolation.process import close_memory\n"
        "asked = lambda: ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)\n"
        "print(asked(), close_memory(), asked())\n"
    )
    assert python(program) == "1 True 0"


@LINUX
def test_what_has_left_its_parents_is_ended() -> None:
    program = (
        "import subprocess\n"
        "from readiness.isolation.process import adopt_orphans, end_descendants\n"
        "adopt_orphans()\n"
        "orphan = int(subprocess.check_output(['sh', '-c', 'env -i setsid sleep 60 >/dev/null 2>&1 & echo $!']))\n"
        "import os, psutil\n"
        "print(psutil.Process(orphan).ppid() == os.getpid(), end_descendants(), psutil.pid_exists(orphan))\n"
    )
    assert python(program) == "True True False"


@LINUX
def test_what_was_there_before_is_left_alone() -> None:
    program = (
        "import subprocess\n"
        "from readiness.isolation.process import children, end_descendants\n"
        "before = subprocess.Popen(['sleep', '60'])\n"
        "spare = children()\n"
        "after = subprocess.Popen(['sleep', '60'])\n"
        "import psutil\n"
        "print(spare == {before.pid}, end_descendants(spare), *map(psutil.pid_exists, (before.pid, after.pid)))\n"
        "before.kill()\n"
    )
    assert python(program) == "True True True False"


def test_children_are_ended_where_the_system_has_no_waitid() -> None:
    program = (
        "import os, subprocess\n"
        "vars(os).pop('waitid', None)  # as on macOS before Python 3.13\n"
        "from readiness.isolation.process import end_descendants, has_children\n"
        "before = has_children()\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        "print(before, has_children(), end_descendants(), has_children())\n"
    )
    assert python(program) == "False True True False"
