"""The published schemas accept what the loader accepts, and show an editor what it refuses."""

from typing import Any, Literal

import pytest
from jsonschema import Draft7Validator

from readiness.loading.compose import compose
from readiness.loading.file import ChecklistFile
from readiness.loading.nodes import data
from readiness.loading.schema import Converter, checklist_schema, report_schema
from readiness.outcome import Outcome, Status
from readiness.report import Report, Subject, Tool, Verdict, VerdictWord
from support.checklists import Loader, with_items

THE_EXAMPLE = """\
version: 1
project: deedpro
environments:
  staging: {api: "https://127.0.0.1:8443", minimum: 95}
roles: {legal: [counsel@example.com]}
services:
  api: {run: "python serve.py --port 8443", ready: "${api}/health", timeout: 30}
sections:
  - title: Code quality & testing
    items:
      - {id: unit-tests, title: Tests pass, check: plain}
      - id: coverage
        title: ">95% test coverage across frontend and backend"
        check: measured
        severity: blocker      # blocker (default) | warning | info
        phase: pre-deploy      # any word; --phase selects
        owner: qa
        controls: ["SOC2:CC8.1"]
        needs: [unit-tests]
        timeout: 120
        with:
          sources:
            - {path: backend/coverage.json, metric: lines, minimum: 95}
            - {path: frontend/coverage/lcov.info, metric: lines, minimum: "${minimum}"}
"""


@pytest.fixture
def validator(loader: Loader) -> Draft7Validator:
    schema = checklist_schema(loader.host)
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def parsed(loader: Loader, content: str) -> Any:
    loader.path.write_text(content)
    return data(compose(ChecklistFile(loader.path)))


def test_the_example_is_valid_and_loads(loader: Loader, validator: Draft7Validator) -> None:
    assert list(validator.iter_errors(parsed(loader, THE_EXAMPLE))) == []
    assert loader.load(THE_EXAMPLE).environment == "staging"


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("severity: blocker", "severty: blocker"),
        ("severity: blocker", "severity: Blocker"),
        ("timeout: 120", 'timeout: "120"'),
        ("timeout: 120", "timeout: ${minimum}"),
        ("check: measured", "check: mesured"),
        ("check: plain", "check: measured"),
        ("metric: lines, minimum: 95", "metric: line, minimum: 95"),
        ("metric: lines, minimum: 95", 'metric: lines, minimum: "95"'),
        ("metric: lines, minimum: 95", "metric: lines"),
        ("metric: lines, minimum: 95", "metric: lines, minimum: 95, more: 1"),
        ("version: 1", "version: 2"),
        ("project: deedpro", "project: deed pro"),
        ("project: deedpro", "project: deedpro\nsource: x"),
        ("project: deedpro", "project: deedpro\nroot: /"),
        ("project: deedpro", "project: deedpro\nrelease: 3.0"),
        ("staging:", "'stag ing':"),
        ("[counsel@example.com]", "counsel@example.com"),
        ("run: ", "rum: "),
        ("needs: [unit-tests]", "needs: unit-tests"),
        ("owner: qa", "source: {file: x, line: 1, column: 1}"),
    ],
)
def test_what_the_loader_refuses_the_schema_refuses(
    loader: Loader, validator: Draft7Validator, good: str, bad: str
) -> None:
    broken = THE_EXAMPLE.replace(good, bad, 1)
    assert broken != THE_EXAMPLE
    assert loader.refused(broken).diagnostics
    assert not validator.is_valid(parsed(loader, broken))


@pytest.mark.parametrize(
    "written",
    [
        "{check: plain, with: }",
        "{check: plain}",
        "{check: plain, with: {note: '${x}'}}",
        "{check: broken, with: {any: thing}}",
        "{check: broken}",
        "{check: measured, with: {sources: [], strict: '${x}', level: '${x}', max_age: '${x}d', labels: {a: '${x}'}}}",
        "{check: measured, with: {sources: [], ignore: [a, {name: a, reason: b}]}}",
        "{check: measured, with: {sources: [], max_age: null}}",
    ],
)
def test_items_that_are_right_are_valid(loader: Loader, validator: Draft7Validator, written: str) -> None:
    content = with_items(f"- {written.replace('{', '{id: a, title: A, ', 1)}\n")
    assert [error.message for error in validator.iter_errors(parsed(loader, content))] == []


