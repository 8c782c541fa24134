"""The forms of blanks that a pattern alone recognises: `TODO`, `lorem ipsum`, `XX/XX/XXXX`, `____`, `〇〇`."""

import re
from typing import NamedTuple

_TLD = r"\.(?:com|org|net|io|app|dev|co|eu|de|fr|example|onrender\.com|vercel\.app)\b"
_OWN = (
    r"company|domain|(?:web-?)?site|app|application|business|organi[sz]ation|org|server|host|hostname|name|brand|"
    r"e-?mail|store|shop|project|service|product|url|startup|backend|frontend|api|tenant|instance|username|account|team"
)
_LATER = r"à compléter|zu ergänzen|por completar|da completare|a preencher|in te vullen|do uzupełnienia"
_INSERT = r"insert|fill in|bitte einfügen|insérer|insertar|inserire|inserir|invullen|wstawić"
_SPAN = r"(?:calendar |business |working )?(?:days?|weeks?|months?|years?|hours?)\b"
UNIT = re.compile(rf"\s*(?:%|per ?cent\b|{_SPAN})")
"""What stands behind a number of an agreement."""


class Form(NamedTuple):
    """One form of a blank."""

    pattern: re.Pattern[str]
    why: str
    in_code: bool
    """Whether it counts in code as well: there a template may be meant, but nothing unfinished."""


_ALWAYS = (
    # `TODO O CONTEÚDO` is Portuguese for "all the content"
    (r"(?<![\w./-])TODO(?![\w/-])(?! +[A-ZÀ-Ý]{1,4} +[A-ZÀ-Ý]{3})", "it is still to be done"),
    (r"(?<![\w./-])(?:TBD|TBA|TBC|FIXME|TKTK)(?![\w/-])", "it is still to be done"),
    (r"\bto be (?:determined|decided|confirmed|defined|announced|completed|added|written)[\s.)|\]]*$", "it is open"),
    (r"(?i)\blorem ipsum\b", "it is filler text"),
    (r"(?i)\b(?:coming soon|under construction)\s*[.!]*\s*$", "it is not written yet"),
    (r"\bX{2,4}([/.\-])X{2,4}\1X{2,4}\b", "it is a run of X"),
    (r"\b(?:DD|MM|YYYY)([/.\-])(?:MM|DD)\1(?:YYYY|DD)\s*$", "it is the form of a date, not a date"),
    (r"\bMonth (?:DD|Day|XX),? (?:YYYY|Year|20)|\b20(?:XX|YY|_{1,2})(?!\w)", "it is the form of a date, not a date"),
    (r"\bINSERT\b[A-Z0-9 ,'-]{1,60}\bHERE\b", "it asks for a text"),
    (r"(?i)\b(?:insert|fill in|replace|enter|put) (?:your|the|a|an)\b[\w ,'-]{1,40}\bhere\b", "it asks for a text"),
    (r"(?i)\b(?:change|replace)[-_]?me\b|\bchangethis\b", "it asks to be changed"),
    (r"\bPLACEHOLDER\b|(?i:\bplaceholder text\b)", "it says so"),
    # not every word: youronlinechoices.com and youradchoices.com are where people opt out of advertising
    (rf"(?i)\byour(?:[-_][a-z]+(?:-[a-z]+)*|(?:{_OWN})(?:-?(?:{_OWN}))?){_TLD}", "it says `your…`"),
    (r":\s*(?:\.{5,}|…{2,}|\?{2,})\s*$", "it is left blank"),
)
_PROSE = (
    (r"(?<![\w\]\\!])\[(?i:your|insert|enter|fill in|specify|describe)\b[^\[\]]{0,200}\Z", "it is a blank in brackets"),
    (rf"(?i)\((?:{_INSERT})\s[^()\n]{{2,80}}\)", "it asks for a text"),
    (rf"(?i)(?:[:(\[–-]|^)\s*(?:{_LATER})\s*[.)\]]*\s*$", "it is open"),
    # no number of a page behind the dots: that would be a table of contents
    (r"(?<=\S)[ \t]*(?<!\.)(?:\.{6,}|…{3,})(?!\.)(?![ \t]*[ivxlcIVXLC\d]+\s*$)", "it is left blank"),
    (r"[〇○◯●△]{2,}|[〇○◯●](?=\s?[年月日円])|＿{2,}", "it is left blank"),
    (r"[X×]{2,}(?=公司|年|月|日|株式会社|有限公司|元)", "it is left blank"),
    (rf"\bX{{4,}}\b|\bXX+(?= {_SPAN}|\s?%)|[$€£]XX+\b", "it is a run of X"),
    (r"(?i)(?:@|://)(?:www\.)?example\.(?:com|net|org)\b", "the domain is reserved for examples (RFC 2606)"),
)
FORMS = (
    *(Form(re.compile(pattern, re.MULTILINE), why, in_code=True) for pattern, why in _ALWAYS),
    *(Form(re.compile(pattern, re.MULTILINE), why, in_code=False) for pattern, why in _PROSE),
)

UNDERSCORES = re.compile(r"(?<![\w@/.])_{4,}(?![A-Za-z])|(?<=\w)_{5,}")
"""A line to write on. In Markdown four of them alone in a line are a rule, which the caller knows."""
_LABEL = r"by|(?:print(?:ed)? )?name|title|its|date|place|position|signed(?: by)?|(?:authori[sz]ed )?signature|company"
SIGNATORY = re.compile(rf"(?i)(?<![^\W_])(?:{_LABEL})\b[^\w\n]*_{{3,}}")
SIGNATURE = re.compile(r"(?i)^[^\w\n]*(?:by|signed(?: by)?|(?:authori[sz]ed )?signature)\b[^\w\n]*_{3,}", re.MULTILINE)
"""A line for a signature makes the lines for names and dates beside it lines for a pen, not blanks."""
