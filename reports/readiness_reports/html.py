"""Writes a report as one HTML file: no external request, readable without JavaScript, safe with hostile text."""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from readiness.report import Report, Result
from readiness_reports import overview, text, wording

if TYPE_CHECKING:
    from jinja2 import Template

LEAN_FROM = 200
"""Above this many items a passed one is written on one line, without what the page has said once already."""
FINDINGS_SHOWN = 50
"""Findings shown for an item; the JSON report has all of them."""
EVIDENCE_SHOWN = 50
EXCERPT_SHOWN = 4_000
"""Characters of an excerpt that are shown: its end."""
BLOCKERS_EXPLAINED = 100
"""Blockers that are explained at the top; those after them are named there and explained at their item."""
CONTROL_ITEMS_SHOWN = 25
"""Passed items that a row of the controls matrix names."""
DIGEST_SHOWN = 12
"""Hex digits of a digest in a lean row."""
_NAME = re.compile(r"`([^`]+)`")


def render(report: Report) -> str:
    """Write the page: a pure function of the report."""
    results = report.results
    plugins = {(r.plugin.name, r.plugin.distribution, r.plugin.version): r.plugin for r in results if r.plugin}
    style, script = (_asset(name) for name in ("report.css", "report.js"))
    return _template().render(
        report=report,
        verdict=report.verdict,
        subject=report.subject,
        lean=len(results) > LEAN_FROM,
        many_phases=len({result.item.phase for result in results}) > 1,
        phase=next((result.item.phase for result in results), ""),
        by_id={result.item.id: result for result in results},
        selected=sum(result.selected for result in results),
        tally=overview.tally(results),
        tasks=overview.tasks(report),
        sections=overview.sections(report),
        cards=overview.signoffs(report),
        waivers=overview.waivers(report),
        controls=overview.controls(report),
        caveats=overview.caveats(report),
        advisories=overview.advisories(report),
        commands=overview.commands(report),
        plugins=[plugin for _, plugin in sorted(plugins.items())],
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'",
    )


@cache
def _template() -> "Template":
    """Compile the page once; every value that it prints passes `_shown`, so no author of a template can forget it."""
    import jinja2

    environment = jinja2.Environment(
        autoescape=True,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(_asset),
    )
    environment.globals |= {
        "WORDS": wording.STATUS_WORDS,
        "MEANINGS": wording.STATUS_MEANINGS,
        "VERDICTS": wording.VERDICT_WORDS,
        "VERDICT_MEANINGS": wording.VERDICT_MEANINGS,
        "FINDINGS_SHOWN": FINDINGS_SHOWN,
        "EVIDENCE_SHOWN": EVIDENCE_SHOWN,
        "BLOCKERS_EXPLAINED": BLOCKERS_EXPLAINED,
        "CONTROL_ITEMS_SHOWN": CONTROL_ITEMS_SHOWN,
        "DIGEST_SHOWN": DIGEST_SHOWN,
        "title": _title,
        "remedy": overview.remedy,
        "segments": _segments,
    }
    environment.filters |= {
        "count": wording.count,
        "judged": wording.judged,
        "measured": wording.measured,
        "moment": wording.moment,
        "pre": lambda excerpt: _Raw(text.tail(excerpt, EXCERPT_SHOWN)),
        "required": wording.required,
        "seconds": wording.seconds,
        "sentence": wording.sentence,
        "state": wording.state,
        "trusted": _Raw.trusted,
        "web_address": text.web_address,
        "words": _words,
    }
    return environment.get_template("report.html.jinja")


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


def _segments(counts: dict[str, int], width: int) -> list[tuple[str, float, float]]:
    """Key, start and length of each part of a bar of that width; what is there at all stays visible."""
    total = sum(counts.values())
    least = min(2.0, width / max(len(counts), 1))
    lengths = {key: max(width * number / total, least) for key, number in counts.items()}
    scale = width / sum(lengths.values()) if lengths else 1.0
    found, start = [], 0.0
    for key, length in lengths.items():
        found.append((key, round(start, 2), round(length * scale, 2)))
        start += length * scale
    return found


def _asset(name: str) -> str:
    return (files("readiness_reports") / "page" / name).read_text(encoding="utf-8")


def _digest(inline: str) -> str:
    """Hash of an inline style or script, as the Content Security Policy writes it (CSP Level 3, section 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
