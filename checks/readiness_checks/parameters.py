"""Types of parameters that several checks share: a list written as its only entry, times with their unit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from readiness import duration


@dataclass(frozen=True, eq=False)
class Also:
    """Accepts a further spelling; put it last in an `Annotated`.

    `read` turns the spelling into the usual one and gives back everything else as it is, for the type to judge;
    `schema` is the JSON Schema of the spelling.
    """

    read: Callable[[Any], Any]
    schema: Mapping[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(core), dict(self.schema)]}


def as_list(value: Any) -> Any:
    """Read one text as a list of it."""
    return [value] if isinstance(value, str) else value


class _OneOrMany:
    """Marks a list of texts: one text stands for a list of it."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(as_list, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        many = handler(core)
        return {"anyOf": [many["items"], many]}


ONE_OR_MANY: Final = _OneOrMany()
"""Lets a list of texts be written as its only entry: `paths: results.xml`. Put it last in the `Annotated`."""


def in_milliseconds(value: Any) -> Any:
    """Read `500ms` or `2s`; anything else is given back."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    try:
        if text.endswith("ms"):
            return duration.parse(text.removesuffix("ms") + "s").total_seconds()
        return duration.parse(text).total_seconds() * 1000
    except ValueError:
        return value


Milliseconds = Annotated[
    float,
    Field(gt=0, allow_inf_nan=False),
    Also(in_milliseconds, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?(ms|s|m)$", "examples": ["500ms", "2s"]}),
]
"""A parameter in milliseconds, written `500`, `500ms` or `2s`."""


def in_days(value: Any) -> Any:
    """Read whole days, as in `30d` or `4w`; anything else is given back."""
    if not isinstance(value, str):
        return value
    try:
        days = duration.parse(value.strip()).total_seconds() / 86_400
    except ValueError:
        return value
    return int(days) if days.is_integer() else value
