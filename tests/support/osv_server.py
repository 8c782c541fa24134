"""An OSV query interface on the loopback, so that a real pip-audit asks a real server."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version


@contextmanager
def serve_osv(records: Sequence[dict[str, Any]], *, status: int = 200) -> Iterator[str]:
    """Serve records; gives the address of the query interface."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name, version = query["package"]["name"], Version(query["version"])
            vulns = [record for record in records if _hit(record, name, version)]
            body = json.dumps({"vulns": vulns} if vulns else {}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/query"
        finally:
            server.shutdown()
            thread.join()


def _hit(record: dict[str, Any], name: str, version: Version) -> bool:
    """Decide with specifiers, a way of its own: each pair of events is one `>=a,<b`."""
    for affected in record["affected"]:
        if canonicalize_name(affected["package"]["name"]) != name:
            continue
        if version in {Version(text) for text in affected.get("versions", [])}:
            return True
        for events in (r["events"] for r in affected.get("ranges", []) if r["type"] == "ECOSYSTEM"):
            starts = sorted(Version(e["introduced"]) for e in events if "introduced" in e)
            ends = sorted(Version(e["fixed"]) for e in events if "fixed" in e)
            for start in starts:
                end = next((end for end in ends if end > start), None)
                last = next((e["last_affected"] for e in events if "last_affected" in e), None)
                text = f">={start}" + (f",<{end}" if end else "") + (f",<={last}" if last else "")
                specifier = SpecifierSet(text, prereleases=True)
                if version in specifier:
                    return True
    return False
