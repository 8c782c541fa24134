"""What a test replaces by a stub, a mock or a spy: a test of what it has replaced tests nothing."""

import re
import sys
from itertools import islice
from pathlib import PurePosixPath

from readiness.evidence.weakened_tests.model import Mark

_NAMED = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"(?:spyOn|mock\.method)\(\s*[\w.()]{1,200},\s*[\"'](\w+)[\"'][^)]*\)\s*\.\s*(?:mock(?:Return|Resolved|Rejected|Implement)|and\.|returns)",
        r"\bmock\.method\(\s*[\w.()]{1,200},\s*[\"'](\w+)[\"']\s*,",
        r"sinon\.(?:stub|replace)\(\s*[\w.()]{1,200},\s*[\"'](\w+)[\"']",
        r"\b(\w+)\)?\.mock(?:Return|Resolved|Rejected|Implement)\w*\(",
        r"\.(\w+)\s*=\s*(?:jest|vi|sinon)\.(?:fn|stub)\b",
        r"^[ \t]*(?:\w+\.)+(\w+)\s*=\s*(?:lambda\b|(?:mock\.)?(?:Magic|Async)?Mock\()",
        r"\b(?:when|whenever|given)\(\s*\w+\.(\w+)\(",
        r"\b(?:do|will)(?:Return|Answer|Nothing|CallRealMethod)\([^;]{0,200}?\)\s*\.\s*(?:when|given)\(\s*\w+\s*\)\s*\.\s*(\w+)",
        r"\b(?:every|coEvery)\s*\{\s*(?:\w+\.)*(\w+)\(",
        r"\.Setup(?:Get|Sequence)?\(\s*\w+\s*=>\s*\w+\.(\w+)",
        r"\b\w+\.(\w+)\([^()\n]{0,200}(?:\([^()\n]{0,80}\)[^()\n]{0,80})?\)\s*\.Returns(?:Async|ForAnyArgs)?\(",
        r"\b(?:allow|allow_any_instance_of|expect)\(.{0,200}?\)\.to\s+receive\(:(\w+)\)(?![^\n]*and_(?:call|wrap)_original)",
        r"\.(?:stub|stubs|stub_any_instance|expects)\(?\s*:(\w+)",
        r"->method\(\s*[\"'](\w+)[\"']\s*\)",
        r"shouldReceive\(\s*[\"'](\w+)[\"']",
        r"^[ \t]*(?:\w+\.)?(\w+)\s*=\s*func\(",
        r"\bdef\s+(?:\w+)\.(\w+)",
        r"(?<=\n)[ \t]+(?:async )?def (\w+)\((?!self\b|cls\b)[^)\n]*\)[^\n]*:\n",
        r"\bdefine_(?:singleton_)?method\(:(\w+)",
    )
)
_PATCHED = re.compile(
    r"(?:monkeypatch\.setattr|mocker\.patch(?:\.object)?|\bpatch(?:\.object)?)\(\s*(?:[\"'](\w+)(?:\.\w+)*\.(\w+)[\"']"
    r"|(\w+)(?:\.\w+)*,\s*[\"'](\w+)[\"'])"
)
_SPIED = re.compile(
    r"(?:spyOn|stub|replace|mock\.method)\(\s*(\w+),\s*[\"'](\w+)[\"'][^)]{0,100}\)\s*\.\s*(?:mock(?:Return|Resolved|Rejected|Implement)|and\.|returns|resolves|callsFake)"
)
_LIBRARIES = sys.stdlib_module_names | {
    "requests", "httpx", "urllib3", "aiohttp", "boto3", "botocore", "redis", "django", "builtins", "numpy", "pandas",
    "selenium", "sqlalchemy", "stripe", "openai", "smtplib", "flask", "celery", "settings", "app_settings",
}  # fmt: skip
_VARIABLE = re.compile(
    r"(?<![=!<])\b(\w+)\s*(?::\s*[\w<>?]+\s*)?:?=\s*(?:await\s+)?(?:new\s+)?[$]?(?:this->|self::|\w+(?:\.|::))*"
    r"(?:mock|spy|Mock|MagicMock|AsyncMock|create_autospec|createMock|createStub|createConfiguredMock|createPartialMock"
    r"|getMockBuilder|mockk|spyk|Substitute\.For|instance_double|class_double|double|A\.Fake|Mockery::mock)\s*[<(]",
    re.MULTILINE,
)
_ANNOTATED = re.compile(
    r"@(?:Mock|Spy|MockBean|SpyBean|MockitoBean|MockK)\b[^;=\n]{0,200}?\b(\w+)\s*(?:;|$)", re.MULTILINE
)
VARIABLE = "$"
"""What stands before the name of an object that is a mock as a whole."""
_GIVEN = re.compile(
    r"\A(?:@[^\n]*\n\s*)*(?:async )?def (\w+)\([^)]{0,100}\)[^:\n]*:\n(?:[^\n]*\n){0,6}?\s*(?:return|yield) (?:\w+\.)?"
    r"(?:Mock|MagicMock|AsyncMock|create_autospec|SimpleNamespace|patch)\("
)
"""A fixture that gives a mock."""
_MOST_MODULES = 50
_LONGEST = 400_000
_MODULES = re.compile(r"\b(?:vi|jest)\.(?:do)?[mM]ock\(\s*(?:import\()?\s*[\"'`]([^\"'`]+)[\"'`]")
_ACTUAL = re.compile(r"importOriginal|importActual|requireActual|spy:\s*true")
_OVERRIDDEN = re.compile(r"^[ \t]*(\w+)\s*:\s*(?:(?:jest|vi)\.fn\b|(?:async )?(?:\([^()\n]*\)|\w+)\s*=>)", re.MULTILINE)
"""Functions of a module that is real but for them."""
_RECORDS = re.compile(r"call|verify|receive|times|invoke|Mock|mock|never", re.IGNORECASE)


