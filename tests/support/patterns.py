"""All regular expressions of the program: those that are written, those that are put together, and those in tables."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CellType, FunctionType, ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDERS = ("readiness", "checks/readiness_checks", "reports/readiness_reports")
HOW = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")
"""Methods that apply an expression."""
_OUTSIDE = "name"
"""Stands for what a caller puts into an expression, escaped."""
_OWN = {"readiness", "readiness_checks", "readiness_reports"}
_DEEPEST = 8
_SHOWN = 60
"""Characters of an expression that name it."""


@dataclass(frozen=True)
class Pattern:
    """A regular expression, and how the program applies it."""

    text: str
    flags: int
    methods: frozenset[str]
    place: str
    """Module, and the name of the expression or how it begins."""

    @property
    def module(self) -> str:
        return self.place.partition(":")[0]


@dataclass(frozen=True)
class Unread:
    """An expression that is known only when the program runs."""

    module: str
    expression: str


def sources() -> Iterator[tuple[str, Path]]:
    """Name and file of each module."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to((ROOT / folder).parent).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def every_pattern() -> tuple[list[Pattern], list[Unread]]:
    """All expressions, each once, and those that cannot be known."""
    modules = {name: importlib.import_module(name) for name, _path in sources() if not name.endswith("__main__")}
    fields = _fields(modules)
    found: dict[tuple[str, int], Pattern] = {}
    unread = list[Unread]()
    for name, path in sources():
        if name not in modules:
            continue
        place = path.relative_to(ROOT).as_posix()
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source if re.search(r"\bre\.", source) else "")
        for one in (*_kept(place, modules[name]), *_called(place, tree, modules[name], fields, unread)):
            key = (one.text, one.flags)
            methods = one.methods | (found[key].methods if key in found else frozenset())
            found[key] = Pattern(one.text, one.flags, methods, found[key].place if key in found else one.place)
    return list(found.values()), unread


def _calls(node: ast.AST, *, within: bool = False) -> Iterator[tuple[ast.Call, bool]]:
    """What is given to `re`, and whether that is when a function runs."""
    within = within or isinstance(node, ast.FunctionDef | ast.Lambda)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        owner = node.func.value
        if isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr in {"compile", *HOW}:
            yield node, within
    for inner in ast.iter_child_nodes(node):
        yield from _calls(inner, within=within)


def _kept(place: str, module: ModuleType) -> Iterator[Pattern]:
    """Compiled expressions that a module keeps: under a name, in a table, in an object."""
    for name, value in list(vars(module).items()):
        for pattern in _inside(value, re.Pattern, module.__name__):
            used = _used(name if isinstance(value, re.Pattern) else "", place)
            if isinstance(value, re.Pattern) and not (used and name.startswith("_")):
                used |= _used(name)  # other modules apply it
            yield Pattern(
                _text(pattern.pattern), pattern.flags & ~re.UNICODE, used or frozenset({"search"}), f"{place}:{name}"
            )


@cache
def _uses(place: str) -> frozenset[tuple[str, str]]:
    """Names, and the methods of expressions that a module calls on them."""
    source = (ROOT / place).read_text(encoding="utf-8")
    return frozenset(re.findall(rf"(\w+)\.({'|'.join(HOW)})\b", source))


@cache
def _used(name: str, place: str = "") -> frozenset[str]:
    """Methods that are called on a name, or on any, in a module, or in any."""
    known = _uses(place) if place else _all_uses()
    return frozenset(how for one, how in known if name in {one, ""})


@cache
def _all_uses() -> frozenset[tuple[str, str]]:
    return frozenset[tuple[str, str]]().union(*(_uses(path.relative_to(ROOT).as_posix()) for _name, path in sources()))


def _text(pattern: str | bytes) -> str:
    return pattern if isinstance(pattern, str) else pattern.decode("latin-1")


def _inside(value: Any, kind: type, owner: str, depth: int = 0) -> Iterator[Any]:
    """What of a kind a value holds that a module keeps."""
    if isinstance(value, kind):
        yield value
    elif depth < _DEEPEST:
        for inner in _children(value, owner):
            yield from _inside(inner, kind, owner, depth + 1)


