"""Compiles the templates of HTML pages so that every value they print is escaped and harmless."""

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from readiness.report import Result
from readiness.text import count
from readiness_reports.view import control_matrix, items, records, text, wording

if TYPE_CHECKING:
    from jinja2 import Template

FINDINGS_SHOWN = 50
"""Findings shown for an item; the JSON report has all of them."""
EVIDENCE_SHOWN = 50
EXCERPT_SHOWN = 4_000
"""Characters of an excerpt that are shown: its end."""
BLOCKERS_EXPLAINED = 100
"""Blockers that are explained at the top; those after them are named there and explained at their item."""
PLACES_SHOWN = 5
"""Defects of a blocker that are shown at the top."""
CONTROL_ITEMS_SHOWN = 25
"""Passed items that a row of the controls matrix names."""
COVERS_SHOWN = 12
"""Covered files that a card names."""
CHANGES_SHOWN = 100
"""Changes of the policy of one kind that are shown."""
FLIPS_SHOWN = 3
DIGEST_SHOWN = 12
"""Hex digits of a digest in a lean row."""
_CHANGE_MARKS = {"weakens": "failed", "strengthens": "passed", "neutral": "not_applicable"}
_NAME = re.compile(r"`([^`]+)`")


@cache
def template(name: str) -> "Template":
    """Compile a page once; every value that it prints passes `_shown`, so no author of a template can forget it."""
    import jinja2

    environment = jinja2.Environment(
        autoescape=True,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(asset),
    )
    environment.globals |= _globals()
    environment.filters |= _filters()
    return environment.get_template(name)


def _globals() -> dict[str, Any]:
    """Names that templates may use: words, marks and limits."""
    return {
        "WORDS": wording.STATUS_WORDS,
        "CONFINEMENT": wording.CONFINEMENT,
        "MEANINGS": wording.STATUS_MEANINGS,
        "VERDICTS": wording.VERDICT_WORDS,
        "VERDICT_MEANINGS": wording.VERDICT_MEANINGS,
        "STANDINGS": control_matrix.MARKS,
        "RULE": control_matrix.RULE,
        "CHANGE_MARKS": _CHANGE_MARKS,
        "FINDINGS_SHOWN": FINDINGS_SHOWN,
        "EVIDENCE_SHOWN": EVIDENCE_SHOWN,
        "BLOCKERS_EXPLAINED": BLOCKERS_EXPLAINED,
        "PLACES_SHOWN": PLACES_SHOWN,
        "CONTROL_ITEMS_SHOWN": CONTROL_ITEMS_SHOWN,
        "COVERS_SHOWN": COVERS_SHOWN,
        "CHANGES_SHOWN": CHANGES_SHOWN,
        "FLIPS_SHOWN": FLIPS_SHOWN,
        "DIGEST_SHOWN": DIGEST_SHOWN,
        "title": _title,
        "remedy": items.remedy,
    }


def _filters() -> dict[str, Callable[..., Any]]:
    """How templates write values."""
    return {
        "count": count,
        "judged": wording.judged,
        "measured": wording.measured,
        "moment": wording.moment,
        "pre": lambda excerpt: _Raw(text.tail(excerpt, EXCERPT_SHOWN)),
        "required": wording.required,
        "seconds": wording.seconds,
        "sentence": wording.sentence,
        "signed": wording.signed,
        "state": wording.state,
        "trusted": _Raw.trusted,
        "web_address": text.web_address,
        "who": records.who,
        "whole": lambda script: _Raw(text.block(script)),
        "words": _words,
    }


@cache
def asset(name: str) -> str:
    """Content of a template, a style or a script of ours; read once, so that no command of a run can change it."""
    return (files("readiness_reports.html") / "templates" / name).read_text(encoding="utf-8")


def digest(inline: str) -> str:
    """Hash of an inline style or script, as the Content Security Policy writes it (CSP Level 3, section 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()


class _Raw(str):
    """Text that keeps its lines; still escaped, unless it is our own style or script."""

    __slots__ = ()

    @staticmethod
    def trusted(own: str) -> Any:
        """Our own style or script, byte for byte as it was hashed."""
        from markupsafe import Markup

        return Markup(own)  # noqa: S704 - a file of this package, no text from outside


def _words(sentence: str) -> Any:
    """A sentence of a check: names that it puts between backticks become code, all of it stays text."""
    from markupsafe import Markup, escape

    return Markup(_NAME.sub(r"<code>\1</code>", str(escape(text.line(sentence)))))  # noqa: S704 - escaped before


def _shown(value: Any) -> Any:
    """What a template prints: one harmless line, unless it was marked otherwise."""
    if isinstance(value, _Raw) or hasattr(value, "__html__"):
        return value
    return text.line(value if isinstance(value, str) else str(value))


def _title(result: Result | None, identifier: str) -> str:
    """A title that has something to read, or the id."""
    return (text.line(result.item.title) if result else "") or identifier
