"""`make fuzz` tries inputs on each reader for a time, and keeps those that show a fault; `fuzz-guided` with atheris."""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from pathlib import Path
from random import Random

from fuzzing.readers import READERS
from fuzzing.trial import fault, inputs, kind

FOUND = Path(__file__).parent / "found"
"""Inputs that showed a fault, one folder for each reader: `test_fuzzing` tries them for ever."""

CORPUS = Path(__file__).parent / "corpus"
"""Inputs that reach different code, found by `fuzz-guided`: a file for each reader, base64, one input a line."""


def corpus(name: str) -> list[bytes]:
    """What fuzzing a reader begins with."""
    samples = [sample.encode() if isinstance(sample, str) else sample for sample in READERS[name].samples]
    kept = CORPUS / f"{name.replace(' ', '-')}.txt"
    return samples + [b64decode(line) for line in (kept.read_text().split() if kept.is_file() else ())]


def fuzz(name: str, seconds: float, seed: int, most: int = sys.maxsize) -> tuple[int, dict[str, bytes]]:
    """Try inputs on one reader.

    Args:
        name: The reader.
        seconds: For how long.
        seed: Of the choice of inputs.
        most: How many at most.

    Returns:
        How many were tried, and the shortest input for each fault.
    """
    faults: dict[str, bytes] = {}
    tried, end = 0, time.monotonic() + seconds
    for data in inputs(corpus(name), Random(seed)):  # noqa: S311  no secret
        if time.monotonic() > end or tried >= most:
            break
        tried += 1
        said = fault(READERS[name], data)
        if said:
            faults[kind(said)] = min(data, faults.get(kind(said), data), key=len)
    return tried, faults


def keep(name: str, data: bytes) -> Path:
    """Write an input that showed a fault of a reader to where `test_fuzzing` finds it."""
    folder = FOUND / name.replace(" ", "-")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / hashlib.sha256(data).hexdigest()[:12]
    path.write_bytes(data)
    return path


def guided(name: str, seconds: float) -> int:
    """Fuzz one reader with atheris, in a process of its own: it does not return. The exit code, 0 unless it crashed."""
    with tempfile.TemporaryDirectory(prefix="readiness-fuzzing-") as folder:
        for number, data in enumerate(corpus(name)):
            Path(folder, str(number)).write_bytes(data)
        limits = (f"-max_total_time={seconds:.0f}", "-max_len=4096", "-timeout=20", "-rss_limit_mb=4000")
        command = [sys.executable, str(Path(__file__).with_name("guided.py")), name, *limits]
        done = subprocess.run([*command, f"-artifact_prefix={FOUND}/", folder], check=False)
        return done.returncode


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """Tell what was tried and found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", nargs="*", choices=[[], *READERS], help="which; all when none is named")
    parser.add_argument("--seconds", type=float, default=60, help="for all of them together")
    parser.add_argument("--guided", action="store_true", help="by the coverage of the code; seconds for each reader")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    asked = parser.parse_args()
    names, bad = asked.readers or list(READERS), 0
    if asked.guided:
        return max(guided(name, asked.seconds) for name in names)
    for name in names:
        tried, faults = fuzz(name, asked.seconds / len(names), asked.seed)
        _say(f"{name}: {tried} inputs, {len(faults)} faults (seed {asked.seed})")
        for data in faults.values():
            bad += 1
            keep(name, data)
            _say(f"  {fault(READERS[name], data)}\n  {data[:200]!r}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
