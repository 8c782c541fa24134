"""Finds the comments and annotations of a file: by a parser, or, where there is none, line by line."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from readiness.evidence.source import SourceFile, language_of, parse
from readiness.untrusted import from_json

LARGEST = 4 * 2**20
"""Bytes above which a file is read line by line, whatever its language."""
_ANNOTATIONS = {
    "python": ("decorator",),
    "rust": ("attribute_item", "inner_attribute_item"),
    "java": ("annotation", "marker_annotation"),
    "kotlin": ("annotation", "file_annotation"),
    "c_sharp": ("attribute", "preproc_pragma", "preproc_nullable"),
    "php": ("attribute",),
}
_STYLES = {
    "c": "c cc cpp cxx h hh hpp hxx m mm swift scala sc dart groovy gradle proto zig sol jsonc json5 cshtml fs v",
    "css": "css scss sass less styl pcss",
    "sql": "sql lua hs elm adb ads psql ddl",
    "markup": "html htm xhtml xml vue svelte astro jsp jspx csproj props targets ftl twig hbs xsd xsl wsdl svg",
    "shell": "sh bash zsh ksh bats dash fish",
    "yaml": "yaml yml",
    "powershell": "ps1 psm1 psd1",
}
_STYLE_BY_SUFFIX = {f".{suffix}": style for style, suffixes in _STYLES.items() for suffix in suffixes.split()}
_TEXT = r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\""
_HASH = re.compile(
    rf"(?P<text>{_TEXT})|(?P<comment>(?:(?<![^\s;|&()])|(?<=['\"]))#[^\n]*|(?:(?<=\s)|^)//[^\n]*|/\*.*?(?:\*/|\Z))",
    re.DOTALL | re.MULTILINE,
)
_SLASH = re.compile(rf"(?P<text>{_TEXT}|`[^`\n]*`)|(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))", re.DOTALL)
_DASH = re.compile(rf"(?P<text>{_TEXT})|(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))", re.DOTALL)
_MARKUP = re.compile(r"(?P<text>(?!))|(?P<comment><!--.*?(?:-->|\Z)|\{#.*?#\}|<%#.*?%>|@\*.*?\*@)", re.DOTALL)
_SCRIPT = re.compile(r"(?ims)<script\b[^>]*>(.*?)(?:</script\s*>|\Z)|\A---\r?\n(.*?)^---")
_STYLE = re.compile(r"<style\b[^>]*>(.*?)(?:</style\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TEMPLATES = {r"\{#": "#}", r"<%#": "%>", r"@\*": "*@"}
"""How comments of templates begin, as regular expressions, and end."""
_TAGS = {r"<(?=script|style)": ">"}
COMMENT_ONLY = re.compile(r"^\s*(?:#(?!\[)|//|/\*|\*|--|<!--|@\w+\s*(?:\(.*\))?\s*$|\[\w.*\]\s*$|#!?\[.*\]\s*$)")
"""A line on which there is nothing but a comment or an annotation."""
_SCANNERS = {"c": _SLASH, "css": _SLASH, "sql": _DASH, "markup": _MARKUP}
WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
"""How UTF-16 and UTF-32 begin."""
_SLASHED = {"javascript", "typescript", "tsx", "go", "rust", "java", "kotlin", "c_sharp", "php"}
_SHEBANG = re.compile(r"\A#![^\n]*\b(python|ruby|node|php|deno|bun|sh|bash|zsh|ksh|dash)[\d.]*\b")
_INTERPRETERS = {"python": "x.py", "ruby": "x.rb", "node": "x.js", "deno": "x.ts", "bun": "x.ts", "php": "x.php"}
_NAMES = {"gemfile": "x.rb", "rakefile": "x.rb", "vagrantfile": "x.rb", "sconstruct": "x.py", "wscript": "x.py",
          "jenkinsfile": "x.groovy"}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A comment, an annotation, or a line in which some tools look for a suppression."""

    kind: str
    """`comment`, `annotation` or `text`."""
    text: str
    line: int
    """Of its first character, from 1."""


@dataclass(frozen=True)
class MarkedFile:
    """A file as suppressions are looked for in it."""

    language: str
    """As `language_of`, or a style of comments."""
    lines: tuple[str, ...]
    marks: tuple[Mark, ...]
    first_code: int
    """The first line with code, from 1; one past the last line where there is none."""


def decoded(content: bytes) -> str:
    """The text of a file, in UTF-8 or in the UTF-16 or UTF-32 that it begins with."""
    for start, name in ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"),
                        (b"\xfe\xff", "utf-16")):  # fmt: skip
        if content.startswith(start):
            return content.decode(name, "replace")
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def named_as(path: str, text: str) -> str:
    """The path, or one whose suffix says in which language a file without a suffix of its own is written."""
    pure = PurePosixPath(path)
    if pure.suffix.lower() in {".pyx", ".pxd", ".pxi", ".ipynb"}:
        return "x.py"
    if pure.name.lower() in _NAMES:
        return _NAMES[pure.name.lower()]
    if not pure.suffix and (match := _SHEBANG.match(text)):
        return _INTERPRETERS.get(match[1], "x.sh")
    return path


