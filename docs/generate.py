"""Write what the documentation takes from the code: check pages, schemas, and the tables of the architecture page.

python docs/generate.py            write docs/checks/, docs/schema/ and the tables of docs/architecture.md
python docs/generate.py --check    exit 1 when any of that is out of date
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import structure

from readiness.engine.host import Host
from readiness.loading.schema import checklist_schema, report_schema
from readiness.plugins import Description, installed

DOCS = Path(__file__).resolve().parent


def main() -> int:
    """Write or compare every generated file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = {path: text for path, text in generate().items() if not path.exists() or path.read_text("utf-8") != text}
    for path, text in stale.items():
        print(f"{'out of date' if check else 'wrote'}: {path.relative_to(DOCS.parent)}")
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


def generate() -> dict[Path, str]:
    """Every generated file and its text."""
    plugins = {name: p for name, p in installed("readiness.checks").items() if p.distribution == "readiness"}
    with Host() as host:
        descriptions = {name: host.describe(plugin) for name, plugin in plugins.items()}
        schemas = {"checklist-v1": checklist_schema(host, plugins), "report-v1": report_schema()}
    first = {plugin.entry_point: name for name, plugin in reversed(plugins.items())}
    other_names = {name: first[plugin.entry_point] for name, plugin in plugins.items()}
    pages = {DOCS / "checks" / f"{name}.md": page(name, text) for name, text in descriptions.items()}
    pages |= {DOCS / "checks" / f"{name}.md": other(name, of) for name, of in other_names.items() if of != name}
    pages[DOCS / "checks" / "README.md"] = index(descriptions)
    pages[DOCS / "architecture.md"] = architecture((DOCS / "architecture.md").read_text(encoding="utf-8"))
    for name, schema in schemas.items():
        pages[DOCS / "schema" / f"{name}.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return pages


def index(descriptions: dict[str, Description]) -> str:
    """The list of checks."""
    rows = [f"| [`{name}`]({name}.md) | {_cell(text.summary)} |\n" for name, text in descriptions.items()]
    return "# Checks\n\n| check | what has to be true |\n|---|---|\n" + "".join(rows)


def page(name: str, text: Description) -> str:
    """The page of one check."""
    parts = [f"# `{name}`\n", f"{text.summary}\n"]
    for title, body in (("Why it matters", text.why), ("How it is measured", text.how), ("Remedy", text.remedy)):
        if body:
            parts.append(f"## {title}\n\n{body}\n")
    if text.example:
        parts.append(f"## Example\n\n```yaml\n{text.example}\n```\n")
    parts.append(
        "## Parameters\n\n| name | type | default | meaning |\n|---|---|---|---|\n" + "".join(_rows(text.parameters))
    )
    return "\n".join(parts)


def other(name: str, first: str) -> str:
    """The page of a check that has a page under its first name."""
    return f"# `{name}`\n\nAnother name of [`{first}`]({first}.md): the same check, with the same parameters.\n"


def architecture(text: str) -> str:
    """The architecture page, each of its generated blocks written anew."""
    for name, body in (("tree", tree()), ("modules", top_modules()), ("levels", dependency_levels())):
        start, mark, rest = text.partition(f"<!-- generated: {name} -->\n")
        _old, end, rest = rest.partition("<!-- end -->")
        if not (mark and end):
            raise ValueError(f"docs/architecture.md has no block `<!-- generated: {name} -->` ... `<!-- end -->`")
        text = start + mark + body + end + rest
    return text


def tree() -> str:
    """The folders of the packages, indented, each with the first line of its docstring."""
    packages = [module for module in structure.modules().values() if module.is_package]
    width = max(len(_step(package)) for package in packages) + 2
    lines = [f"{_step(package):<{width}}{package.first_line}" for package in packages]
    return "```text\n" + "\n".join(lines) + "\n```\n"


def _step(package: structure.Module) -> str:
    """The folder of a package below its parent."""
    depth = package.name.count(".")
    return f"{'  ' * depth}{package.path.parent.name}/" if depth else package.place


def top_modules() -> str:
    """The modules that are in no package below `readiness`."""
    found = [m for m in structure.modules().values() if m.name.count(".") == 1 and m.path.parts[0] == "readiness"]
    rows = [f"| `{module.path.name}` | {module.first_line} |\n" for module in found if not module.is_package]
    return "| module | what it is |\n|---|---|\n" + "".join(rows)


def dependency_levels() -> str:
    """The rooms on each level, the highest first."""
    levels = structure.levels(structure.arrows())
    rows = []
    for level in sorted(set(levels.values()), reverse=True):
        names = sorted(name.removeprefix("readiness.") for name, own in levels.items() if own == level)
        rows.append(f"| {level} | {', '.join(f'`{name}`' for name in names)} |\n")
    return "| level | packages and modules |\n|---|---|\n" + "".join(rows)


def _rows(schema: dict[str, Any], node: dict[str, Any] | None = None, prefix: str = "") -> list[str]:
    node = node or schema
    rows = []
    for name, field in node.get("properties", {}).items():
        required = name in node.get("required", ())
        default = "required" if required else f"`{json.dumps(field.get('default'), ensure_ascii=False)}`"
        meaning = _cell(str(field.get("description", "")))
        rows.append(f"| `{prefix}{name}` | {_type(field)} | {default} | {meaning} |\n")
        for step, inner in _objects(schema, field):
            rows += _rows(schema, inner, f"{prefix}{name}{step}")
    return rows


def _objects(schema: dict[str, Any], field: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Objects of named fields inside a field, with the step that leads to them."""
    places = [("", ".", field), ("items", "[].", field), ("additionalProperties", ".NAME.", field)]
    found = []
    for key, step, holder in places:
        node = holder.get(key) if key else holder
        options = [node, *node.get("anyOf", ())] if isinstance(node, dict) else []
        for option in options:
            target = schema.get("$defs", {}).get(str(option.get("$ref", "")).rsplit("/", 1)[-1])
            if target and "properties" in target:
                found.append((step, target))
    return found


def _type(field: dict[str, Any]) -> str:
    """A type in a few words."""
    if "enum" in field:
        return " \\| ".join(f"`{json.dumps(word)}`" for word in field["enum"])
    if "anyOf" in field:
        return " \\| ".join(dict.fromkeys(_type(option) for option in field["anyOf"]))
    if "$ref" in field:
        return "object"
    if field.get("type") == "array":
        items = field.get("items")
        return f"list of {_type(items)}" if isinstance(items, dict) else "list"
    if field.get("type") == "object":
        return "map"
    return {"null": "nothing"}.get(str(field.get("type")), str(field.get("format") or field.get("type", "any")))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
