"""Parses configuration files into data with places, bounded in size and depth."""

import configparser
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeAlias, cast

from readiness.evidence.configuration.code import assignments, flags, gradle, literals, statements
from readiness.evidence.configuration.text import Lines, without_comments_of_json
from readiness.evidence.suppressions.marks import decoded
from readiness.evidence.yaml import DEPTH, YamlMap, YamlProblem, load_yaml
from readiness.untrusted import from_json, from_toml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Data: TypeAlias = "dict[str, Data] | list[Data] | str | int | float | bool | None"
Path: TypeAlias = tuple[str, ...]
LARGEST = 2 * 2**20
"""Bytes of a configuration file that is read."""
_NEAR = 20_000
"""Characters below a key in which an entry of its list is looked for."""
_LARGEST_SCRIPT = 256 * 2**10
_TOP = "(above the first section)"
_TRAILING = re.compile(r'("(?:[^"\\\n]|\\.)*"?)|,(?=\s*[}\]])')
_IDENTITY = ("dependency-name", "id", "name", "repo", "module", "path", "linters", "rule", "package-ecosystem", "files")


class UnreadableError(Exception):
    """A configuration file that its tool could not read, or that is too large or too deep."""


@dataclass(frozen=True)
class Document:
    """A parsed configuration file."""

    path: str
    text: str
    data: Data

    def line_of(self, keys: Path, entry: str = "") -> int:
        """The line on which a setting stands, from 1, or an entry of its list, where that is written out below."""
        if keys not in self._found:
            self._found[keys] = self._line_of_key(keys)
        line = self._found[keys]
        start = self.lines.starts[min(line, len(self.lines.starts)) - 1]
        at = self.text.find(entry, start, start + _NEAR) if entry else -1
        return self.lines.at(at) if at >= 0 else line

    @cached_property
    def _found(self) -> dict[Path, int]:
        """Lines of keys that were asked for."""
        return {}

    @cached_property
    def lines(self) -> Lines:
        """Where each line begins."""
        return Lines(self.text)

    def _line_of_key(self, keys: Path) -> int:
        """That of the last key that is found below the ones before."""
        if isinstance(self.data, YamlMap):
            line = _yaml_line(self.data, keys)
            if line:
                return line
        at = 0
        for key in keys:
            pattern = rf"(?<![\w-]){re.escape(key)}(?![\w-])"
            match = re.compile(pattern, re.IGNORECASE).search(self.text, at)
            at = match.start() if match else at
        return self.lines.at(at)


_KINDS = (
    ("gradle", r".*\.gradle(?:\.kts)?|\.tflint\.hcl"),
    ("assignments", r"mix\.exs|\.credo\.exs|.*\.sbt|\.scalafix\.conf"),
    ("flags", r"CMakeLists\.txt|.*\.cmake|CMakePresets\.json|meson\.build|\.bazelrc|configure\.ac"),
    ("statements", r"\.simplecov|(?:spec|rails|test)_helper\.rb|conftest\.py"),
    ("properties", r".*\.properties|\.npmrc"),
    ("toml", r".*\.toml"),
    (
        "json",
        r".*\.jsonc?|\.(?:nycrc|c8rc|eslintrc|mocharc|renovaterc)|\.secrets\.baseline|brakeman\.ignore|\.lighthouserc",
    ),
    ("json5", r".*\.json5"),
    ("yaml", r".*\.(?:ya?ml|neon)|\.snyk|\.clang-tidy|\.ansible-lint|\.lintstagedrc|\.huskyrc"),
    (
        "ini",
        r".*\.(?:ini|cfg)|\.?importlinter|\.(?:codespellrc|sqlfluff|gcovr|pydocstyle|lcovrc)|\.(?:coveragerc|pylintrc|flake8|bandit|editorconfig|globalconfig)|pylintrc",
    ),
    ("xml", r".*\.(?:xml|csproj|fsproj|vbproj|props|targets|runsettings)"),
    ("js", r".*\.[cm]?[jt]s"),
)


def kind_of(path: str) -> str:
    """The syntax of a configuration file: `toml`, `json`, `yaml`, `ini`, `xml`, `js`, …, or `lines`."""
    name = PurePosixPath(path).name.removesuffix(".dist")
    return next((kind for kind, pattern in _KINDS if re.fullmatch(pattern, name, re.IGNORECASE)), "lines")


def load(path: str, content: bytes) -> Document:
    """Parse a configuration file.

    Raises:
        UnreadableError: Its tool could not read it, or it is larger or deeper than is read here.
    """
    if len(content) > (_LARGEST_SCRIPT if kind_of(path) == "js" else LARGEST):
        raise UnreadableError("too large")
    text = decoded(content)
    try:
        data = _LOADERS[kind_of(path)](text)
    except (ValueError, AttributeError, YamlProblem, configparser.Error, RecursionError) as error:
        raise UnreadableError(str(error).partition("\n")[0][:200]) from None
    return Document(path, text, data)