def stubs(text: str) -> frozenset[str]:
    """The names that a text replaces: functions and methods by their own names, objects by their variables."""
    text = text[:_LONGEST]
    found = {name for pattern in _NAMED for name in pattern.findall(text)}
    for root, last, owner, attribute in _PATCHED.findall(text):
        if (root or owner) not in _LIBRARIES:
            found.add(last or attribute)
            found.add(f"{owner}.{attribute}")
    found.update(f"{owner}.{name}" for owner, name in _SPIED.findall(text))
    variables = {*_VARIABLE.findall(text), *_ANNOTATED.findall(text)}
    return frozenset(found | {f"{VARIABLE}{name}" for name in variables})


def given(text: str) -> frozenset[str]:
    """The name of a fixture that gives a mock."""
    found = _GIVEN.search(text)
    return frozenset({f"{VARIABLE}{found[1]}"} if found is not None else ())


def mocked_modules(text: str) -> frozenset[str]:
    """The names that a JavaScript file imports from modules that it has mocked as a whole."""
    found: set[str] = set()
    for match in islice(_MODULES.finditer(text), _MOST_MODULES):
        if _ACTUAL.search(text[match.end() : match.end() + 300]):
            found.update(_OVERRIDDEN.findall(text[match.end() : match.end() + 600].partition("\n});")[0]))
            continue
        imported = re.compile(rf"import\s+([^;]*?)\s+from\s+[\"']{re.escape(match[1])}[\"']")
        for names in imported.findall(text):
            found.update(re.findall(r"\w+", names))
    return frozenset(found - {"as", "type"})


def own_module_mocked(text: str, path: str) -> list[Mark]:
    """Whether a test file mocks the very module that it is named after."""
    own = PurePosixPath(path).name.partition(".")[0]
    return [
        Mark("test-subject-replaced", match[0][:80], text.count("\n", 0, match.start()) + 1)
        for match in _MODULES.finditer(text)
        if match[1].startswith(".")
        and PurePosixPath(match[1]).name.partition(".")[0] == own
        and not _ACTUAL.search(text[match.end() : match.end() + 300])
    ]


def records(text: str) -> bool:
    """Whether an assertion is about how a mock was called: that is what it is for."""
    return _RECORDS.search(text) is not None
