"""Validates the parameters and producers of items against the installed checks."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence

from readiness.checklist import Item
from readiness.loading import problems
from readiness.loading.diagnostics import Speller, quoted
from readiness.loading.file import ChecklistFile
from readiness.loading.nodes import Map, Scalar, text
from readiness.loading.problems import Mistake, Target
from readiness.loading.references import Plain, References
from readiness.loading.structure import keys
from readiness.plugins import DOUBT, PluginError, PluginHost, Problem
from readiness.report import Plugin
from readiness.strictness.declared import names_evidence


class Parameters:
    """Asks the host about parameters, once for those that are equal.

    Args:
        file: Where mistakes go.
        references: What `${name}` stands for.
        plugins: Installed checks by name.
        host: Answers about them.
    """

    def __init__(
        self, file: ChecklistFile, references: References, plugins: Mapping[str, Plugin], host: PluginHost
    ) -> None:
        self._file, self._references, self._plugins, self._host = file, references, plugins, host
        self._speller = Speller()
        self._answers: dict[tuple[str, str], Sequence[Problem]] = {}
        self._refused: set[str] = set()
        """Checks that cannot be used; their items become `error` when they are evaluated."""

    def known(self, items: Iterable[Map]) -> None:
        """Note every check that is not installed."""
        for item in items:
            node = item.get("check")
            name = text(node)
            if node is not None and name is not None and name not in self._plugins:
                hint = self._speller.hint(name, self._plugins)
                installed = ", ".join(self._plugins) or "none"
                self._file.error(node.span, f"unknown check {quoted(name)}", hint, f"installed checks: {installed}")

    def producers(self, items: Iterable[Map], roles: Collection[str]) -> None:
        """Note every `producer` that is no role, or that an item has whose check reads no files of evidence."""
        for item in items:
            node, check = item.get("producer"), text(item.get("check"))
            role = text(node)
            if node is None or not role:
                continue
            if role not in roles:
                hint = self._speller.hint(role, roles) or "add it and its principals to `roles`"
                self._file.error(node.span, f"no role has the name {quoted(role)}", hint)
            if check is not None and check in self._plugins and self._reads_no_evidence(self._plugins[check]):
                message = f"the check {quoted(check)} reads no file of evidence that somebody could have signed"
                self._file.error(node.span, message, "leave out `producer`")

    def _reads_no_evidence(self, plugin: Plugin) -> bool:
        try:
            return not names_evidence(self._host.describe(plugin).directions)
        except PluginError:
            return False  # its items say why it cannot be used

    def check(self, item: Map, environments: Sequence[str]) -> dict[str, Plain]:
        """Note what is wrong with the parameters of an item.

        Args:
            item: The item.
            environments: Environments to resolve it for; at least one.

        Returns:
            The parameters in the last of them.
        """
        name = text(item.get("check")) or ""
        node = item.get("with")
        usable = node is None or isinstance(node, Map) or (isinstance(node, Scalar) and node.value is None)
        params: dict[str, Plain] = {}
        found: dict[Mistake, list[str]] = {}
        for environment in environments:
            value = self._references.resolve(node, environment) if isinstance(node, Map) else {}
            params = value if isinstance(value, dict) else {}
            if usable and name in self._plugins:
                for mistake in self._mistakes(item, self._plugins[name], params):
                    found.setdefault(mistake, []).append(environment)
        for mistake, where in found.items():
            suffix = "" if len(where) == len(environments) else f" (in {', '.join(map(quoted, where))})"
            self._file.error(mistake.span, mistake.message + suffix, mistake.help, mistake.note)
        return params

    def _mistakes(self, item: Map, plugin: Plugin, params: dict[str, Plain]) -> Iterable[Mistake]:
        found = self._problems(plugin, params)
        self._doubt(item, [problem for problem in found if problem.kind == DOUBT])
        found = [problem for problem in found if problem.kind != DOUBT]
        if not found:
            return ()
        node, with_ = item.get("with"), item.entries.get("with")
        target = Target(
            node=node if isinstance(node, Map) else Map(item.span),
            value=params,
            name="`with`",
            span=with_.span if with_ else item.span,
            ignored=self._references.broken,
            speller=self._speller,
            label=f"parameter of check `{plugin.name}`:",
            elsewhere={key: f"{quoted(key)} belongs to the item, beside `with`" for key in keys(Item)},
        )
        return problems.mistakes(target, found)

    def _doubt(self, item: Map, found: Iterable[Problem]) -> None:
        """Warn of what is hardly meant, where it stands in the value of its parameter."""
        node = item.get("with")
        for problem in found:
            value = node.get(str(problem.location[0])) if isinstance(node, Map) else None
            span = value.span if value else item.span
            if isinstance(value, Scalar):
                span = self._file.find(problem.text, span, value.last_line, problem.at)
            self._file.warn(span, f"{quoted(problem.text)}: {problem.message}", problem.remedy)

    def _problems(self, plugin: Plugin, params: Mapping[str, Plain]) -> Sequence[Problem]:
        if plugin.name in self._refused:
            return ()
        key = (plugin.name, json.dumps(params, sort_keys=True))
        if key not in self._answers:
            try:
                self._answers[key] = self._host.problems(plugin, params)
            except PluginError:
                self._refused.add(plugin.name)
                return ()
        return self._answers[key]