def style_of(path: str) -> str:
    """The style of comments of a file that no parser reads; `hash` where nothing else is known."""
    name = PurePosixPath(path).name.lower()
    if re.match(r"(?:docker|container)file\b", name) or name.endswith((".dockerfile", ".containerfile")):
        return "docker"
    return _STYLE_BY_SUFFIX.get(PurePosixPath(name).suffix, "hash")


def _notebook(text: str) -> str:
    """The code of a Jupyter notebook, each line where the file has it."""
    try:
        cells = from_json(text).get("cells", [])
        sources = [cell["source"] for cell in cells if cell.get("cell_type") == "code"]
        code = "".join("".join(source) + "\n" for source in sources)
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return text
    wanted = {json.dumps(line, ensure_ascii=ascii_)[1:-1] for line in code.split("\n") for ascii_ in (True, False)}
    lines = [re.sub(r'^\s*"|(?:\\n)?",?\s*$', "", line) for line in text.split("\n")]
    placed = "\n".join(line if line in wanted else "" for line in lines)
    return placed.replace('\\"', '"') if placed.strip() else code


def language_as_marked(path: str, text: str) -> str:
    """The language in which a file is read, or the style of its comments."""
    path = named_as(path, text)
    return language_of(path) or style_of(path)


def marked(path: str, content: bytes) -> MarkedFile:
    """Read a file's comments and annotations."""
    text = decoded(content)
    if path.lower().endswith(".ipynb"):
        text = _notebook(text)
        content = text.encode()
    path = named_as(path, text)
    if content.startswith(WIDE):
        content = text.encode()
    source = parse(path, content) if len(content) <= LARGEST else None
    if source is None:
        language = language_of(path) or style_of(path)
        marks = [*_scanned(language, text), *(_of_scripts(text) if language == "markup" else ())]
    else:
        language, text = source.language, source.content.decode("utf-8", "replace")
        marks = list(_parsed(source))
        if source.root.has_error:  # what the parser cannot read may be a comment to the tool
            seen = {(mark.line, mark.text.strip()) for mark in marks}
            marks += [mark for mark in _scanned(language, text) if (mark.line, mark.text.strip()) not in seen]
    lines = tuple(re.split(r"\r\n|\r|\n", text))
    code = (number for number, row in enumerate(lines, 1) if row.strip() and not COMMENT_ONLY.match(row))
    ordered = tuple(sorted(marks, key=lambda mark: mark.line))
    return MarkedFile(language, lines, ordered, next(code, len(lines) + 1))


def _parsed(source: SourceFile) -> Iterator[Mark]:
    for comment in source.comments():
        yield Mark("comment", comment.text, comment.line)
    for node in source.nodes(*_ANNOTATIONS[source.language]) if source.language in _ANNOTATIONS else ():
        yield Mark("annotation", source.text(node).strip(), node.start_point.row + 1)


def _scanned(language: str, text: str) -> Iterator[Mark]:
    """Comments outside quotes. A quote that no other one closes on its line is an apostrophe."""
    text = _without_open(text, _TEMPLATES) if language == "markup" else text
    scanner = _SCANNERS.get(language) or (_SLASH if language in _SLASHED else _HASH)
    line, at = 1, 0
    for match in scanner.finditer(text):
        if match["comment"] is not None:
            line, at = line + text.count("\n", at, match.start()), match.start()
            yield Mark("comment", match["comment"].rstrip("\r"), line)


def _without_open(text: str, pairs: Mapping[str, str]) -> str:
    """The text with blanks for what opens and is never closed: each would be read on to the end."""
    for begin, end in pairs.items():
        last = text.rfind(end) + len(end) if end in text else 0
        text = text[:last] + re.sub(begin, lambda match: " " * len(match[0]), text[last:], flags=re.IGNORECASE)
    return text


def _of_scripts(text: str) -> Iterator[Mark]:
    """Comments of the scripts and styles in a page or component."""
    text = _without_open(text, _TAGS)
    offset = at = 0
    for match in _SCRIPT.finditer(text):
        group = 1 if match[1] is not None else 2
        offset, at = offset + text.count("\n", at, match.start(group)), match.start(group)
        source = parse("x.ts", match[group].encode())
        for comment in source.comments() if source else ():
            yield Mark("comment", comment.text, comment.line + offset)
    offset = at = 0
    for match in _STYLE.finditer(text):
        offset, at = offset + text.count("\n", at, match.start(1)), match.start(1)
        yield from (Mark("comment", mark.text, mark.line + offset) for mark in _scanned("css", match[1]))
