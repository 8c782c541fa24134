"""Lets what a run starts write only to some folders: Landlock, a feature of Linux that needs no privileges.

The kernel's documentation describes the calls: docs.kernel.org/userspace-api/landlock.html.
"""

import contextlib
import ctypes
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence

VARIABLE = "READINESS_CONFINED_TO"
"""Environment variable that names the folders, as a JSON list; a process of ours obeys it, and then removes it."""
_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""Numbers of the system calls, the same on every architecture."""
_VERSION = 1
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_WRITES = (_WRITE_FILE | sum(1 << bit for bit in range(4, 13)), 1 << 13, _TRUNCATE)
"""Rights to write, remove and make files, by the version of Landlock that knows them first: 1, 2 and 3."""
_DEVICES = "/dev"


class ConfinementError(Exception):
    """This system cannot confine a process; the text says why."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def available() -> bool:
    """Whether this system can confine a process."""
    return _version() > 0


def confine(folders: Iterable[str]) -> None:
    """Let this process, and all that it starts from now on, write below these folders only, and to devices.

    It cannot gain privileges any more: `sudo` fails.

    Raises:
        ConfinementError: It cannot be done.
    """
    version = _version()
    if version <= 0:
        raise ConfinementError("this system has no Landlock")
    rights = sum(_WRITES[:version])
    libc = ctypes.CDLL(None, use_errno=True)
    rules = _Ruleset(rights)
    handle = libc.syscall(_CREATE, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    if handle < 0:
        raise _failed("no rules can be made")
    try:
        for folder in folders:
            _allow(libc, handle, folder, rights)
        with contextlib.suppress(ConfinementError):
            _allow(libc, handle, f"{_DEVICES}/shm", rights)
        _allow(libc, handle, _DEVICES, rights & (_WRITE_FILE | _TRUNCATE))
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(_RESTRICT, handle, 0):
            raise _failed("the process cannot be restricted")
    finally:
        os.close(handle)


def _version() -> int:
    if sys.platform != "linux":
        return 0
    return int(ctypes.CDLL(None).syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION))


def _allow(libc: ctypes.CDLL, rules: int, folder: str, rights: int) -> None:
    try:
        place = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except OSError as error:
        raise ConfinementError(f"`{folder}` cannot be opened: {error.strerror}") from error
    try:
        beneath = _Beneath(rights, place)
        if libc.syscall(_ADD, rules, _PATH_BENEATH, ctypes.byref(beneath), 0):
            raise _failed(f"`{folder}` cannot be allowed")
    finally:
        os.close(place)


def _failed(what: str) -> ConfinementError:
    return ConfinementError(f"{what}: {os.strerror(ctypes.get_errno())}")


def confine_as_told() -> None:
    """Confine this process as its environment says, and take that out of the environment.

    Raises:
        ConfinementError: It cannot be done; then nothing may run.
    """
    told = os.environ.pop(VARIABLE, "")
    if told:
        confine(json.loads(told))


def told(environ: Mapping[str, str], folders: Sequence[str]) -> dict[str, str]:
    """An environment that tells processes of ours to confine themselves."""
    return {**environ, VARIABLE: json.dumps(list(folders))}


def command(arguments: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """The command that runs another one confined, where the environment says so.

    This file runs as a script, with the standard library alone: no variable can put another module in its place.
    """
    if VARIABLE not in environ:
        return list(arguments)
    return [sys.executable, "-I", "-S", __file__, *arguments]


def main() -> None:
    """Confine this process, then become the command that is named."""
    confine_as_told()
    try:
        os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606  a program and arguments, without a shell
    except OSError as error:
        sys.exit(f"{sys.argv[1]}: {error.strerror}")


if __name__ == "__main__":
    main()
