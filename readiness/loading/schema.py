"""Writes the JSON Schemas (draft-07) of the checklist file, for editors, and of the report, for its readers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from readiness.checklist import Checklist, Item
from readiness.loading.draft7 import REFERENCE, Converter, pointer
from readiness.loading.structure import SET_BY_LOADER
from readiness.plugins import Description, PluginError, PluginHost, installed
from readiness.report import Plugin

if TYPE_CHECKING:
    from pydantic import BaseModel

DRAFT = "http://json-schema.org/draft-07/schema#"
_SERVICE = "Service"


def checklist_schema(host: PluginHost, plugins: Mapping[str, Plugin] | None = None) -> dict[str, Any]:
    """The schema of a checklist file with the parameters of checks.

    A check that cannot be described keeps its name in the schema, without parameters.

    Args:
        host: Describes the checks.
        plugins: Checks by name; those that are installed when not given.
    """
    plugins = installed("readiness.checks") if plugins is None else plugins
    source = Checklist.model_json_schema(by_alias=True)
    definitions: dict[str, Any] = {
        REFERENCE: {
            "type": "string",
            "pattern": r"\$\{[A-Za-z0-9][A-Za-z0-9._-]{0,99}\}",
            "description": "A value of the chosen environment, written `${name}`.",
        }
    }
    services = source["$defs"].pop(_SERVICE)
    document = Converter(definitions).convert(source)
    definitions[_SERVICE] = Converter(definitions, references=True).convert(services)
    item = definitions["Item"]
    _remove(document, Checklist)
    _remove(item, Item)
    definitions.pop("Source", None)
    descriptions = {name: _describe(host, plugin) for name, plugin in plugins.items()}
    _add_checks(item, definitions, descriptions)
    return {"$schema": DRAFT, "$id": "urn:readiness:checklist:v1", **document, "definitions": definitions}


def report_schema() -> dict[str, Any]:
    """The schema of a report as it is written to JSON."""
    from readiness.report import Report

    definitions: dict[str, Any] = {}
    document = Converter(definitions).convert(Report.model_json_schema(mode="serialization"))
    return {"$schema": DRAFT, "$id": "urn:readiness:report:v1", **document, "definitions": definitions}


def _describe(host: PluginHost, plugin: Plugin) -> Description | None:
    try:
        return host.describe(plugin)
    except PluginError:
        return None


def _remove(schema: dict[str, Any], model: "type[BaseModel]") -> None:
    for name in SET_BY_LOADER[model]:
        schema["properties"].pop(name, None)


def _add_checks(
    item: dict[str, Any], definitions: dict[str, Any], descriptions: Mapping[str, Description | None]
) -> None:
    properties = item["properties"]
    properties["check"] |= {
        "enum": list(descriptions),
        "enumDescriptions": [text.summary if text else "" for text in descriptions.values()],
    }
    properties["with"]["type"] = ["object", "null"]
    properties["with"].pop("additionalProperties", None)
    conditions = []
    for name, text in descriptions.items():
        if text is None:
            continue
        parameters = Converter(definitions, references=True).convert(text.parameters, f"check.{name}.")
        parameters |= {"type": ["object", "null"], "description": text.summary}
        definitions[f"check.{name}"] = parameters
        then: dict[str, Any] = {"properties": {"with": {"$ref": f"#/definitions/{pointer(f'check.{name}')}"}}}
        if parameters.get("required"):
            then["required"] = ["with"]
            parameters["type"] = "object"
        conditions.append({"if": {"properties": {"check": {"const": name}}, "required": ["check"]}, "then": then})
    if conditions:
        item["allOf"] = conditions
