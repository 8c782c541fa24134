"""Measure the 95th percentile of document generation and hold it against the target of the deployment guide."""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

from deedpro.documents import generate  # noqa: E402

TARGET_MS = 5000
DEED = {"type": "grant_deed", "grantor": "A", "grantee": "B", "county": "Orange", "legal_description": "Lot 1"}


def main() -> int:
    times = []
    for _ in range(50):
        started = time.perf_counter()
        generate(DEED)
        times.append((time.perf_counter() - started) * 1000)
    p95 = statistics.quantiles(times, n=20)[18]
    print(f"document generation: p95 {p95:.1f} ms over {len(times)} documents, target below {TARGET_MS} ms")
    return 0 if p95 < TARGET_MS else 1


if __name__ == "__main__":
    sys.exit(main())
