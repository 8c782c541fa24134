"""Finds how a change makes the configuration of the tools that judge looser."""

from collections.abc import Iterator, Sequence

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.configuration.command_changes import looser_work, runs
from readiness.evidence.configuration.compare import followed, looser_settings, of_no_tool, sources_of
from readiness.evidence.configuration.pipeline_changes import older_tools

__all__ = ["judges", "looser_configuration"]


def judges(path: str) -> bool:
    """Whether a file configures a tool that judges."""
    return not of_no_tool(path) and (bool(sources_of(path)) or runs(path))


def looser_configuration(change: Sequence[ChangedFile]) -> Iterator[EvidenceWeakening]:
    """Find how a change makes the configuration of the tools that judge looser.

    Args:
        change: Every file that differs between the merge base and what is judged.
    """
    relevant = followed([file for file in change if judges(file.path)])
    yield from looser_settings([file for file in relevant if sources_of(file.path)], change)
    # what an unchanged file runs, it ran before: it takes the place of nothing
    yield from looser_work([file for file in relevant if runs(file.path) and file.before != file.after])
    yield from older_tools(relevant)
