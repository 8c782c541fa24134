"""Gives a command its options as one value: a frozen dataclass, whose fields carry their click option."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, TypeVar, get_args

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

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
