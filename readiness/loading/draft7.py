"""Turns the JSON Schema that pydantic writes (draft 2020-12) into draft-07, which editors understand."""

import re
from collections.abc import Mapping
from typing import Any

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
