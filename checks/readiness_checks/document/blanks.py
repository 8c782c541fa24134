"""Finds blanks that nobody filled in: `[Your …]`, `[●]`, `TODO`, `lorem ipsum`, `{{…}}`, `XX/XX/XXXX`, `<company>`."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from readiness_checks.document import vocabulary
from readiness_checks.document.patterns import FORMS, SIGNATORY, SIGNATURE, UNDERSCORES, UNIT
from readiness_checks.document.text import Blank, Block, Text

_ELEMENTS = frozenset((
    "a", "abbr", "address", "article", "aside", "audio", "b", "bdi", "bdo", "blockquote", "body", "br", "button",
    "canvas", "caption", "center", "cite", "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "dialog",
    "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "label",
    "legend", "li", "link", "main", "map", "mark", "math", "menu", "meta", "nav", "noscript", "object", "ol",
    "optgroup", "option", "output", "p", "param", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp",
    "script", "section", "select", "small", "source", "span", "strong", "strike", "style", "sub", "summary", "sup",
    "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track",
    "tt", "u", "ul", "var", "video", "wbr",
))  # fmt: skip
_ANSWERS = frozenset(("none", "nil", "null", "unknown", "pending", "empty", "unset", "anonymous"))
"""What programs print where there is nothing: `<none>`."""
_BRACKETED, _TEMPLATE = "it is a blank in brackets", "it is a blank of a template"
_BRACKETS = re.compile(
    r"(?<![A-Za-z0-9_\]!\[])[\[【［]([^\[\]【】［］\n]{1,400}(?:\n(?![-*+>|#])[^\[\]\n]{0,200})?)[\]】］](?![\[(\]])"
)
_ANGLES = re.compile(r"(?<![\w<])<([^\W\d_][\w .,'’/&-]{0,59})>(?!>)")
_DOUBLE = re.compile(r"<<(?=[^<>\n]{0,59}[^\W\d_])[^<>@\n]{1,60}>>|«(?:\w[^\W_]*+_\w++|[A-Z][a-z]++[A-Z]\w*+)»")
_BRACES = re.compile(r"(?<![\w$%{#/.=-])\{([^\W\d_][\w .'’-]{0,40})\}(?!\})")
_MARKED = re.compile(
    r"\$\{([A-Za-z_][\w.]{0,60})\}|(?<![\w%])%([A-Za-z]\w{1,40})%(?![\w%])|(?<![\w@])@@([A-Za-z][\w ]{1,40})@@|"
    r"(?<![\w#])##([A-Za-z][\w ]{1,40})##|(?<!\w)__([A-Z][A-Z_]*[A-Z])__(?!\w)|<%=\s*([\w.@]{1,60})\s*%>"
)
_MUSTACHE = re.compile(r"(?<!\$)\{\{(?![<%])([^{}\n]{0,120})\}\}")
_OF_THE_SITE = re.compile(
    r"\s*+(?:[-~]\s*+)?(?:\.(?:Site|Page|Params|Get|Inner|Title|Date|Content|Permalink)\b|\$|['\"]|(?:site|page|layout|config|content|include|theme|settings|params|block|post|book|env|extra|"
    r"data|variables|url_for|static|asset|ref|relref|macros?|super|toc|gitbook|frontmatter)\b)|[^|]*\|"
)
"""Variables of what makes sites, and filters: Jekyll, Hugo, MkDocs, Vue fill them in when the site is built."""
_SET_HERE = re.compile(r"\{%-?\s*(?:assign|capture|set|for)\s+(\w+)")
_REFERENCE = re.compile(r"^ {0,3}\[([^\]]+)\]:\s*<?\S*[/#.]\S*")
"""The definition of a link, as in CommonMark 0.31 §4.7."""
_SYMBOLS = re.compile(r"[●•○◦■□▪⬤∙·*_#?$€£¥%.,–—+ \t\xa0-]+")
_FILLER = re.compile(r"[●•○◦■▪⬤∙_#?]|\A[*–—]\Z")
_LETTER = re.compile(r"[XxNnYyZz]|[NYZ]{2,4}")
_NOTE = re.compile(r"(?i)note to (?:draft|the draft|file|counsel|author|reviewer)")
_EITHER = re.compile(
    r"(?i)(?:s?he/(?:s?he|they)|is/are|shall/(?:may|will)|(?:will|may)/(?:will|may)|does/does not|has/have|or/and|a/an)"
)
_AMOUNT = re.compile(r"[$€£]?\d[\d.,]*\s*%?")
_BEFORE_LETTER = re.compile(r"[a-zà-ÿ,] $")
_AFTER_LETTER = re.compile(r" ?[a-z%]")
_CAPITALS = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
_JOINED = re.compile(r"[a-zA-Z]+(?:_[a-zA-Z]+)+")
"""How programs name what they fill in."""
_EXAMPLE = re.compile(r"\((?:e\.g\.|for example|for instance)[^)\n]*$")
_LEFT_OPEN = re.compile(r"[●⬤]|_{2,}|\bX{2,}\b")
_LONGEST = 80
"""Characters of what is only named; an instruction may be longer."""
_WINDOW, _OVERLAP = 4_000, 700
"""Characters searched at once, and those of them that are searched twice."""
_CODE_SPAN = re.compile(r"(?<!`)(`++).*?(?<!`)\1(?!`)", re.DOTALL)
_ESCAPED = re.compile(r"\\([\[\]_<>{}])")
_INERT = "\ue000"
"""Stands for what is code: no letter, no space."""


@dataclass(frozen=True)
class _Known:
    """What the document itself says about its signs."""

    labels: frozenset[str]
    """Of links."""
    variables: frozenset[str]
    """That it sets."""
    closed: frozenset[str]
    """Elements that it also closes."""
    signed: bool
    """Whether it has a line for a signature."""
    markdown: bool


def blanks(text: Text) -> Iterator[Blank]:
    """All places in a document that were left to be filled in, in its order; each line's first only."""
    whole = "\n".join(block.text for block in text.blocks)
    known = _Known(
        labels=frozenset(label.casefold() for block in text.blocks for label in _REFERENCE.findall(block.text)),
        variables=frozenset(_SET_HERE.findall(whole)),
        closed=frozenset(name.casefold() for name in re.findall(r"</([A-Za-z][\w.-]*)>", whole)),
        signed=SIGNATURE.search(whole) is not None,
        markdown=text.kind == "markdown",
    )
    yield from text.unfinished
    told = {(blank.line, blank.text) for blank in text.unfinished}
    yield from (blank for blank in _written(text.blocks, known) if (blank.line, blank.text) not in told)


