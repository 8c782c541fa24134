"""The memory without which the program does not start; told before anything large is loaded."""

import resource

LEAST = 64 * 10**6
"""Bytes. With 50 MB the libraries that the program loads end it; with 60 MB a small checklist is judged (Linux)."""


def too_little() -> str:
    """Say that this process may take too little memory to start (`ulimit -d`, `ulimit -v`); empty when it may."""
    for letter, limit in (("d", resource.RLIMIT_DATA), ("v", resource.RLIMIT_AS)):
        most = resource.getrlimit(limit)[0]
        if 0 <= most < LEAST:
            return (
                f"a process may take {most // 10**6} MB of memory here (`ulimit -{letter}`), and readiness needs"
                f" {LEAST // 10**6} MB to start"
            )
    return ""
