"""Writes the JSON Schemas (draft-07) of the checklist file, for editors, and of the report, for its readers."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from readiness.checklist import Checklist, Item
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


_ONE = frozenset(("items", "additionalProperties", "additionalItems", "contains", "propertyNames", "not", "if", "then",
                  "else"))  # fmt: skip
_MANY = frozenset(("anyOf", "allOf", "oneOf"))
_NAMED = frozenset(("properties", "patternProperties", "dependentSchemas"))
_DROPPED = frozenset(("title", "discriminator", "unevaluatedProperties", "unevaluatedItems", "$defs", "minContains",
                      "maxContains"))  # fmt: skip
"""No counterpart in draft-07; each only restricts. Titles are pydantic's, and only repeat the name of the field."""
REFERENCE = "reference"
"""Name of the definition of a text that holds `${name}`."""


class Converter:
    """Converts schemas into one document.

    Args:
        definitions: Definitions of the document; those of each schema are added.
        references: Whether `${name}` is allowed wherever a scalar is wanted that is not any text.
    """

    def __init__(self, definitions: dict[str, Any], *, references: bool = False) -> None:
        self._definitions, self._references = definitions, references
        self._prefix = ""

    def convert(self, schema: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
        """Convert a schema; its definitions go to the document, their names after a prefix."""
        self._prefix = prefix
        for name, definition in schema.get("$defs", {}).items():
            self._definitions[prefix + name] = self._schema(definition)
        converted = self._schema(schema)
        return converted if isinstance(converted, dict) else {}

    def _schema(self, schema: Any) -> Any:
        if not isinstance(schema, Mapping):
            return schema
        converted: dict[str, Any] = {}
        for key, value in schema.items():
            if key not in _DROPPED:
                self._keyword(converted, key, value)
        if "prefixItems" in schema:
            converted["items"] = [self._schema(one) for one in schema["prefixItems"]]
            if "items" in schema:
                converted["additionalItems"] = self._schema(schema["items"])
        if "patternProperties" in converted:  # pydantic refuses names that match none, and does not write so
            converted.setdefault("additionalProperties", False)
        if "$ref" in converted and len(converted) > 1:  # draft-07 ignores whatever stands beside a `$ref`
            converted = {"allOf": [{"$ref": converted.pop("$ref")}], **converted}
        return self._or_reference(converted) if self._references else converted

    def _keyword(self, converted: dict[str, Any], key: str, value: Any) -> None:
        if key == "$ref":
            converted[key] = f"#/definitions/{pointer(self._prefix + str(value).rsplit('/', 1)[-1])}"
        elif key in _ONE:
            converted[key] = self._schema(value)
        elif key in _MANY:
            converted[key] = [self._schema(one) for one in value]
        elif key in _NAMED:
            name = "dependencies" if key == "dependentSchemas" else key
            converted.setdefault(name, {}).update({one: self._schema(inner) for one, inner in value.items()})
        elif key == "dependentRequired":
            converted.setdefault("dependencies", {}).update(value)
        elif key == "description":
            converted[key] = re.sub(r"(?<!\n)\n(?!\n)", " ", value)
        elif key != "prefixItems":
            converted[key] = value

    @staticmethod
    def _or_reference(schema: dict[str, Any]) -> dict[str, Any]:
        """Allow a reference beside the scalar that is wanted; any text allows it anyway."""
        kind = schema.get("type", ())
        kinds = {kind} if isinstance(kind, str) else set(kind)  # JSON Schema allows one type, or a list of them
        number = not kinds.isdisjoint(("integer", "number", "boolean")) and "string" not in kinds
        scalar = number or "enum" in schema or "const" in schema
        narrow = "string" in kinds and schema.keys() & {"pattern", "format", "minLength", "maxLength"}
        if not (scalar or narrow):
            return schema
        outside: dict[str, Any] = {
            key: schema.pop(key) for key in ("description", "default", "examples") if key in schema
        }
        return {"anyOf": [schema, {"$ref": f"#/definitions/{REFERENCE}"}], **outside}


def pointer(name: str) -> str:
    """A name as a step of a JSON pointer in a URI fragment (RFC 6901 §6)."""
    from urllib.parse import quote

    return quote(name.replace("~", "~0").replace("/", "~1"), safe="~")
