"""Tells from its words, in twenty languages, whether a text between brackets asks to be replaced."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_APART = re.compile(r"[\s/&,;.:_'’()+\d-]+|(?<=[a-z])(?=[A-Z])")
"""Between the words of a phrase, of `COMPANY_NAME` and of `companyName`."""
_EDITORIAL = frozenset((
    "added", "archived", "back", "citation", "citations", "contents", "deleted", "edit", "emphasis", "external",
    "footnote", "footnotes", "intentionally", "internal", "material", "needed", "omitted", "original", "quotation",
    "redacted", "repealed", "reserved", "sic", "supplied", "top", "translated", "translation", "updated",
))  # fmt: skip
"""What an editor writes between brackets: `[emphasis added]`, `[intentionally omitted]`."""
_OF = ("der", "des", "de", "du", "della", "del", "da", "do", "van")
_LINKING = 3
"""Letters of the longest words that are not capitalised in a title: of, and, for."""


@dataclass(frozen=True)
class _Vocabulary:
    asks: re.Pattern[str]
    names: frozenset[str]
    small: frozenset[str]
    prompts: re.Pattern[str]


@cache
def _vocabulary() -> _Vocabulary:
    languages = tomllib.loads((files(__package__) / "vocabulary.toml").read_text("utf-8")).values()

    def words(key: str) -> Iterable[str]:
        return sorted({word for language in languages for word in language[key]}, key=len, reverse=True)

    def either(key: str) -> str:
        return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words(key))

    return _Vocabulary(
        asks=re.compile(
            rf"(?:{either('ask')})(?![\w-])|(?:请|請|填|插入|此处|待|記入|入力|ご記入|挿入|ここに|기재|입력|작성)"
        ),
        names=frozenset(words("name")),
        small=frozenset(words("small")),
        prompts=re.compile(either("prompt"), re.IGNORECASE),
    )


def prompt(line: str) -> re.Match[str] | None:
    """What Word shows where nothing was typed: `Click or tap here to enter text`."""
    return _vocabulary().prompts.search(line)


def begins_with_request(inside: str) -> bool:
    """Whether it tells the author what to do: `insert …`, `bitte einfügen`, `à compléter`."""
    return _vocabulary().asks.match(inside.strip().casefold()) is not None


def only_names(inside: str) -> bool:
    """Whether it names something to fill in and says nothing else: `company name`, `Nom de la société`, `会社名`."""
    words = [word for word in _APART.split(inside.strip().strip("*_").replace("'s", "s")) if word]
    known = [word.casefold() for word in words]
    vocabulary = _vocabulary()
    rest = [word for word in known if word not in vocabulary.small]
    return bool(rest) and all(word in vocabulary.names for word in rest)


def names_of(inside: str) -> bool:
    """Whether it says what of something is to be filled in: `legal name of the company`, `Anschrift des Kunden`."""
    head, of, _ = inside.partition(" of ")
    if not of:
        head, of, _ = next((parts for word in _OF if (parts := inside.partition(f" {word} "))[1]), ("", "", ""))
    return bool(of) and only_names(head)


def mentions_name(identifier: str) -> bool:
    """Whether one of the words of an identifier names something to fill in: `company.legal_name`."""
    return any(word.casefold() in _vocabulary().names for word in _APART.split(identifier))


def titled(inside: str) -> bool:
    """Whether it reads as a title of at least two words: `DevOps Team`, `Backup Team Member`."""
    words = re.split(r"[ /&-]+", inside)
    if len(words) < 2 or not all(re.fullmatch(r"[^\W\d_]+(?:['’.][^\W\d_]*)?", word) for word in words):  # noqa: PLR2004
        return False
    if any(word.casefold() in _EDITORIAL for word in words):
        return False
    capitals = [word for word in words if word[:1].isupper()]
    small = [word for word in words if len(word) > _LINKING and not word[:1].isupper()]
    return len(capitals) > 1 and words[0] is capitals[0] and not small
