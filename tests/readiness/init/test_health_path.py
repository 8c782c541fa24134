"""The path of health comes from the files that deploy the service."""

from pathlib import Path

import pytest

from readiness.init.health_path import health_path
from readiness.init.tree import Tree


@pytest.mark.parametrize(
    ("name", "content", "path"),
    [
        ("render.yaml", "services:\n- type: web\n  healthCheckPath: /up\n", "/up"),
        ("railway.json", '{"deploy": {"healthcheckPath": "/api/ready"}}', "/api/ready"),
        ("railway.toml", '[deploy]\nhealthcheckPath = "/ping"\n', "/ping"),
        ("fly.toml", '[[http_service.checks]]\n  path = "/healthz"\n', "/healthz"),
        ("app.yaml", "readiness_check:\n  timeout_sec: 4\n  path: '/readiness'\n", "/readiness"),
        (
            "k8s/api.yaml",
            "      readinessProbe:\n        httpGet:\n          path: /ready\n          port: 80\n",
            "/ready",
        ),
        ("k8s/api.yaml", "livenessProbe:\n  httpGet:\n    port: http\n    path: /live\n", "/live"),
        (
            "compose.yaml",
            (
                "services:\n  db:\n    image: pg\n    healthcheck: {test: [CMD, pg_ready]}\n  px:\n    image: x\n"
                "    healthcheck: {test: curl http://localhost/nginx_status}\n  api:\n    build: .\n    healthcheck:\n"
                '      test: ["CMD", "curl", "-f", "http://localhost:8000/api/health"]\n'
            ),
            "/api/health",
        ),
        (
            "docker-compose.prod.yml",
            "services:\n  w:\n    build: .\n    healthcheck: {test: 'wget http://[::1]:${PORT:-80}/healthz || f'}\n",
            "/healthz",
        ),
        (
            "docker-compose.yml",
            "services:\n  es:\n    image: x\n    healthcheck: {test: curl http://es/_cluster/health}\n",
            "/_cluster/health",
        ),
        (
            "Dockerfile",
            "FROM x\nHEALTHCHECK --interval=5s \\\n  CMD curl -fsS http://localhost:$PORT/status || exit 1\n",
            "/status",
        ),
        (
            "api/Dockerfile",
            'HEALTHCHECK CMD ["wget", "--spider", "http://[::1]:3000/health/live?full=1"]\n',
            "/health/live?full=1",
        ),
        (
            "Procfile",
            "web: gunicorn app\nrelease: curl --fail http://localhost:8000/internal/health\n",
            "/internal/health",
        ),
        ("Dockerfile", "RUN curl -f https://deb.example.com/setup.sh\nHEALTHCHECK NONE\n", ""),
        ("compose.yaml", "services:\n  api:\n    build: .\n    healthcheck: {test: curl http://localhost:8000/}\n", ""),
        ("compose.yaml", "services: [\n", ""),
        (
            "examples/compose.yaml",
            "services:\n  api:\n    build: .\n    healthcheck: {test: curl http://localhost/x}\n",
            "",
        ),
    ],
)
def test_the_path_is_the_one_that_the_file_names(tmp_path: Path, name: str, content: str, path: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert health_path(Tree(tmp_path)) == path


@pytest.mark.parametrize("last", ["{test: *a40}", "{<<: *m40, test: x}"])
def test_aliases_that_stand_for_a_file_of_any_size_are_no_hang(tmp_path: Path, last: str) -> None:
    lists = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 41)]
    maps = [f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 9)}]}}\n" for n in range(1, 41)]
    start = "a0: &a0 [x]\nm0: &m0 {k: 1}\n"
    (tmp_path / "compose.yaml").write_text(f"{start}{''.join(lists + maps)}services: {{w: {{healthcheck: {last}}}}}\n")
    assert health_path(Tree(tmp_path)) == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "deploy/api.yaml",
            (
                "      livenessProbe:\n        httpGet:\n          path: /livez\n"
                "      readinessProbe:\n        httpGet:\n          path: /readyz\n"
            ),
        ),
        ("fly.toml", '[[checks]]\n  path = "/livez"\n[[checks]]\n  path = "/readyz"\n'),
        ("app.yaml", "liveness_check:\n  path: '/livez'\nreadiness_check:\n  path: '/readyz'\n"),
        ("Dockerfile", "HEALTHCHECK CMD curl -f http://localhost/livez && curl -f http://localhost/readyz\n"),
    ],
)
def test_whether_it_can_serve_comes_before_whether_it_lives(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(content)
    assert health_path(Tree(tmp_path)) == "/readyz"
