"""One server as it is run in production: TLS and headers of nginx, judged end to end."""

import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from readiness.outcome import Level
from readiness.testing import context, evaluate
from readiness_checks.headers import Headers
from readiness_checks.health import Health
from readiness_checks.tls import Tls
from support import servers
from support.certificates import Authority, issue
from support.system import need

CONFIGURATION = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr warn;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{plain};
    return 301 https://127.0.0.1:{port}$request_uri;
  }}
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {pem}; ssl_certificate_key {pem};
    ssl_protocols {protocols}; ssl_ciphers {ciphers};
    add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;
    add_header X-Content-Type-Options nosniff always;
    add_header Referrer-Policy no-referrer always;
    add_header Content-Security-Policy "script-src 'nonce-$request_id' 'strict-dynamic'; {csp}" always;
    location = /health {{ default_type application/json; return 200 '{{"status": "UP", "db": {{"status": "UP"}}}}'; }}
    location / {{ default_type text/html; return 200 '<!doctype html><title>Example</title>'; }}
  }}
}}
"""


class Nginx:
    """A running nginx."""

    def __init__(self, folder: Path, protocols: str, ciphers: str) -> None:
        self.authority = Authority.make(folder)
        self.port, self.plain = servers.free_port(), servers.free_port()
        self.pem = self.authority.chain(folder, issue("localhost", self.authority.intermediate))
        self.file = folder / "nginx.conf"
        self.file.write_text(
            CONFIGURATION.format(
                folder=folder,
                plain=self.plain,
                port=self.port,
                pem=self.pem,
                protocols=protocols,
                ciphers=ciphers,
                csp="default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            )
        )


@pytest.fixture(params=[("TLSv1.2 TLSv1.3", "HIGH"), ("TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", "ALL:@SECLEVEL=0")])
def nginx(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Nginx]:
    program = need("nginx", "/usr/sbin")
    made = Nginx(tmp_path, *request.param)
    command = [program, "-e", "stderr", "-p", str(tmp_path), "-c", str(made.file)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            _wait(made, process)
            yield made
        finally:
            process.terminate()
            process.wait(10)


def _wait(made: Nginx, process: "subprocess.Popen[bytes]") -> None:
    import socket

    for _ in range(200):
        if process.poll() is not None:
            pytest.fail(f"nginx ended: {(process.stderr.read() if process.stderr else b'').decode()}")
        try:
            socket.create_connection(("127.0.0.1", made.port), timeout=5).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("nginx did not start")


def test_nginx_is_judged_as_it_is_configured(tmp_path: Path, nginx: Nginx) -> None:
    ca_file = str(nginx.authority.ca_file)
    using = context(tmp_path, now=datetime.now(UTC))
    tls = evaluate(Tls, tmp_path, using=using, hosts=[f"127.0.0.1:{nginx.port}"], ca_file=ca_file)
    if "SECLEVEL=0" in nginx.file.read_text():
        assert tls.status == "failed"
        rules = ["old-version", "old-version", "no-authentication", "cbc-in-old-version"]
        assert [each.rule for each in tls.findings] == rules
    else:
        assert tls.status == "passed", tls
    headers = evaluate(Headers, tmp_path, using=using, urls=[f"http://127.0.0.1:{nginx.plain}/"], ca_file=ca_file)
    assert headers.status == "passed", headers
    assert {each.rule for each in headers.findings if each.level is not Level.NOTE} == set()
    assert "version-told" in {each.rule for each in headers.findings}
    health = evaluate(
        Health, tmp_path, using=using, url=f"https://localhost:{nginx.port}/health", components=["db"], ca_file=ca_file
    )
    assert health.status == "passed", health
    plain = evaluate(Tls, tmp_path, using=using, hosts=[f"127.0.0.1:{nginx.plain}"])
    assert plain.status == "error"
    assert "it answers in plain HTTP" in plain.summary
