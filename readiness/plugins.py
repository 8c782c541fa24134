"""Finds installed checks and reporters by their entry points, without importing them, and describes checks."""

import inspect
import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pydantic import ValidationError
from pydantic.errors import PydanticInvalidForJsonSchema

from readiness import judged_tree
from readiness.checklist import Item
from readiness.outcome import Value
from readiness.report import Plugin
from readiness.strictness.structures import Rule

if TYPE_CHECKING:
    from readiness.check import Check
    from readiness.report import Report

Group = Literal["readiness.checks", "readiness.reporters"]
Reporter = Callable[["Report"], str]
BUILT_IN = "readiness"
"""The distribution whose plugins come with the engine."""


_MOST_PROBLEMS = 1_000
"""Mistakes in the parameters of one item that are told."""


DOUBT = "doubt"
"""Kind of a problem that is no mistake: what is allowed, but hardly meant."""


class PluginError(Exception):
    """A plugin cannot be used; the text says which, where it came from and why."""


class Description(Value):
    """What a check is and takes, as a worker read it from the class."""

    summary: str
    """First line of the docstring."""
    why: str = ""
    how: str = ""
    remedy: str = ""
    example: str = ""
    """Items of a checklist, as YAML."""
    parameters: dict[str, Any]
    """JSON Schema (draft 2020-12, as pydantic writes it) of the parameters."""
    uses_services: bool = True
    runs_foreign_code: bool = True
    directions: dict[str, Rule] = {}
    """Which way each parameter is stricter, for those that declare it."""


class Problem(Value):
    """One mistake in the parameters of an item."""

    location: tuple[str | int, ...]
    """Keys and indexes from the parameters down to the mistake."""
    kind: str
    """Pydantic's word for it, for instance `extra_forbidden`, `missing`, `int_type`."""
    message: str
    choices: tuple[str, ...] = ()
    """What would be right there: names of parameters, or words of an enumeration."""
    text: str = ""
    """Of a doubt (kind `doubt`): the part of the value that is meant."""
    at: int = 0
    """Characters of the value before it."""
    remedy: str = ""


class PluginHost(Protocol):
    """Answers about checks without their code running in this process."""

    def describe(self, plugin: Plugin) -> Description:
        """Describe a check.

        Raises:
            PluginError: It cannot be imported, or is no check.
        """

    def problems(self, plugin: Plugin, params: Mapping[str, Any]) -> Sequence[Problem]:
        """Validate parameters.

        Raises:
            PluginError: It cannot be imported, or is no check.
        """


def installed(group: Group) -> dict[str, Plugin]:
    """List plugins by name, without importing any.

    A built-in wins over a third party's plugin of the same name: nobody may quietly replace a check. Among third
    parties one that is installed wins over one that lies in the repository of the current folder, then the first by
    name of the distribution; `conflicts` names the rest.
    """
    found: dict[str, Plugin] = {}
    for plugin in _all(group):
        found.setdefault(plugin.name, plugin)
    return dict(sorted(found.items()))


def names_of(check: str) -> frozenset[str]:
    """Every name of a check: names that one distribution gives to one object are one check, with the same answers."""
    plugins = installed("readiness.checks")
    known = plugins.get(check)
    if known is None:
        return frozenset({check})
    return frozenset(name for name, plugin in plugins.items() if known.same_check(plugin))


def digests_of(item: Item) -> frozenset[str]:
    """The digest of an item under every name of its check: another name asks nothing else of whoever signs."""
    return frozenset(item.model_copy(update={"check": name}).digest for name in names_of(item.check))


def conflicts(group: Group) -> list[Plugin]:
    """Plugins that are shadowed by another of the same name."""
    chosen = installed(group)
    return [plugin for plugin in dict.fromkeys(_all(group)) if chosen[plugin.name] != plugin]


def _all(group: Group) -> tuple[Plugin, ...]:
    """All plugins, the one that goes first first."""
    places = tuple((place, _changed(place)) for place in map(os.path.abspath, sys.path))
    return _found(group, places, judged_tree.tree())


def _changed(place: str) -> int:
    """When a distribution was last added to a folder of the import path, or removed, in nanoseconds; 0 when unknown."""
    try:
        return Path(place).stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=16)
def _found(group: Group, _places: tuple[tuple[str, int], ...], tree: str) -> tuple[Plugin, ...]:
    """Plugins of the distributions in these places: to look through them all takes long, and a run asks often."""
    found: list[tuple[bool, bool, str, str, Plugin]] = []
    homes: dict[int, tuple[str, str, bool]] = {}
    for point in entry_points(group=group):
        dist = point.dist
        if id(dist) not in homes:  # each look at a name or a version parses the metadata anew
            judged = dist is not None and judged_tree.inside(str(Path(str(dist.locate_file(""))).absolute()), tree)
            homes[id(dist)] = (dist.name, dist.version, judged) if dist else ("unknown", "", judged)
        distribution, version, judged = homes[id(dist)]
        plugin = Plugin(name=point.name, entry_point=point.value, distribution=distribution, version=version)
        found.append((distribution != BUILT_IN, judged, distribution, point.value, plugin))
    return tuple(entry[-1] for entry in sorted(found, key=lambda entry: entry[:-1]))


