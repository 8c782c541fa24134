"""The service over a real connection (TLS is judged by the checklist, not here)."""

import json
import threading
from http.client import HTTPConnection
from http.server import ThreadingHTTPServer

import pytest
from deedpro.service import Handler


@pytest.fixture
def connection(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "right")
    monkeypatch.setenv("TITLEPOINT_API_KEY", "also-right")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        client = HTTPConnection("127.0.0.1", httpd.server_port, timeout=10)
        yield client
        client.close()
        httpd.shutdown()
        thread.join()


def get(connection, path, **headers):
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read().decode()


def test_health(connection):
    answer, body = get(connection, "/health")
    assert answer.status == 200
    assert json.loads(body)["database"]["status"] == "healthy"


def test_health_without_database(connection, monkeypatch):
    monkeypatch.setattr(Handler, "database", "/nowhere/at/all.db")
    answer, body = get(connection, "/health")
    assert answer.status == 503
    assert json.loads(body)["status"] == "unhealthy"


def test_health_without_templates(connection, monkeypatch, tmp_path):
    monkeypatch.setattr("deedpro.health.TEMPLATES", tmp_path)
    assert get(connection, "/health")[0].status == 503


def test_metrics(connection):
    assert "wizard_requests_total" in get(connection, "/metrics")[1]


def test_pages(connection):
    assert get(connection, "/")[0].status == 200
    assert "immutable" in get(connection, "/static/wizard.js")[0].headers["Cache-Control"]
    assert get(connection, "/nothing")[0].status == 404


def test_sandbox_asks_for_the_key(connection):
    assert get(connection, "/sandbox/openai/v1/models")[0].status == 401
    assert get(connection, "/sandbox/openai/v1/models", Authorization="Bearer right")[0].status == 200
    assert get(connection, "/sandbox/titlepoint/v1/ping", Authorization="Bearer also-right")[0].status == 200


def test_documents(connection):
    deed = {"type": "grant_deed", "grantor": "A", "grantee": "B", "county": "Orange", "legal_description": "Lot 1"}
    connection.request("POST", "/api/documents", json.dumps(deed))
    answer = connection.getresponse()
    assert answer.status == 200
    assert "Lot 1" in answer.read().decode()
    connection.request("POST", "/api/documents", "{}")
    answer = connection.getresponse()
    assert answer.status == 422
    answer.read()
    connection.request("POST", "/elsewhere", "{}")
    assert connection.getresponse().status == 404
