"""Shows the progress of a run on standard error: live on a terminal, elsewhere one line for each finished item."""

import contextlib
import os
import sys
import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Self

from readiness.cli.output.github import data
from readiness.cli.output.streams import say
from readiness.cli.output.terminal import colored, cut, in_github_actions, safe, shape, use_color, width
from readiness.engine.events import (
    Event,
    ItemFinished,
    ItemStarted,
    RunStarted,
    ServiceFailed,
    ServiceReady,
    ServiceStarting,
)

if TYPE_CHECKING:
    from rich.live import Live

    from readiness.report import Result

_RUNNING = 8
_PADDED = 14
"""Letters of the longest status."""
_ROOMY = 60
"""Columns from which statuses are aligned."""
_REFRESH = 8
"""Times a second."""


class Progress(AbstractContextManager["Progress"]):
    """A listener of a run."""

    def __init__(self) -> None:
        self.color = use_color(sys.stderr)
        self.total = self.done = 0
        self.running: dict[str, float] = {}
        live = sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb" and not in_github_actions()
        self._live: Live | None = _live(self) if live else None

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            with contextlib.suppress(OSError):
                self._live.stop()

    def __call__(self, event: Event) -> None:
        """Take one event; a terminal that goes away stops nothing."""
        match event:
            case RunStarted():
                self.total = event.total
            case ItemStarted():
                self.running[event.item.id] = time.monotonic()
            case ItemFinished():
                self.running.pop(event.result.item.id, None)
                self.done += 1
                self._finished(event.result)
            case ServiceStarting():
                self._say(f"starting service {safe(event.name)}")
            case ServiceReady():
                self._say(f"service {safe(event.name)} is ready ({event.seconds:.1f} s)")
            case ServiceFailed():
                self._say(f"service {safe(event.name)} failed: {safe(event.reason)}")
            case _:
                pass

    def _finished(self, result: "Result") -> None:
        line = item_line(result, width(sys.stderr))
        if in_github_actions():
            self._say(f"::group::{data(line)}")
            for text in (*(f"{f.place} {f.message}" for f in result.outcome.findings), result.outcome.remedy):
                if text.strip():
                    self._say(f"  {safe(text)}")
            self._say("::endgroup::")
        else:
            self._say(colored(line, result.status.value) if self.color else line)

    def _say(self, line: str) -> None:
        if self._live is None:
            say(line, color=self.color)
            return
        from rich.text import Text

        with contextlib.suppress(OSError):  # a terminal that went away stops nothing
            self._live.console.print(Text.from_ansi(line), soft_wrap=True)


def item_line(result: "Result", columns: int) -> str:
    """One finished item on one line."""
    status = result.status.value
    padding = _PADDED if columns >= _ROOMY else 0
    head = f"{shape(status, sys.stderr)} {status:<{padding}} {result.item.id}"
    seconds = f" ({result.duration:.1f} s)" if result.duration else ""
    return cut(f"{head}  {safe(result.outcome.summary)}{seconds}", columns)


def _live(progress: Progress) -> "Live":
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    class Display:
        """What is running now; drawn anew several times a second."""

        def __rich__(self) -> Text:
            now = time.monotonic()
            names = [f"{name} {now - began:.0f}s" for name, began in list(progress.running.items())[:_RUNNING]]
            more = len(progress.running) - len(names)
            rest = f" and {more} more" if more > 0 else ""
            text = f"{progress.done}/{progress.total}  {'  '.join(names)}{rest}"
            return Text(text, no_wrap=True, overflow="crop")

    console = Console(stderr=True, highlight=False, markup=False, no_color=not progress.color, emoji=False)
    # Not redirected: a stream that rich puts in the place of ours knows no encoding.
    return Live(
        Display(),
        console=console,
        refresh_per_second=_REFRESH,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