def _children(value: Any, owner: str) -> list[Any]:
    """The values of a container, of an object of the program, and of classes and functions of a module."""
    if isinstance(value, dict):
        return [*value, *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if isinstance(value, type):
        return list(vars(value).values()) if value.__module__ == owner else []
    if isinstance(value, FunctionType):
        defaults = [value.__defaults__, value.__kwdefaults__] if value.__module__ == owner else []
        return [*defaults, *(cell.cell_contents for cell in value.__closure__ or () if defaults and cell != CellType())]
    return list(_attributes(value).values()) if _is_own(value) else []


def _is_own(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] in _OWN


def _attributes(value: Any) -> dict[str, Any]:
    if isinstance(value, tuple):
        return dict(value._asdict()) if hasattr(value, "_asdict") else {}
    slots = (slot for kind in type(value).__mro__ for slot in getattr(kind, "__slots__", ()))
    return {name: getattr(value, name) for name in (*getattr(value, "__dict__", {}), *slots) if hasattr(value, name)}


def _fields(modules: dict[str, ModuleType]) -> dict[tuple[str, str], set[str]]:
    """Texts of the tables of the program, by the field in which they stand."""
    found: dict[tuple[str, str], set[str]] = {}
    seen = set[int]()

    def walk(value: Any, depth: int = 0) -> None:
        if depth > _DEEPEST or id(value) in seen or isinstance(value, type):
            return
        if _is_own(value):
            seen.add(id(value))
            for name, inner in _attributes(value).items():
                if isinstance(inner, str):
                    found.setdefault((_package(type(value).__module__), name), set()).add(inner)
        for inner in _children(value, ""):
            walk(inner, depth + 1)

    for module in modules.values():
        for value in list(vars(module).values()):
            walk(value)
    return found


def _shown(node: ast.expr) -> str:
    return (repr(node.value) if isinstance(node, ast.Constant) else ast.unparse(node))[:_SHOWN]


def _package(module: str) -> str:
    return ".".join(module.split(".")[:3])


def _called(
    place: str, tree: ast.Module, module: ModuleType, fields: dict[tuple[str, str], set[str]], unread: list[Unread]
) -> Iterator[Pattern]:
    """Expressions that a module gives to `re`."""
    for call, within in _calls(tree):
        how = ast.unparse(call.func).removeprefix("re.")
        if how == "compile" and not within:
            continue  # what a module compiles when it is imported it keeps
        methods = frozenset({how})
        if how == "compile":
            methods = _used("", place) or frozenset({"search"})
        texts = _texts(call.args[0], module, fields)
        if texts is None:
            unread.append(Unread(place, ast.unparse(call.args[0])))
        for text in sorted(texts or ()):
            yield Pattern(text, _flags(call), methods, f"{place}:{_shown(call.args[0])}")


def _texts(node: ast.expr, module: ModuleType, fields: dict[tuple[str, str], set[str]]) -> set[str] | None:
    """What an argument may be; what a caller puts in escaped is a name."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and not hasattr(module, node.value.id):
        return fields.get((_package(module.__name__), node.attr))

    class Known(ast.NodeTransformer):
        def visit_Call(self, call: ast.Call) -> ast.AST:
            escapes = ast.unparse(call.func) == "re.escape"
            return ast.Constant(_OUTSIDE) if escapes else self.generic_visit(call)

        def visit_FormattedValue(self, value: ast.FormattedValue) -> ast.AST:
            value = self.generic_visit(value)  # type: ignore[assignment]
            known = all(
                hasattr(module, one.id) or hasattr(__builtins__, one.id)
                for one in ast.walk(value.value)
                if isinstance(one, ast.Name)
            )
            return value if known else ast.FormattedValue(ast.Constant(_OUTSIDE), -1, None)

    tree = ast.fix_missing_locations(ast.Expression(Known().visit(ast.parse(ast.unparse(node), mode="eval").body)))
    if any(isinstance(one, ast.Constant) and isinstance(one.value, bytes) for one in ast.walk(tree)):
        for one in ast.walk(tree):
            if isinstance(one, ast.Constant) and one.value == _OUTSIDE:
                one.value = _OUTSIDE.encode()
    try:
        value = eval(compile(tree, "<pattern>", "eval"), dict(vars(module)))  # noqa: S307  # the program's own source
    except (NameError, AttributeError, TypeError):
        return None
    return {_text(value)} if isinstance(value, str | bytes) else None


def _flags(call: ast.Call) -> int:
    found = 0
    for node in [*call.args[1:], *(keyword.value for keyword in call.keywords)]:
        for part in ast.walk(node):
            flag = getattr(re, part.attr, None) if isinstance(part, ast.Attribute) else None
            found |= flag if isinstance(flag, re.RegexFlag) else 0
    return found
