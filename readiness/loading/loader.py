"""Loads a checklist for one environment, or validates it for all of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from readiness.checklist import Checklist, Item, Section, Service, Source
from readiness.loading.compose import compose
from readiness.loading.consistency import check_members, check_needs, check_people_and_policy, check_phases
from readiness.loading.diagnostics import ChecklistError, Diagnostic, Speller, quoted
from readiness.loading.file import ChecklistFile
from readiness.loading.nodes import Map, Span
from readiness.loading.parameters import Parameters
from readiness.loading.references import Plain, References
from readiness.loading.structure import ENVIRONMENTS, Shape
from readiness.plugins import installed
from readiness.text import unseen

if TYPE_CHECKING:
    from readiness.plugins import PluginHost


def load(
    path: str | Path,
    *,
    environment: str = "",
    release: str = "",
    host: "PluginHost | None" = None,
    content: bytes | None = None,
    shown: str = "",
) -> Checklist:
    """Load a checklist file.

    YAML is read by the core rules of version 1.2: `on`, `yes` and dates are text, `012` is twelve, merge keys are
    refused. The folder of the file is the root that all its paths are relative to.

    Args:
        path: The file.
        environment: Which of its environments `${name}` refers to; not needed when it has only one, or no references.
        release: The release that is judged, instead of the one in the file.
        host: Answers about checks; worker processes, started for this call, when not given.
        content: Its bytes, when they do not come from the file system, but for instance from a commit.
        shown: What diagnostics call it, for instance `origin/main:readiness.yaml`; its path when not given.

    Raises:
        ChecklistError: With every mistake in it.
    """
    with _hosted(host) as answers:
        draft = _Draft(ChecklistFile(Path(path), content, shown), answers)
        return draft.checklist(environment, release)


def is_release(text: str) -> bool:
    """Whether a text can be the release that a checklist is loaded for."""
    return len(text) <= 100 and text.isprintable() and not unseen(text)  # noqa: PLR2004 - as in the model


def validate(
    path: str | Path, *, host: "PluginHost | None" = None, warnings: list[Diagnostic] | None = None
) -> list[Diagnostic]:
    """Find every mistake in a checklist file, in each of its environments.

    Args:
        path: The file.
        host: Answers about checks; worker processes, started for this call, when not given.
        warnings: Takes what is no mistake, but hardly meant.

    Returns:
        The mistakes, sorted by place; none when the file can be used in every environment.
    """
    try:
        with _hosted(host) as answers:
            draft = _Draft(ChecklistFile(Path(path)), answers)
            draft.check_all()
            draft.check_spelling()
            if warnings is not None:
                warnings += draft.file.warnings
            draft.file.check()
    except ChecklistError as error:
        return list(error.diagnostics)
    return []


@contextmanager
def _hosted(host: "PluginHost | None") -> "Iterator[PluginHost]":
    if host is not None:
        yield host
        return
    from readiness.engine.host import Host

    with Host() as own:
        yield own


class _Draft:
    """A file on its way to a checklist.

    Raises:
        ChecklistError: It is no YAML, or no map.
    """

    def __init__(self, file: ChecklistFile, host: "PluginHost") -> None:
        self.file = file
        self._shape = Shape(self.file, compose(self.file))
        self._items = list(self._shape.items)
        self._references = References(self.file, self._shape.root.get("environments"))
        self._parameters = Parameters(self.file, self._references, installed("readiness.checks"), host)
        self._outline = self._shape.outline()
        check_needs(self.file, self._items)
        check_phases(self.file, self._shape.root, self._items)
        check_people_and_policy(self.file, self._shape.root, self._items)
        self._parameters.known(self._items)
        roles = self._shape.root.get("roles")
        self._parameters.producers(self._items, roles.entries if isinstance(roles, Map) else ())
        self._references.check_values()
        self._params: list[dict[str, Plain]] = []
        self._services: dict[str, Service] = {}

    def checklist(self, environment: str, release: str) -> Checklist:
        """The checklist for an environment.

        Raises:
            ChecklistError: With every mistake.
        """
        chosen = self._choose(environment)
        if chosen is None:
            self.check_all()
        else:
            self._check([chosen])
        self._check_release(release)
        self.file.check()
        if self._outline is None or chosen is None:
            raise self.file.fail(None, "the checklist cannot be used")
        return self._finished(self._outline, chosen, release)

    def check_all(self) -> None:
        """Note the mistakes of every environment."""
        self._check(list(self._references.environments)[:ENVIRONMENTS] or [""])

    def check_spelling(self) -> None:
        """Note members of roles whom the roster of the folder spells in another case: they could never sign."""
        from readiness.records.model.errors import RecordsError
        from readiness.records.storage.allowed_signers import read_roster

        try:
            principals = read_roster(self.file.path.parent).principals
        except RecordsError:
            return  # `doctor` and every command that reads records say what is wrong with it
        check_members(self.file, self._shape.root, principals)

    def _check(self, environments: Sequence[str]) -> None:
        """Note the mistakes of these environments, and keep what the last of them resolves to."""
        for item in self._items:
            # Without a reference, every environment says the same.
            self._params.append(self._parameters.check(item, environments if self._refers(item) else environments[:1]))
        services = self._shape.root.get("services")
        refer = services is not None and self._references.first(services) is not None
        for environment in environments if refer else environments[:1]:
            self._services = self._shape.services(self._references, environment)
        self._references.report(environments)

    def _refers(self, item: Map) -> bool:
        node = item.get("with")
        return node is not None and self._references.first(node) is not None

    def _choose(self, environment: str) -> str | None:
        """The environment to resolve for; None when that cannot be told."""
        known = list(self._references.environments)
        entry = self._shape.root.entries.get("environments")
        span = entry.span if entry else None
        if environment:
            if environment in known:
                return environment
            names = f"environments: {', '.join(known)}" if known else "the file defines no `environments`"
            self.file.error(
                span, f"unknown environment {quoted(environment)}", Speller().hint(environment, known), names
            )
            return None
        if len(known) <= 1:
            return known[0] if known else ""
        reference = self._first_reference()
        if reference is None:
            return ""
        names = ", ".join(known)
        self.file.error(reference, "what this stands for depends on the environment", f"choose with --env: {names}")
        return None

    def _first_reference(self) -> Span | None:
        services = self._shape.root.get("services")
        nodes = [services, *(item.get("with") for item in self._items)]
        places = (self._references.first(node) for node in nodes if node is not None)
        return min((place for place in places if place is not None), default=None)

    def _check_release(self, release: str) -> None:
        if not is_release(release):
            self.file.error(None, f"{quoted(release)} is no release: at most 100 printable characters")
        node = self._shape.root.get("release")
        if node is not None and not release and (span := self._references.first(node)) is not None:
            self.file.error(span, "references are replaced under `with` and `services` only", "use `--release`")

    def _finished(self, outline: Checklist, environment: str, release: str) -> Checklist:
        name = self.file.path.name
        written = zip(self._items, self._params, strict=True)

        def finish(item: Item) -> Item:
            node, params = next(written)
            source = Source(file=name, line=node.span.line + 1, column=node.span.column + 1)
            return item.model_copy(update={"params": params, "source": source})

        sections = tuple(
            Section.model_construct(title=section.title, items=tuple(finish(item) for item in section.items))
            for section in outline.sections
        )
        return outline.model_copy(
            update={
                "sections": sections,
                "services": self._services,
                "environment": environment,
                "release": release or outline.release,
                "source": name,
                "sha256": self.file.sha256,
                "root": str(self.file.path.parent),
            }
        )