def test_parameters_are_keyed_on_the_check_and_documented(loader: Loader) -> None:
    schema = checklist_schema(loader.host)
    item = schema["definitions"]["Item"]
    names = item["properties"]["check"]["enum"]
    summaries = dict(zip(names, item["properties"]["check"]["enumDescriptions"], strict=True))
    assert summaries["measured"] == "Every source reaches its minimum."
    assert summaries["broken"] == ""
    assert schema["definitions"]["check.measured"]["description"] == "Every source reaches its minimum."
    assert schema["definitions"]["check.measured.Source"]["properties"]["minimum"]["description"] == (
        "Lowest share that is enough, in percent."
    )
    assert "check.broken" not in schema["definitions"]
    keyed = {condition["if"]["properties"]["check"]["const"] for condition in item["allOf"]}
    assert {"measured", "plain"} <= keyed
    assert "broken" not in keyed


def test_only_the_checks_that_are_given_are_in_it(loader: Loader) -> None:
    schema = checklist_schema(loader.host, {})
    Draft7Validator.check_schema(schema)
    assert schema["definitions"]["Item"]["properties"]["check"]["enum"] == []


def test_newer_words_are_turned_into_those_of_draft_7() -> None:
    definitions: dict[str, Any] = {}
    converted = Converter(definitions).convert(
        {
            "$defs": {"A/B": {"type": "string", "title": "Noise"}},
            "properties": {
                "title": {"$ref": "#/$defs/A/B", "default": {"title": "kept"}},
                "pair": {"prefixItems": [{"type": "string"}, {"$ref": "#/$defs/C"}], "items": False, "type": "array"},
            },
            "dependentRequired": {"a": ["b"]},
            "dependentSchemas": {"b": {"required": ["c"]}},
            "discriminator": {"propertyName": "x"},
        },
        "x.",
    )
    assert definitions == {"x.A/B": {"type": "string"}}
    assert converted == {
        "properties": {
            "title": {"allOf": [{"$ref": "#/definitions/x.B"}], "default": {"title": "kept"}},
            "pair": {
                "type": "array",
                "items": [{"type": "string"}, {"$ref": "#/definitions/x.C"}],
                "additionalItems": False,
            },
        },
        "dependencies": {"a": ["b"], "b": {"required": ["c"]}},
    }


@pytest.mark.parametrize(
    ("kinds", "right", "wrong"),
    [
        (["integer", "null"], [1, None, "${x}"], ["1", "x"]),
        (["array", "boolean"], [[], True, "${x}"], ["yes"]),
        (["string", "number"], ["1", 1, "${x}"], [None]),
        (["object", "null"], [{}, None], [1]),
    ],
)
def test_a_list_of_types_takes_a_reference_where_one_of_them_does(
    kinds: list[str], right: list[Any], wrong: list[Any]
) -> None:
    definitions: dict[str, Any] = {"reference": {"type": "string", "pattern": r"^\$\{[a-z]+\}$"}}
    parameter = Converter(definitions, references=True).convert({"properties": {"a": {"type": kinds}}}, "x.")
    validator = Draft7Validator({**parameter, "definitions": definitions})
    assert [value for value in right if not validator.is_valid({"a": value})] == []
    assert [value for value in wrong if validator.is_valid({"a": value})] == []


def report(status: Literal["passed", "failed"]) -> dict[str, Any]:
    from datetime import UTC, datetime

    from readiness.checklist import Item
    from readiness.report import Result

    outcome = Outcome(status=Status(status), summary="it is so", examined=1)
    result = Result(item=Item(id="a", title="A", check="plain"), section="All", outcome=outcome)
    made = Report(
        tool=Tool(version="1"),
        subject=Subject(project="p"),
        started_at=datetime(2026, 11, 23, tzinfo=UTC),
        duration=1.5,
        verdict=Verdict(word=VerdictWord.GO, reason="all passed", counts={Status.PASSED: 1}),
        sections=("All",),
        results=(result,),
    )
    dumped: dict[str, Any] = made.model_dump(mode="json", by_alias=True)
    return dumped


def test_a_report_is_valid_by_its_schema_and_a_broken_one_is_not() -> None:
    schema = report_schema()
    Draft7Validator.check_schema(schema)
    validator = Draft7Validator(schema)
    assert [error.message for error in validator.iter_errors(report("passed"))] == []
    broken = report("failed")
    broken["results"][0]["outcome"]["status"] = "fine"
    assert not validator.is_valid(broken)
    assert not validator.is_valid({**report("passed"), "more": 1})
    assert not validator.is_valid({})
