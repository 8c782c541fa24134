"""Evaluates one item, or describes one check, in a thread; every failure becomes an answer."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from readiness.check import Context, Facts
from readiness.checklist import Checklist, Item, Section
from readiness.engine.bounds import line
from readiness.engine.events import Answered, Described, Inbox, ItemStarted
from readiness.engine.plan import select
from readiness.engine.settings import RunSettings
from readiness.outcome import Outcome, Status
from readiness.plugins import PluginError, PluginHost, installed
from readiness.provenance import producer
from readiness.provenance.files import Declared, judged
from readiness.report import Plugin, Selection, Subject
from readiness.run_policy import RunPolicy
from readiness.text import did_you_mean


def foreign(host: PluginHost, plugin: Plugin, checklist: Checklist) -> bool:
    """Whether an item of a check runs code of what is judged: by the check itself, or by the services that it uses.

    A check that cannot be described is one that does.
    """
    try:
        described = host.describe(plugin)
    except PluginError:
        return True
    return described.runs_foreign_code or (described.uses_services and bool(checklist.services))


def only_foreign(policy: RunPolicy, selection: Selection, host: PluginHost) -> RunPolicy:
    """The policy of a run that evaluates only what runs code of what is judged; nothing waits for other items.

    Raises:
        SelectionError: The selection matches nothing, or names what does not exist.
    """
    checklist, plugins = policy.checklist, installed("readiness.checks")
    chosen = set(select(checklist, selection))
    checks = {item.check for item in checklist.items if item.id in chosen} & plugins.keys()
    run_here = {name for name in checks if foreign(host, plugins[name], checklist)}
    kept = {item.id for item in checklist.items if item.id in chosen and item.check in run_here}
    sections = tuple(filter(None, (_part(section, kept) for section in checklist.sections)))
    kept_part = checklist.model_copy(update={"sections": sections})
    return replace(policy, checklist=kept_part, given=(), waivers=(), producers=producer.later)


def _part(section: Section, kept: Collection[str]) -> Section | None:
    """A section with these items only, which need no others; None when it has none of them."""
    items = tuple(
        item.model_copy(update={"needs": tuple(need for need in item.needs if need in kept)})
        for item in section.items
        if item.id in kept
    )
    return section.model_copy(update={"items": items}) if items else None


class Evaluator:
    """Asks the host about checks and items of one run; used by several threads.

    Args:
        policy: What is judged by.
        subject: What is judged.
        settings: How the run is carried out.
        inbox: Told when an item begins.
    """

    def __init__(self, policy: RunPolicy, subject: Subject, settings: RunSettings, inbox: Inbox) -> None:
        self._policy, self._subject = policy, subject
        self._settings, self._inbox = settings, inbox

    def describe(self, plugin: Plugin) -> Described:
        """Find out whether a check uses services."""
        try:
            return Described(plugin.name, self._settings.host.describe(plugin).uses_services)
        except PluginError:
            return Described(plugin.name, uses_services=False)  # its items will say why it cannot be used
        except Exception:  # noqa: BLE001  a message has to come, or the run would wait for ever
            return Described(plugin.name, uses_services=True)

    def evaluate(self, item: Item, plugin: Plugin) -> Answered:
        """Evaluate an item."""
        try:
            self._inbox.put(ItemStarted(item=item))
            facts = self._facts(item)
            outcome, duration = self._taken(plugin, facts) or self._evaluated(plugin, facts)
        except PluginError as error:
            outcome, duration = _error(str(error), f"fix or uninstall {plugin.distribution}"), 0.0
        except Exception as error:  # noqa: BLE001  a message has to come, or the run would wait for ever
            outcome, duration = _error(f"the engine failed: {type(error).__name__}: {error}", "report this"), 0.0
        return Answered(item, outcome, duration)

    def _taken(self, plugin: Plugin, facts: Facts) -> tuple[Outcome, float] | None:
        """The outcome that another job has collected; None for an item that is evaluated here."""
        collected = self._settings.collected
        if collected is None or not foreign(self._settings.host, plugin, self._policy.checklist):
            return None
        outcome, duration = collected.outcome(facts.item, plugin, self._subject, self._settings.now)
        context, declared = self._bounds(plugin, facts, outcome)
        return self._policy.producers(outcome, context, declared), duration

    def _evaluated(self, plugin: Plugin, facts: Facts) -> tuple[Outcome, float]:
        outcome, duration = self._settings.host.evaluate(plugin, facts)
        context, declared = self._bounds(plugin, facts, outcome)
        return self._policy.producers(judged(outcome, context, declared), context, declared), duration

    def _bounds(self, plugin: Plugin, facts: Facts, outcome: Outcome) -> tuple[Context, Declared]:
        """What an outcome is held to.

        Raises:
            PluginError: The item passed, and its check cannot say which files of evidence it rests on.
        """
        try:
            directions = self._settings.host.describe(plugin).directions
        except PluginError:
            if outcome.status is Status.PASSED:
                raise
            directions = {}
        context = Context(facts, redactor=self._settings.host.redactor)
        return context, Declared(facts.item.params, directions)

    def _facts(self, item: Item) -> Facts:
        checklist = self._policy.checklist
        return Facts(
            root=self._policy.root,
            now=self._settings.now,
            subject=self._subject,
            item=item,
            roles=checklist.roles,
            people=checklist.people,
            policy=checklist.policy,
            policy_commit=self._policy.commit,
        )


def interrupted() -> Outcome:
    """The outcome of an item that the run did not get to."""
    return _error("interrupted before it was evaluated", "run it again")


def not_installed(check: str, plugins: Mapping[str, Plugin]) -> Outcome:
    """The outcome of an item whose check is not there."""
    hint = did_you_mean(check, plugins) or "`readiness list checks` shows what is installed"
    return _error(f"check `{check}` is not installed", f"install the distribution that brings it; {hint}")


def never_ready(item: Item, items: Mapping[str, Item]) -> Outcome:
    """The outcome of an item whose needs can never be met."""
    absent = [need for need in item.needs if need not in items]
    if absent:
        return _error(f"it needs `{absent[0]}`, which is not in the checklist", "correct `needs`")
    return _error("what it needs goes round in a circle, or needs what does not exist", "correct `needs`")


def _error(summary: str, remedy: str) -> Outcome:
    return Outcome(status=Status.ERROR, summary=line(summary), remedy=remedy)
