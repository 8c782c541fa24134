"""The check `document`: judges the text of documents and the dates of their changes."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, StringConstraints

from readiness.check import Check, Context
from readiness.outcome import CheckError, Evidence, Finding, Level, Measurement, Outcome, Status
from readiness.strictness import stricter
from readiness.text import count
from readiness_checks.document import history, sections
from readiness_checks.document.blanks import blanks
from readiness_checks.document.formats import read
from readiness_checks.document.text import Text
from readiness_checks.parameters import ONE_OR_MANY

_SHOWN = 50
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[a-zà-ÿ])")
"""Divides a word at the end of a line, in PDF."""


def _pattern(wanted: str) -> re.Pattern[str]:
    """A text to look for, or a regular expression between slashes; white space matches any white space."""
    if len(wanted) > len("//") and wanted[0] == wanted[-1] == "/":
        return re.compile(wanted[1:-1], re.IGNORECASE | re.MULTILINE)
    return re.compile(r"\s+".join(map(re.escape, wanted.split())), re.IGNORECASE)


def _validate_pattern(wanted: str) -> str:
    try:
        _pattern(wanted)
    except re.error as error:
        raise ValueError(f"`{wanted}` is no regular expression: {error}") from error
    return wanted


_Words = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]


class Document(Check):
    """Documents are present, have what they must have, are filled in, and were reviewed recently enough.

    Why: A policy that still says `[Your Company]`, lost a section, or was last looked at before the feature that it
    has to cover, is worse than none: it is what users and courts hold the team to.

    How: Reads Markdown, HTML, reStructuredText, plain text, Word files (DOCX) and PDF. Text is UTF-8, or what its byte
    order mark says; Windows-1252 otherwise, with a warning. What counts is what a reader sees: comments, scripts and
    hidden text do not; tables, text boxes, headers, footers and notes of a Word file do. A document that is missing
    or has no text outside of headings fails. One that cannot be read whole is an error: a file of Word before 2007,
    one that is damaged or encrypted, a PDF with scanned pages (a first or last page without text may be a cover).

    Headings are those of the format; a line of its own in bold type or capitals; bold words that a paragraph begins
    with; in plain text and PDF a line of its own. They are compared without case, numbering, markup and emoji, and
    need text below them.

    Blanks are found by their form, in twenty languages: brackets that name or ask for something, `[●]`, `____`,
    `<<Name>>`, `{{name}}`, what Word shows where nothing was typed, empty fields of forms. In Word files and PDF,
    tracked changes and comments that are still open count, too. A link, a check box, a footnote, code, a variable of
    Jekyll or Hugo, the lines of a signature, and a word that an editor changed in a quotation are none.

    `changed_since` is answered by the commits of git, merges left out; changes that are not committed do not count.

    Remedy: Write what is missing, fill in every blank, settle every change and comment, and commit the document.

    Example:
        - id: privacy-policy
          title: The privacy policy is complete
          check: document
          with: {paths: [PRIVACY.md], sections: [Contact, Retention], minimum_words: 10}
    """

    uses_services: ClassVar[bool] = False
    runs_foreign_code: ClassVar[bool] = False

    paths: Annotated[list[_Words], Field(min_length=1), ONE_OR_MANY, stricter.more_entries]
    """Documents: files, folders or globs, relative to the root of the repository; each has to match a file."""
    sections: Annotated[list[_Words], ONE_OR_MANY, stricter.more_entries] = []
    """Headings that each document must have, with text below them."""
    contains: Annotated[
        list[Annotated[_Words, AfterValidator(_validate_pattern)]], ONE_OR_MANY, stricter.more_entries
    ] = []
    """Texts that each document must contain, or regular expressions between slashes (`/version \\d+/`); case does not
    count, and in a text any white space matches any other."""
    forbid_placeholders: Annotated[bool, stricter.true] = True
    """Whether blanks such as `[Your Company]`, `[●]`, `TODO`, `lorem ipsum`, `{{name}}`, `XX/XX/XXXX`, `<company>` or
    `INSERT ADDRESS HERE` fail; in Word files and PDF also open changes and comments."""
    minimum_words: Annotated[int, Field(ge=1), stricter.higher] = 1
    """Words that each document must have outside of its headings; in Chinese and Japanese each character is one."""
    changed_since: Annotated[
        Annotated[str, AfterValidator(history.validate)] | None, stricter.higher.measured_as("recency")
    ] = None
    """A date (`2026-01-31`), a length of time (`180d`), or a git tag or branch: each document must have a commit since
    then."""

    def run(self, context: Context) -> Outcome:
        """Read, judge, ask git."""
        findings: list[Finding] = []
        names: list[str] = []
        evidence: list[Evidence] = []
        for path, missing in self._files(context):
            if path is None:
                findings.append(_defect("missing", missing, "", None, "write it, or correct the path"))
                continue
            name = _name(context, path)
            if name in names:
                continue
            data = context.read(path)
            names.append(name)
            evidence.append(Evidence(name=name, sha256=hashlib.sha256(data).hexdigest()))
            findings.extend(self._judge(name, read(name, data)))
        if self.changed_since is not None and names:
            findings.extend(history.unchanged(context, names, self.changed_since))
        return self._outcome(names, findings, evidence)

    def _files(self, context: Context) -> Iterator[tuple[Path | None, str]]:
        """Every file that is meant, or what is missing."""
        for pattern in self.paths:
            try:
                found = context.glob([pattern])
            except (ValueError, NotImplementedError) as error:
                raise CheckError(f"`{pattern}` is no path or glob: {error}", "correct it") from error
            yield from ((path, "") for path in found)
            if not found:
                yield None, f"`{pattern}` does not exist"

    def _judge(self, name: str, document: Text) -> Iterator[Finding]:
        visible = "\n".join(block.text for block in document.blocks)
        if not re.search(r"\w", visible):
            yield _defect("empty", "the document is empty", name, None, "write it")
            return
        written = sections.words(document)
        if written < self.minimum_words:
            message = (
                f"it has {count(written, 'word')} outside of headings; `minimum_words` asks for {self.minimum_words}"
            )
            yield _defect("short", message, name, None, "write it")
        yield from self._lacking(name, document, visible)
        for note in document.notes:
            said = _defect("unseen", note, name, None, "look at it, or give its text")
            yield said.model_copy(update={"level": Level.WARNING})
        yield from _encoding(name, document)

    def _lacking(self, name: str, document: Text, visible: str) -> Iterator[Finding]:
        """What is missing in a document, or was left open."""
        for wanted in self.sections:
            heading, filled = sections.find(document, wanted)
            if heading is None:
                yield _defect("section-missing", f"there is no section `{wanted}`", name, None, "write this section")
            elif not filled:
                message = f"the section `{wanted}` has no text"
                yield _at(document, heading.line, _defect("section-empty", message, name, None, "write this section"))
        for wanted in self.contains:
            if not any(_pattern(wanted).search(each) for each in (visible, _HYPHEN.sub("", visible))):
                yield _defect("text-missing", f"it does not contain `{wanted}`", name, None, "add it")
        if self.forbid_placeholders:
            for blank in blanks(document):
                message = f"`{blank.text}` is a placeholder: {blank.why}"
                yield _at(document, blank.line, _defect("placeholder", message, name, None, "fill it in"))

    def _outcome(self, names: list[str], findings: list[Finding], evidence: list[Evidence]) -> Outcome:
        serious = [finding for finding in findings if finding.level is Level.ERROR]
        said = f"{count(len(names), 'document')} {'is' if len(names) == 1 else 'are'} present"
        if serious:
            kinds = [finding.rule for finding in serious]
            said += "; " + ", ".join(f"{_WORDS[kind]}: {kinds.count(kind)}" for kind in dict.fromkeys(kinds))
        else:
            said += f", with {count(len(self.sections), 'required section')}" if self.sections else ""
            said += f", changed since {self.changed_since}" if self.changed_since else ""
        shown = findings[:_SHOWN]
        if len(findings) > _SHOWN:
            rest = findings[_SHOWN]
            shown.append(
                _defect("more", f"{len(findings) - _SHOWN} more findings", rest.path, rest.line, "fix these first")
            )
        return Outcome(
            status=Status.FAILED if serious else Status.PASSED,
            summary=said,
            examined=len(names),
            unit="documents",
            measurements=(
                Measurement(name="documents", value=len(names)),
                Measurement(name="defects", value=len(serious), operator="==", threshold=0),
            ),
            findings=tuple(shown),
            evidence=tuple(evidence),
            remedy="fix what the findings name" if serious else "",
        )


_WORDS = {
    "missing": "missing",
    "empty": "empty",
    "short": "too short",
    "section-missing": "sections missing",
    "section-empty": "sections without text",
    "text-missing": "required texts missing",
    "placeholder": "placeholders",
    "unchanged": "not changed recently",
}


def _name(context: Context, path: Path) -> str:
    """Path relative to the root, links followed: that is the file which git knows the history of.

    Raises:
        CheckError: It leads out of the repository.
    """
    real, root = path.resolve(), context.root.resolve()
    if not real.is_relative_to(root):
        raise CheckError(f"{context.name(path)} leads out of the repository", "keep documents in the repository")
    return real.relative_to(root).as_posix()


def _defect(rule: str, message: str, path: str, line: int | None, remedy: str) -> Finding:
    return Finding(message=message[:400], rule=rule, path=path, line=line, remedy=remedy)


def _at(document: Text, number: int, finding: Finding) -> Finding:
    """A finding with its place: a line, or a paragraph or page in words, since no editor opens a file there."""
    if document.unit == "line":
        return finding.model_copy(update={"line": number})
    return finding.model_copy(update={"message": f"{document.unit} {number}: {finding.message}"})


def _encoding(name: str, document: Text) -> Iterator[Finding]:
    """Warn about text that readers see garbled."""
    garbled = [block.line for block in document.blocks if sections.garbled(block.text)]
    if document.encoding == "cp1252":
        message = "it is not UTF-8; it was read as Windows-1252"
        yield _defect("encoding", message, name, None, "save it as UTF-8").model_copy(update={"level": Level.WARNING})
    elif garbled:
        message = f"{len(garbled)} lines are garbled: UTF-8 was once read as something else"
        finding = _defect(
            "encoding", message, name, garbled[0], "write these characters again, and save the file as UTF-8"
        )
        yield finding.model_copy(update={"level": Level.WARNING})
