"""Lengths of time and dates, as options take them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import click

from readiness.cli.errors import UsageError


class Length(click.ParamType[timedelta]):
    """A length of time, such as `24h`."""

    name = "duration"

    def convert(self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read it."""
        from readiness.duration import parse

        try:
            return value if isinstance(value, timedelta) else parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Date(click.ParamType["datetime | None"]):
    """A day or a moment; an empty text is none.

    Args:
        read: Says what a text means; raises `ValueError`.
        example: What to write instead of a wrong one.
    """

    name = "date"

    def __init__(self, read: Callable[[str], datetime], example: str = "2026-11-23") -> None:
        self._read, self._example = read, example

    def convert(
        self,
        value: str | datetime,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> datetime | None:
        """Read it; not while a shell completes, which imports nothing heavy."""
        if ctx is not None and ctx.resilient_parsing:
            return None
        try:
            return value if isinstance(value, datetime) else self._read(value) if value else None
        except ValueError as error:
            option = param.opts[0] if param is not None else "a date"
            raise UsageError(f"{option}: {error}\nnext: write a date, for instance {self._example}") from error


def _begin(text: str) -> datetime:
    from readiness.records.review.filter import begin

    return begin(text)


def _end(text: str) -> datetime:
    from readiness.records.review.filter import end

    return end(text)


def _moment(text: str) -> datetime:
    from readiness.records.review.as_of import read_moment

    return read_moment(text)


def _deadline(text: str) -> datetime:
    from readiness.moment import deadline

    return deadline(text)


AS_OF, DEADLINE, BEGIN, END = Date(_moment), Date(_deadline, "2027-05-23"), Date(_begin), Date(_end)
"""A moment to look back to, one at which something ends, and the two ends of a period."""
