"""Evaluates one item, or describes one check, in a thread; every failure becomes an answer."""

from collections.abc import Mapping

from readiness.check import Context, Facts
from readiness.checklist import Item
from readiness.engine.bounds import line
from readiness.engine.events import ItemStarted
from readiness.engine.messages import Answered, Described, Inbox
from readiness.engine.settings import RunSettings
from readiness.outcome import Outcome, Status
from readiness.plugins import PluginError
from readiness.provenance.brought import judged
from readiness.provenance.files import Declared
from readiness.report import Plugin, Subject
from readiness.run_policy import RunPolicy
from readiness.text import did_you_mean


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
            outcome, duration = self._settings.host.evaluate(plugin, facts)
            outcome = self._bound(outcome, plugin, facts)
        except Exception as error:  # noqa: BLE001  a message has to come, or the run would wait for ever
            outcome, duration = _error(f"the engine failed: {type(error).__name__}: {error}", "report this"), 0.0
        return Answered(item, outcome, duration)

    def _bound(self, outcome: Outcome, plugin: Plugin, facts: Facts) -> Outcome:
        """Hold an outcome to where its evidence comes from; a check that cannot be described has not answered."""
        try:
            declared = Declared(facts.item.params, self._settings.host.describe(plugin).directions)
        except PluginError:
            return outcome
        return judged(outcome, Context(facts, redactor=self._settings.host.redactor), declared)

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
