"""How options are declared: as one value, as lengths of time and dates, and how a shell completes them."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, TypeVar, get_args

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
import contextlib
import re
from datetime import datetime, timedelta
from importlib.metadata import entry_points
from pathlib import Path

import click

from readiness.cli.errors import UsageError

Options = TypeVar("Options", bound="DataclassInstance")
Result = TypeVar("Result")
Command = TypeVar("Command", bound=Callable[..., object])


def takes(kind: type[Options]) -> Callable[[Callable[[Options], Result]], Callable[..., Result]]:
    """Give a command the options of a frozen dataclass, and call it with one value of that.

    Each field is `Annotated` with the click option or argument of its name, or is again such a dataclass. They appear
    in the help in the order of the fields.

    Raises:
        TypeError: An option has another name than its field.
    """

    def decorate(command: Callable[[Options], Result]) -> Callable[..., Result]:
        @functools.wraps(command)
        def called(**values: object) -> Result:
            return command(_value(kind, values))

        for name, option in reversed(list(_declared(kind))):
            called = option(called)
            declared = called.__click_params__[-1].name  # type: ignore[attr-defined]  # where click keeps them
            if declared != name:
                raise TypeError(f"the option `{declared}` stands at the field `{name}` of {kind.__name__}")
        return called

    return decorate


def _declared(kind: "type[DataclassInstance]") -> "Iterator[tuple[str, Callable[[Command], Command]]]":
    for field in fields(kind):
        if isinstance(field.type, type) and is_dataclass(field.type):
            yield from _declared(field.type)
        else:
            yield field.name, get_args(field.type)[1]


def _value(kind: type[Options], values: dict[str, object]) -> Options:
    found = {
        field.name: _value(field.type, values)
        if isinstance(field.type, type) and is_dataclass(field.type)
        else values[field.name]
        for field in fields(kind)
    }
    return kind(**found)


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
    from datetime import UTC, datetime

    from readiness.records.writing.waiver_and_revocation import read_expiry

    return read_expiry(text, datetime.now(UTC).replace(microsecond=0))


AS_OF, DEADLINE, BEGIN, END = Date(_moment), Date(_deadline, "2027-05-23, or a time as 30d"), Date(_begin), Date(_end)
"""A moment to look back to, one at which something ends, and the two ends of a period."""


_ID = re.compile(r"""(?:^|[\s{,])id:\s*["']?([A-Za-z0-9][A-Za-z0-9._-]{0,99})""")
_NAMES = ("readiness.yaml", "readiness.yml")
_LARGEST = 2**20
"""Bytes; a larger checklist is refused when it is loaded, too."""


def item_ids(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Ids that begin like this, in the order of the file, without those that were named already."""
    named = context.params.get("items") or ()
    return [name for name in _ids(context.params.get("file")) if name.startswith(incomplete) and name not in named]


def items_and_checks(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The same, and names of installed checks."""
    checks = sorted({point.name for point in entry_points(group="readiness.checks")})
    return [*item_ids(context, parameter, incomplete), *(name for name in checks if name.startswith(incomplete))]


def _ids(file: Path | None) -> list[str]:
    place = file or _found(Path.cwd())
    with contextlib.suppress(OSError):
        if place is not None and place.is_file():
            with place.open("rb") as stream:
                return list(dict.fromkeys(_ID.findall(stream.read(_LARGEST).decode("utf-8", "replace"))))
    return []


def _found(start: Path) -> Path | None:
    """The checklist that `readiness.loading.find` finds, which would import all that loading needs."""
    folders = [start, *start.parents]
    tops = [number for number, folder in enumerate(folders) if (folder / ".git").exists()]
    looked_at = folders[: tops[0] + 1] if tops else [start]
    return next((place for folder in looked_at for name in _NAMES if (place := folder / name).is_file()), None)