def flatten(data: Data, above: Path = ()) -> Iterator[tuple[Path, Data]]:
    """Each setting with its keys: a value, or a list of values. Maps in lists are told apart by what names them."""
    if len(above) > DEPTH:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            yield from flatten(value, (*above, str(key)))
    elif isinstance(data, list) and any(isinstance(one, dict | list) for one in data):
        yield above, [one for one in data if not isinstance(one, dict | list)]
        for one in data:
            if isinstance(one, dict):
                named = next((one[key] for key in _IDENTITY if key in one and not isinstance(one[key], dict)), "*")
                for name in named if isinstance(named, list) else [named]:
                    yield from flatten(one, (*above, str(name)))
            elif isinstance(one, list):
                yield from flatten(one, (*above, "*"))
    elif above:
        yield above, data


def _yaml_line(data: Data, keys: Path) -> int:
    line = 0
    for key in keys:
        if isinstance(data, YamlMap) and key in data:
            line, data = data.lines.get(key, line), cast("Data", data[key])
        elif isinstance(data, list):
            data = next((one for one in data if isinstance(one, dict) and key in map(str, one.values())), None)
            if isinstance(data, YamlMap) and data.lines:
                line = min(data.lines.values())
        else:
            break
    return line


def _json(text: str) -> Data:
    text = without_comments_of_json(text)
    return cast("Data", from_json(_TRAILING.sub(lambda match: match[1] or "", text) or "null"))


def _json5(text: str) -> Data:
    """JSON, or what JSON5 has besides: keys without quotes, other quotes."""
    try:
        return _json(text)
    except ValueError:
        return literals(f"x = {text}")


def _toml(text: str) -> Data:
    return cast("Data", from_toml(text.replace("\r\n", "\n")))


def _ini(text: str) -> Data:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(text)
    except configparser.MissingSectionHeaderError:
        parser.read_string(f"[{_TOP}]\n{text}")
    found: dict[str, Data] = {}
    for name in parser.sections():
        settings: dict[str, Data] = {key: value or "" for key, value in parser.items(name)}
        found |= settings if name == _TOP else {name: settings}
    return found


def _properties(text: str) -> Data:
    text = re.sub(r"\\\r?\n\s*", "", text)
    found = re.findall(r"^[ \t]*([^#!\s=:][^\s=:]*)[ \t]*[=:][ \t]*(.*?)[ \t]*$", text, re.MULTILINE)
    return dict(found)


def _lines(text: str) -> Data:
    found: list[Data] = []
    for line in text.splitlines():
        bare = line.partition(" #")[0].strip()
        if bare and not bare.startswith("#"):
            found.append(" ".join(bare.split()))
    return {"lines": found}


def _xml(text: str) -> Data:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    text = re.sub(r"<!DOCTYPE[^<>\[]*>", "", text, count=1)
    try:
        root: Element = fromstring(text.encode())
    except (ParseError, DefusedXmlException) as error:
        raise ValueError(str(error) or "forbidden XML") from None
    found: dict[str, Data] = {}
    _elements(root, (), found, "")
    single = {key: one[0] for key, one in found.items() if isinstance(one, list) and len(one) == 1}
    return {**found, **single}


def _elements(element: "Element", above: Path, found: dict[str, Data], owner: str) -> None:
    """The texts and attributes of each kind of element, by its place; a plugin is told by its artifact.

    A property is also found below what it belongs to: `properties/MethodLength/max`.
    """
    if len(above) > DEPTH:
        raise ValueError("nested too deeply")
    tag = str(element.tag).rpartition("}")[2]
    named = next((child.text for child in element if str(child.tag).rpartition("}")[2] == "artifactId"), None)
    here = (*above, f"{tag}[{named.strip()}]" if named else tag)
    text = (element.text or "").strip()
    place = "/".join(here)
    pairs = [(f"{place}@{key}", value) for key, value in element.attrib.items()]
    if element.attrib:
        pairs.append((f"{place}@", " ".join(f"{key}={value}" for key, value in element.attrib.items())))
    if tag == "property" and {"name", "value"} <= element.attrib.keys():
        pairs.append((f"properties/{owner}/{element.attrib['name']}", element.attrib["value"]))
    for key, value in [*pairs, *([(place, text)] if text else [])]:
        values = found.setdefault(key, [])
        if isinstance(values, list):
            values.append(value)
    for child in element:
        _elements(child, here, found, element.get("name") or element.get("ref") or owner)


_LOADERS = {"json": _json, "json5": _json5, "toml": _toml, "ini": _ini, "properties": _properties, "lines": _lines,
            "xml": _xml, "yaml": load_yaml, "js": literals, "gradle": gradle, "statements": statements,
            "assignments": assignments, "flags": flags}  # fmt: skip
