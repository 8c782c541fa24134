"""Start the service: `python serve.py --port 8443`."""

import argparse
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "backend"))

from deedpro.service import server  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--certs", type=Path, default=ROOT / "certs")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with server(arguments.port, arguments.certs / "server.pem", arguments.certs / "server.key", ":memory:") as httpd:
        httpd.serve_forever()


if __name__ == "__main__":
    main()
