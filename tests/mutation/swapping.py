"""Puts a mutant into modules that are imported already, or says that it has to be there when they are imported."""

import gc
import inspect
import sys
from collections.abc import Iterator, Mapping
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType

Place = tuple[str, int]
"""Qualified name and first line of a function."""


def changed_functions(original: str, mutated: str) -> dict[Place, CodeType] | None:
    """New code of the outermost functions that differ; None when something outside of functions does.

    Args:
        original: Source of the module.
        mutated: The same with a fault.
    """
    one, other = (compile(source, "module", "exec", dont_inherit=True) for source in (original, mutated))
    return _differing(one, other)


def functions_of(path: Path) -> dict[Place, list[FunctionType]]:
    """All functions that live now and were defined in a file."""
    found: dict[Place, list[FunctionType]] = {}
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == str(path):
            found.setdefault(_place(each.__code__), []).append(each)
    return found


def put_in(changed: Mapping[Place, CodeType], living: Mapping[Place, list[FunctionType]]) -> bool:
    """Give functions their new code wherever they are referred to; whether that was possible."""
    if not all(place in living for place in changed):
        return False
    try:
        for place, code in changed.items():
            for function in living[place]:
                function.__code__ = code
    except ValueError:  # it closes over other variables
        return False
    return True


def import_mutated(name: str, path: Path, source: str) -> None:
    """Let a module have another source when it is imported.

    Args:
        name: Of the module.
        path: Of its file.
        source: What to run in its place.
    """

    class Loader(SourceFileLoader):
        def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - given by the import system
            return compile(source, str(path), "exec", dont_inherit=True)

    class Finder(MetaPathFinder):
        def find_spec(self, fullname: str, _path: object, _target: object = None) -> ModuleSpec | None:
            if fullname != name:
                return None
            return spec_from_file_location(name, path, loader=Loader(name, str(path)))

    sys.meta_path.insert(0, Finder())


def _differing(one: CodeType, other: CodeType) -> dict[Place, CodeType] | None:
    ones, others = list(_inside(one)), list(_inside(other))
    if _own(one) != _own(other) or len(ones) != len(others):
        return None
    found: dict[Place, CodeType] = {}
    for before, after in zip(ones, others, strict=True):
        if before.co_flags & inspect.CO_OPTIMIZED:  # a function; the body of a class is not
            if before != after:
                found[_place(before)] = after
            continue
        below = _differing(before, after)
        if below is None:
            return None
        found |= below
    return found


def _own(code: CodeType) -> tuple[object, ...]:
    consts = [(type(each), each) for each in code.co_consts if not isinstance(each, CodeType)]
    return code.co_name, code.co_code, code.co_names, repr(consts), code.co_varnames, code.co_freevars


def _inside(code: CodeType) -> Iterator[CodeType]:
    return (each for each in code.co_consts if isinstance(each, CodeType))


def _place(code: CodeType) -> Place:
    return code.co_qualname, code.co_firstlineno