def _written(blocks: Iterable[Block], known: _Known) -> Iterator[Blank]:
    """Those in the text, paragraph by paragraph."""
    paragraph: list[Block] = []
    for block in blocks:
        alone = bool(block.level) or block.code or not block.text.strip()
        if alone and paragraph:
            yield from _in_paragraph(paragraph, known)
            paragraph = []
        if alone:
            yield from _in_paragraph([block], known)
        else:
            paragraph.append(block)
    yield from _in_paragraph(paragraph, known)


def _in_paragraph(group: Sequence[Block], known: _Known) -> Iterator[Blank]:
    """The first blank of each line of a paragraph, which is searched in pieces that overlap.

    The patterns would take time by the square of its length.
    """
    code = bool(group) and group[0].code
    lines = [_ESCAPED.sub(r"\1", block.text) if known.markdown and not code else block.text for block in group]
    joined = "\n".join(lines)
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    found: dict[int, Blank] = {}
    for start, piece in _pieces(joined):
        for offset, what, why in _in_piece(piece, known, code=code):
            row = bisect_right(starts, start + offset) - 1
            found.setdefault(row, Blank(" ".join(what.split())[:_LONGEST], why, group[row].line))
    yield from (found[row] for row in sorted(found))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Parts of a text with their places; they overlap, and whole lines stay whole where that is possible."""
    start = 0
    while len(text) - start > _WINDOW:
        end = text.rfind("\n", start + _WINDOW // 2, start + _WINDOW) + 1 or start + _WINDOW
        yield start, text[start:end]
        start = text.find("\n", end - _OVERLAP, end - 1) + 1 or end - _OVERLAP
    yield start, text[start:]


def _in_piece(text: str, known: _Known, *, code: bool) -> Iterator[tuple[int, str, str]]:
    """Place, text and reason of each blank; of several in one line, the plainest first."""
    prose = "" if code else text
    if known.markdown:
        prose = _CODE_SPAN.sub(lambda match: re.sub(r"[^\n]", _INERT, match[0]), prose)
    for match in _BRACKETS.finditer(prose):
        if match[1].casefold() not in known.labels and _is_left_open(match, prose):
            yield match.start(), match[0], _BRACKETED
    for match in _ANGLES.finditer(prose):
        name = match[1].casefold().split(" ")[0].rstrip("/")
        if name not in {*_ELEMENTS, *_ANSWERS} and name not in known.closed:
            yield match.start(), match[0], _BRACKETED
    yield from _of_templates(prose, known)
    if shown := vocabulary.prompt(prose):
        yield shown.start(), shown[0], "Word shows it where nothing was typed"
    yield from _to_write_on(prose, known)
    for form in FORMS:
        for match in form.pattern.finditer(text if form.in_code else prose):
            yield match.start() + len(match[0]) - len(match[0].lstrip()), match[0], form.why


def _of_templates(prose: str, known: _Known) -> Iterator[tuple[int, str, str]]:
    """What a program would fill in: `{{name}}`, `<<Name>>`, `{Company Name}`, `${company.name}`, `__DATE__`."""
    for match in _MUSTACHE.finditer(prose):
        root = re.match(r"\s*(\w*)", match[1])
        if not _OF_THE_SITE.match(match[1]) and not (root and root[1] in known.variables):
            yield match.start(), match[0], _TEMPLATE
    for match in _DOUBLE.finditer(prose):
        yield match.start(), match[0], _TEMPLATE
    for match in _BRACES.finditer(prose):
        if vocabulary.only_names(match[1]) or _JOINED.fullmatch(match[1]):
            yield match.start(), match[0], _TEMPLATE
    for match in _MARKED.finditer(prose):
        name = next(group for group in match.groups() if group)
        bold = match[0].startswith("__") and "_" not in name and match[0] == _line_around(prose, match).strip()
        if vocabulary.mentions_name(name) and not bold:
            yield match.start(), match[0], _TEMPLATE


def _to_write_on(prose: str, known: _Known) -> Iterator[tuple[int, str, str]]:
    """Lines to write on between words; those for names and dates beside a signature are meant for a pen."""
    for match in UNDERSCORES.finditer(prose):
        line = _line_around(prose, match)
        if re.search(r"[^\W_]", line) and not (known.signed and not re.search(r"[^\W_]", SIGNATORY.sub("", line))):
            yield match.start(), line.strip()[:_LONGEST], "it is left blank"


def _line_around(text: str, match: re.Match[str]) -> str:
    end = text.find("\n", match.end())
    return text[text.rfind("\n", 0, match.start()) + 1 : len(text) if end < 0 else end]


def _is_left_open(match: re.Match[str], prose: str) -> bool:
    """Whether a text in brackets is to be replaced: `[●]`, `[DevOps Team]`, `[COMPANY_NAME]`, `[insert date]`."""
    inside, before, after = match[1], prose[: match.start()], prose[match.end() :]
    if _LETTER.fullmatch(inside) or not inside.strip():
        boxes = len(re.findall(r"\[[ xX]*\]", _line_around(prose, match)))  # of several, each is one to check
        return boxes < 2 and bool(_BEFORE_LETTER.search(before[-2:]) and _AFTER_LETTER.match(after))  # noqa: PLR2004
    if _SYMBOLS.fullmatch(inside):
        return _FILLER.search(inside) is not None
    if _LEFT_OPEN.search(inside) or _CAPITALS.fullmatch(inside) or _NOTE.match(inside) or _EITHER.fullmatch(inside):
        return True
    # in a quotation it is an editor's change: "if [the employer] agrees"
    return not _quoted(before) and not _EXAMPLE.search(before) and _asks(" ".join(inside.split()), after)


def _asks(inside: str, after: str) -> bool:
    """Whether the words in brackets ask for something, or name it."""
    if _AMOUNT.fullmatch(inside):
        return UNIT.match(after) is not None
    if vocabulary.begins_with_request(inside) or vocabulary.names_of(inside):
        return True
    return len(inside) <= _LONGEST and (vocabulary.only_names(inside) or vocabulary.titled(inside))


def _quoted(before: str) -> bool:
    """Whether a place is in a quotation that says something before it."""
    paragraph = before[before.rfind("\n\n") + 1 :]
    opened = max(paragraph.rfind("“"), paragraph.rfind("«"), paragraph.rfind("„"))
    closed = max(paragraph.rfind("”"), paragraph.rfind("»"), paragraph.rfind("“") if "„" in paragraph else -1)
    if opened <= closed and paragraph.count('"') % 2:
        opened, closed = paragraph.rfind('"'), -1
    return opened > closed and re.search(r"\w", paragraph[opened:]) is not None
