"""Validates the shape of a checklist: its keys, their types, what is required."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from readiness.checklist import Checklist, Identifier, Item, Policy, Section, Service, WaiverPolicy
from readiness.loading import problems
from readiness.loading.diagnostics import Speller, quoted
from readiness.loading.file import MISTAKES, ChecklistFile
from readiness.loading.nodes import Map, Node, Scalar, Sequence, data, maps
from readiness.loading.problems import Target
from readiness.loading.references import References
from readiness.plugins import Problem
from readiness.text import is_blank, unseen_place

_LOOKED_AT = 10 * MISTAKES
"""Problems of the validator that are looked at: several can be about one mistake."""
ENVIRONMENTS = 100
"""Environments that a file may define: each is validated."""
SET_BY_LOADER: Mapping[type[BaseModel], frozenset[str]] = {
    Checklist: frozenset(("environment", "source", "sha256", "root")),
    Item: frozenset(("source",)),
}
"""Fields of the model that are no keys of the file."""
_MEANT = {"params": "with", "parameters": "with", "args": "with", "name": "title", "description": "title",
          "depends_on": "needs", "requires": "needs", "level": "severity", "env": "environments"}  # fmt: skip
_LEVELS: Mapping[type[BaseModel], str] = {
    Checklist: "the top level of the file",
    Policy: "`policy`",
    WaiverPolicy: "`waivers` of `policy`",
    Section: "a section",
    Item: "an item",
    Service: "a service",
}
"""What a reader calls the maps of the file, outermost first."""
_SERVICES: TypeAdapter[dict[str, Service]] = TypeAdapter(dict[Identifier, Service])


def keys(model: type[BaseModel]) -> list[str]:
    """The keys that a map of the file may have for a model."""
    hidden = SET_BY_LOADER.get(model, frozenset())
    return [field.alias or name for name, field in model.model_fields.items() if name not in hidden]


def _belongs(key: str, found_in: type[BaseModel]) -> str:
    """Say where a key belongs that was written at another level; empty where no level has it."""
    models = [model for model in _LEVELS if not (found_in is Item and model is Service)]  # `run` is a parameter there
    levels = [_LEVELS[model] for model in models if key in keys(model)]
    if levels:
        return f"`{key}` belongs to {' or '.join(levels)}"
    return "parameters of the check stand under `with`" if found_in is Item else ""


class Shape:
    """The shape of a file: what is there, and what is wrong with it.

    Args:
        file: Where mistakes go.
        root: Its node.

    Raises:
        ChecklistError: It is no map at all.
    """

    def __init__(self, file: ChecklistFile, root: Node) -> None:
        self._file, self._speller = file, Speller()
        if not isinstance(root, Map):
            raise file.fail(root.span, "a checklist is a map with the keys `version`, `project` and `sections`")
        self.root = root

    @property
    def items(self) -> Iterator[Map]:
        """The items, in the order of the file."""
        for section in maps(self.root.get("sections")):
            yield from maps(section.get("items"))

    def outline(self) -> Checklist | None:
        """Validate all but parameters and services; None when it cannot be a checklist."""
        value: Any = data(self.root)
        self._known_keys(self.root, Checklist)
        policy = self.root.get("policy")
        if isinstance(policy, Map):
            self._known_keys(policy, Policy)
            if isinstance(waivers := policy.get("waivers"), Map):
                self._known_keys(waivers, WaiverPolicy)
        for section in maps(self.root.get("sections")):
            self._known_keys(section, Section)
            for item in maps(section.get("items")):
                self._known_keys(item, Item)
        self._places()
        _strip(value)
        target = Target(self.root, value, "", self.root.span, set(), self._speller)
        try:
            return Checklist.model_validate_json(json.dumps(value), strict=True)
        except ValidationError as error:
            self._note(target, error)
            return None

    def services(self, references: References, environment: str) -> dict[str, Service]:
        """Validate the services in an environment; none when something is wrong."""
        node = self.root.get("services")
        if node is None:
            return {}
        entries = node.entries.values() if isinstance(node, Map) else ()
        for entry in entries:
            if isinstance(entry.value, Map):
                self._known_keys(entry.value, Service)
        value = references.resolve(node, environment)
        if isinstance(value, dict):
            for service in value.values():
                _keep(service, keys(Service))
        span = self.root.entries["services"].span
        target = Target(node, value, "`services`", span, references.broken, self._speller)
        try:
            return _SERVICES.validate_json(json.dumps(value), strict=True)
        except ValidationError as error:
            self._note(target, error)
            return {}

    def _note(self, target: Target, error: ValidationError) -> None:
        for mistake in problems.mistakes(target, islice(_problems(error), _LOOKED_AT)):
            self._file.error(*mistake)

    def _known_keys(self, node: Map, model: type[BaseModel]) -> None:
        allowed = keys(model)
        for key, entry in node.entries.items():
            if key not in allowed:
                hint = self._hint(key, allowed, model)
                note = "" if hint.startswith("did you") else f"known fields: {', '.join(allowed)}"
                self._file.error(entry.span, f"unknown field {quoted(key)}", hint, note)

    def _hint(self, key: str, allowed: list[str], model: type[BaseModel]) -> str:
        meant = next((word for word in (_MEANT.get(key), f"{key}s", key.removesuffix("s")) if word in allowed), "")
        if meant:
            return f"did you mean `{meant}`?"
        exact = any(key in keys(level) for level in _LEVELS)
        near = "" if exact else self._speller.hint(key, allowed)
        return near or _belongs(key, model)

    def _places(self) -> None:
        """What the model does not say: lines are lines, parameters are a map, `1` is whole, environments are few."""
        self._one_line(self.root, "release")
        for section in maps(self.root.get("sections")):
            self._one_line(section, "title")
        for item in self.items:
            self._one_line(item, "title", "owner", "controls")
            with_ = item.get("with")
            if with_ is not None and not isinstance(with_, Map) and not _empty(with_):
                self._file.error(with_.span, "`with` must be a map of the check's parameters")
        version = self.root.get("version")
        if isinstance(version, Scalar) and version.value == 1 and type(version.value) is not int:
            self._file.error(version.span, "`version` must be the whole number `1`")
        environments = self.root.entries.get("environments")
        if environments is None:
            return
        if isinstance(environments.value, Map) and len(environments.value.entries) > ENVIRONMENTS:
            self._file.error(environments.span, f"more than {ENVIRONMENTS} environments")

    def _one_line(self, holder: Map, *names: str) -> None:
        """Texts, or lists of them, that stand in every report, on every terminal and in what an auditor exports."""
        for name in names:
            node = holder.get(name)
            entries = enumerate(node.entries, 1) if isinstance(node, Sequence) else ()
            for called, one in ((f"`{name}`", node), *((f"entry {n} of `{name}`", entry) for n, entry in entries)):
                if not isinstance(one, Scalar) or not isinstance(one.value, str):
                    continue
                if place := unseen_place(one.value):
                    message = f"{called} must be one line of characters that can be shown"
                    self._file.error(one.span, message, f"remove the character {place}")
                elif one.value and is_blank(one.value):
                    self._file.error(one.span, f"{called} holds only white space", "write something that a reader sees")


def _strip(value: Any) -> None:
    """Leave out what is validated elsewhere, and unknown keys, which are reported already."""
    _keep(value, [key for key in keys(Checklist) if key != "services"])
    for section in _dicts(value.get("sections")):
        _keep(section, keys(Section))
        for item in _dicts(section.get("items")):
            _keep(item, [key for key in keys(Item) if key != "with"])


def _keep(value: Any, allowed: list[str]) -> None:
    if isinstance(value, dict):
        for key in value.keys() - set(allowed):
            del value[key]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _problems(error: ValidationError) -> Iterator[Problem]:
    for entry in error.errors(include_url=False, include_input=False):
        context = entry.get("ctx", {})
        choices = tuple(str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", "))
        yield Problem(
            location=entry["loc"],
            kind=entry["type"],
            message=entry["msg"],
            choices=choices if entry["type"] == "literal_error" else (),
        )