def describe_installed(host: PluginHost, names: Iterable[str]) -> dict[str, Description]:
    """Descriptions of checks by name, without those that are not installed or cannot be described."""
    plugins = installed("readiness.checks")
    found = {}
    for name in sorted({*names} & {*plugins}):
        with suppress(PluginError):
            found[name] = host.describe(plugins[name])
    return found


def load_check(plugin: Plugin) -> "type[Check]":
    """Import a check; in a worker process only.

    Raises:
        PluginError: The import failed, or what it gave is no check, or declares a direction that its default denies.
    """
    from readiness.check import Check
    from readiness.strictness.declared import directions

    loaded = _load(plugin, "readiness.checks")
    if not (inspect.isclass(loaded) and issubclass(loaded, Check) and not inspect.isabstract(loaded)):
        raise PluginError(
            f"check `{plugin.name}` of {plugin.distribution} {plugin.version}: {plugin.entry_point} is not a check: "
            "it has to be a class derived from readiness.Check that defines run()"
        )
    try:
        directions(loaded)
    except ValueError as error:
        raise PluginError(f"check `{plugin.name}` of {plugin.distribution} {plugin.version}: {error}") from error
    return loaded


def load_reporter(plugin: Plugin) -> Reporter:
    """Import a reporter.

    Raises:
        PluginError: The import failed, or what it gave cannot be called.
    """
    loaded = _load(plugin, "readiness.reporters")
    if not callable(loaded):
        raise PluginError(f"reporter `{plugin.name}` of {plugin.distribution}: {plugin.entry_point} cannot be called")
    reporter: Reporter = loaded
    return reporter


def _load(plugin: Plugin, group: Group) -> Any:
    try:
        return EntryPoint(plugin.name, plugin.entry_point, group).load()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        raise PluginError(
            f"`{plugin.name}` of {plugin.distribution} {plugin.version} cannot be imported: "
            f"{type(error).__name__}: {error}"
        ) from error


_INDENT = " " * 4
"""Of an example below its title."""
_PART = re.compile(r"^(Why|How|Remedy|Example):\s+", re.MULTILINE)


def describe(check: "type[Check]") -> Description:
    """Read a check's docstrings, parameters and directions."""
    from readiness.strictness.declared import directions

    text = inspect.cleandoc(check.__doc__ or check.__name__)
    summary, _, rest = text.partition("\n")
    pieces = _PART.split(rest)
    bodies = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    parts = {name: _unwrap(body) for name, body in bodies.items()}
    return Description(
        summary=summary,
        why=parts.get("Why", ""),
        how=parts.get("How", "") or _unwrap(pieces[0]),
        remedy=parts.get("Remedy", ""),
        example=textwrap.dedent(_INDENT + bodies.get("Example", "")).strip(),
        parameters=_schema(check),
        uses_services=check.uses_services,
        runs_foreign_code=check.runs_foreign_code,
        directions=directions(check),
    )


def _schema(check: "type[Check]") -> dict[str, Any]:
    """JSON Schema of the parameters; that of any object where a type has none."""
    try:
        return check.model_json_schema()
    except PydanticInvalidForJsonSchema:
        return {"type": "object"}


def _unwrap(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", textwrap.dedent(text).strip()))


def problems(check: "type[Check]", params: Mapping[str, Any]) -> list[Problem]:
    """Validate parameters as strictly as JSON can be: `"5"` is not a number and `yes` is not a truth."""
    try:
        doubts = parse(check, params).doubts()
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[:_MOST_PROBLEMS]
        return [_problem(check, entry) for entry in found]
    return [
        Problem(
            location=(doubt.parameter,),
            kind=DOUBT,
            message=doubt.message,
            text=doubt.text,
            at=doubt.at,
            remedy=doubt.remedy,
        )
        for doubt in islice(doubts, _MOST_PROBLEMS)
    ]


def parse(check: "type[Check]", params: Mapping[str, Any]) -> "Check":
    """Make a check of its parameters.

    Raises:
        ValidationError: They are not what it takes.
    """
    import json

    return check.model_validate_json(json.dumps(params), strict=True)


def _problem(check: "type[Check]", entry: Mapping[str, Any]) -> Problem:
    location = tuple(entry["loc"])
    kind = str(entry["type"])
    choices: tuple[str, ...] = ()
    if kind == "extra_forbidden":
        choices = tuple(_properties(_json_schema(check), location[:-1]))
    elif kind in {"literal_error", "enum"}:
        choices = tuple(re.findall(r"'([^']*)'", str(entry.get("ctx", {}).get("expected", ""))))
    return Problem(location=location, kind=kind, message=str(entry["msg"]), choices=choices)


@lru_cache(maxsize=16)
def _json_schema(check: "type[Check]") -> dict[str, Any]:
    """The schema of a check, made once: a thousand unknown parameters ask for it a thousand times."""
    return check.model_json_schema()


def _properties(schema: Mapping[str, Any], location: Sequence[str | int]) -> list[str]:
    """Names of the properties of the object at a location, as far as the schema tells."""
    node: Any = schema
    for step in (*location, None):
        while isinstance(node, Mapping) and "$ref" in node:
            node = schema["$defs"][str(node["$ref"]).rsplit("/", 1)[-1]]
        if not isinstance(node, Mapping):
            return []
        if step is None:
            break
        node = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
    return sorted(node.get("properties", {}))
