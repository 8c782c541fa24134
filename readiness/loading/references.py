"""Replaces `${name}` by the values of an environment; `$${name}` becomes the text `${name}`."""

import re
from collections.abc import Mapping, Sequence

from readiness.loading.diagnostics import Speller, quoted
from readiness.loading.file import LIMIT, MISTAKES, ChecklistFile
from readiness.loading.nodes import Map, Node, Scalar, Span

_REFERENCE = re.compile(r"\$(?P<escaped>\$\{)|\$\{(?P<name>[^{}\n]*)(?P<end>\}?)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
GROWTH = LIMIT
"""Characters that references may add to a file, in one environment."""

Plain = str | int | float | bool | list["Plain"] | dict[str, "Plain"] | None


class References:
    """The references of a file and what they stand for.

    Args:
        file: Where mistakes go.
        environments: The node `environments:`.
    """

    def __init__(self, file: ChecklistFile, environments: Node | None) -> None:
        self._file = file
        self._speller = Speller()
        entries = environments.entries.items() if isinstance(environments, Map) else ()
        self.environments: dict[str, dict[str, Scalar]] = {
            name: _scalars(entry.value) for name, entry in entries if isinstance(entry.value, Map)
        }
        """Values by environment and name."""
        self.broken: set[Span] = set()
        """Texts that hold a reference nobody can resolve: what else is wrong with them is not known."""
        self._grown: dict[str, int] = {}
        self._undefined: dict[tuple[str, Span], tuple[Scalar, list[str]]] = {}

    def first(self, node: Node) -> Span | None:
        """Place of the first reference below a node; None when it has none."""
        if isinstance(node, Scalar):
            if isinstance(node.value, str) and "${" in node.value:
                found = next((m for m in _REFERENCE.finditer(node.value) if not m["escaped"]), None)
                return (
                    None if found is None else self._file.find(found.group(), node.span, node.last_line, found.start())
                )
            return None
        below = node.entries if not isinstance(node, Map) else [entry.value for entry in node.entries.values()]
        return next((span for span in map(self.first, below) if span is not None), None)

    def resolve(self, node: Node, environment: str) -> Plain:
        """The plain value of a node in an environment; empty name for a file without environments.

        Keys are left as they are. A text that is nothing but one reference becomes the value itself, number or truth
        value included. Mistakes are kept for `report`.
        """
        if isinstance(node, Scalar):
            return self._scalar(node, environment)
        if isinstance(node, Map):
            return {key: self.resolve(entry.value, environment) for key, entry in node.entries.items()}
        return [self.resolve(entry, environment) for entry in node.entries]

    def report(self, tried: Sequence[str]) -> None:
        """Note every reference that was not defined in some of the environments that were tried."""
        known = {name for one in tried for name in self.environments.get(one, ())}
        for (name, span), (_, missing) in self._undefined.items():
            lacking = list(dict.fromkeys(missing))
            if not self.environments:
                where = ": the file has no `environments`"
            elif len(lacking) == len(tried) > 1:
                where = " in any environment"
            else:
                where = " in " + ", ".join(quoted(one) for one in lacking)
            near = self._speller.nearest(name, known) if name not in known else ""
            help_ = f"did you mean `${{{near}}}`?" if near else f"write `$${{{name}}}` for the text itself"
            self._file.error(span, f"`${{{name}}}` is not defined{where}", help_)

    def check_values(self) -> None:
        """Note values of environments that hold references: values are given, not computed."""
        for values in self.environments.values():
            for scalar in values.values():
                span = self.first(scalar)
                if span is not None:
                    help_ = "write the value out, or `$${` for the text itself"
                    self._file.error(span, "a value of an environment cannot refer to another one", help_)

    def _scalar(self, node: Scalar, environment: str) -> Plain:
        text = node.value
        if not isinstance(text, str) or "${" not in text:
            return text
        values = self.environments.get(environment, {})
        whole = _REFERENCE.fullmatch(text)
        if whole and whole["end"] and whole["name"] in values:
            return unescaped(values[whole["name"]])
        parts: list[str] = []
        position = 0
        for match in _REFERENCE.finditer(text):
            parts += text[position : match.start()], self._replacement(match, node, environment, values)
            position = match.end()
        return "".join([*parts, text[position:]])

    def _replacement(self, match: re.Match[str], node: Scalar, environment: str, values: Mapping[str, Scalar]) -> str:
        if match["escaped"]:
            return "${"
        name = match["name"]
        if name in values and match["end"]:
            replaced = str(unescaped(values[name], as_text=True))
            self._grown[environment] = self._grown.get(environment, 0) + len(replaced)
            if self._grown[environment] > GROWTH:
                raise self._file.fail(node.span, "references make this file larger than 1 MiB", "use shorter values")
            return replaced
        self.broken.add(node.span)
        if len(self._undefined) > MISTAKES:
            return match.group()  # more are not reported, and looking for their places takes long
        span = self._file.find(match.group(), node.span, node.last_line, match.start())
        if not match["end"]:
            self._file.error(span, "`${` without its `}`", "close it, or write `$${` for the text itself")
        elif _NAME.fullmatch(name) is None:
            help_ = "write `$${` for the text itself, for instance for a variable of the shell"
            self._file.error(span, f"{quoted(match.group())} is no reference: {quoted(name)} is no name", help_)
        else:
            self._undefined.setdefault((name, span), (node, []))[1].append(environment)
        return match.group()


def unescaped(value: Scalar, *, as_text: bool = False) -> str | int | float | bool:
    """A value of an environment as references insert it.

    Args:
        value: Its node.
        as_text: Whether it goes into a longer text: a number then keeps the spelling of the file.
    """
    if isinstance(value.value, str):
        return value.value.replace("$${", "${")
    return value.text if as_text or value.value is None else value.value


def _scalars(values: Map) -> dict[str, Scalar]:
    return {
        name: entry.value
        for name, entry in values.entries.items()
        if isinstance(entry.value, Scalar) and entry.value.value is not None
    }
