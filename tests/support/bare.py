"""A place with next to nothing in it: no Python, no git, no network, and no tool of ours."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from support.system import need

TOOLS = ("sh", "ssh-keygen", "sha256sum", "unzip", "sed", "tr")
Shell = Callable[[str], "subprocess.CompletedProcess[str]"]
"""Runs a line of shell in the folder of the place."""


def by_path(folder: Path) -> tuple[Path, Shell]:
    """A folder, and a shell that finds these tools and no others."""
    tools, work = folder / "bin", folder / "work"
    tools.mkdir()
    work.mkdir()
    for tool in TOOLS:
        (tools / tool).symlink_to(need(tool))

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return _run([str(tools / "sh"), "-c", line], {"PATH": str(tools)}, work)

    return work, run


def by_root(folder: Path) -> tuple[Path, Shell]:
    """A folder, and a shell for which the rest of the file system does not exist, nor a network."""
    root, work = folder / "root", folder / "root" / "work"
    for name in ("bin", "etc", "dev", "work"):
        (root / name).mkdir(parents=True)
    for tool in TOOLS:
        program = Path(need(tool))
        shutil.copy(program, root / "bin" / tool)
        for library in _libraries(program):
            place = root / library.relative_to("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, place)
    # ssh-keygen refuses to work for a user who has no name; a file will do where a device cannot be made
    (root / "etc" / "passwd").write_text("root:x:0:0:root:/:/bin/sh\n")
    (root / "dev" / "null").touch()
    apart = [need("unshare"), "--user", "--map-root-user", "--net", need("chroot", "/usr/sbin"), str(root), "/bin/sh"]

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return _run([*apart, "-c", f"cd work && {{ {line}\n}}"], {"PATH": "/bin"}, folder)

    return work, run


def may_unshare() -> bool:
    """Whether this system lets its users make a place of their own."""
    if shutil.which("unshare") is None:
        return False
    args = ["unshare", "--user", "--map-root-user", "--net", "true"]
    return subprocess.run(args, capture_output=True, check=False).returncode == 0


def _libraries(program: Path) -> list[Path]:
    done = subprocess.run(["ldd", program], capture_output=True, text=True, check=True)
    return [Path(found) for found in re.findall(r"(/\S+) \(0x", done.stdout)]


def _run(args: list[str], env: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        args, env=env, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False
    )
