"""Finds the commands by which a project tests and lints itself: of make, just, tox, nox, composer, rake and others."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from readiness.init.tree import Tree

_RUNNERS = (
    (r"^(GNUm|m|M)akefile$", "make", r"(?m)^(?:[\w .-]+ )?{}(?: [\w .-]+)?\s*::?(?!=)"),
    (r"^\.?[jJ]ustfile$", "just", r"(?m)^@?{}(?: [^:=\n]*)?:(?!=)"),
    (r"^[tT]askfile(\.dist)?\.ya?ml$", "task", r"(?m)^  [\"']?{}[\"']?:"),
)
"""Files of recipes: their names, what runs one, and how one begins."""
_RECIPES = {"test": ("test", "tests", "check"), "lint": ("lint",)}
_BY_LOCK = {"uv.lock": "uv run ", "poetry.lock": "poetry run ", "pdm.lock": "pdm run ", "Pipfile.lock": "pipenv run "}
"""By lock file: how a tool of the project is run."""


def own_command(tree: Tree, kind: str) -> str:
    """The command at the root by which the project tests or lints itself; empty where none of its files names one.

    Args:
        tree: Its files.
        kind: `test` or `lint`.
    """
    return next(_commands(tree, kind), "")


def _commands(tree: Tree, kind: str) -> Iterator[str]:
    for pattern, program, recipe in _RUNNERS:
        for name in tree.named(pattern):
            text = tree.text(name)
            yield from (f"{program} {word}" for word in _RECIPES[kind] if re.search(recipe.format(word), text))
    yield from (name for name in tree.named(rf"^(script|scripts|bin)/{kind}(\.sh)?$") if tree.executable(name))
    prefix = prefix_of_python(tree)
    scripts = tree.toml("pyproject.toml")
    for keys, program in ((("pdm", "scripts"), "pdm run"), (("poe", "tasks"), f"{prefix}poe")):
        if kind in _at(scripts, "tool", *keys):
            yield f"{program} {kind}"
    if kind in _at(scripts, "tool", "hatch", "envs", "default", "scripts"):
        yield f"hatch run {kind}"
    yield from _of_python(tree, kind, prefix)
    if kind in _at(tree.json("composer.json"), "scripts"):
        yield f"composer {kind}"
    if kind == "test" and tree.named(r"^Rakefile$"):
        yield "bundle exec rake"
    if kind == "lint" and tree.named(r"^\.rubocop\.yml$"):
        yield "bundle exec rubocop"


def _of_python(tree: Tree, kind: str, prefix: str) -> Iterator[str]:
    project, tox = tree.toml("pyproject.toml"), "".join(map(tree.text, tree.named(r"^(tox\.ini|setup\.cfg)$")))
    nox = "".join(map(tree.text, tree.named(r"^noxfile\.py$")))
    session = re.search(rf"(?m)^def ({kind}s?)\(", nox)
    if session:
        yield f"nox -s {session[1]}"
    if kind == "test":
        if tree.named(r"^tox\.ini$") or "tox" in _at(project, "tool"):
            yield "tox"
        if tree.containing(r"^manage\.py$", "(?i)django"):
            yield f"{prefix}python manage.py test"
        return
    if f"[testenv:{kind}]" in tox:
        yield f"tox -e {kind}"
    if tree.named(r"^\.pre-commit-config\.yaml$"):
        yield "pre-commit run --all-files"
    if tree.named(r"^\.?ruff\.toml$") or "ruff" in _at(project, "tool"):
        yield f"{prefix}ruff check ."
    if tree.named(r"^\.flake8$") or "[flake8]" in tox:
        yield f"{prefix}flake8"


def prefix_of_python(tree: Tree) -> str:
    """How a tool of the project's own environment is run: `uv run `; empty where no lock file tells."""
    return next((prefix for lock, prefix in _BY_LOCK.items() if tree.named(rf"^{re.escape(lock)}$")), "")


def _at(document: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    node: Any = document
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}
