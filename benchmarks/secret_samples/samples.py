"""Makes up secrets from lists of forms, of ways to assign, and of files, which the check does not read."""

import base64
import json
import random
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
_ALPHABETS = {
    "b62": string.ascii_letters + string.digits,
    "url": string.ascii_letters + string.digits + "_-",
    "hex": "0123456789abcdef",
    "up": string.ascii_uppercase + string.digits,
    "low": string.ascii_lowercase + string.digits,
    "dig": string.digits,
    "b32": string.ascii_uppercase + "234567",
    "django": string.ascii_lowercase + string.digits + "!@#$%^&*(-_=+)",
    "bech": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
}
_BLANK = re.compile(r"\{(?:(\d+):(\w+)|uuid|jwt)\}")
_AROUND = (
    ("notes.md", "the new one is @@ as of today"),
    ("app/send.py", "    send('@@')"),
    ("app/main.go", '\tcall(ctx, "@@")'),
    ("data.json", '  "x": "@@",'),
    ("run.log", "2024-01-01 got=@@ ok"),
)
"""Places without a telling name."""
_WORDS = ["meadow", "winter", "harbor", "copper", "lantern", "orchid", "thunder", "violet", "saddle", "pepper"]


@dataclass(frozen=True)
class Case:
    """One file of one secret."""

    group: str
    kind: str
    path: str
    text: str
    secret: str


def _rows(name: str) -> Iterator[list[str]]:
    for line in (_HERE / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("|")


def tokens(rng: random.Random, each: int) -> Iterator[Case]:
    """Tokens of every family, in places without a telling name."""
    for name, form in _rows("forms.txt"):
        for index in range(each):
            token = _BLANK.sub(lambda match: _fill(match, rng), form)
            path, around = _AROUND[index % len(_AROUND)]
            yield Case(name, name, path, around.replace("@@", token), token)


def _fill(match: re.Match[str], rng: random.Random) -> str:
    if match[1]:
        return "".join(rng.choices(_ALPHABETS[match[2]], k=int(match[1])))
    if match[0] == "{uuid}":
        return "-".join("".join(rng.choices(_ALPHABETS["hex"], k=length)) for length in (8, 4, 4, 4, 12))
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": str(rng.randrange(10**6)), "role": "service"})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, "".join(rng.choices(_ALPHABETS["url"], k=43))])


def values(rng: random.Random) -> dict[str, str]:
    """Values as people and machines choose them."""

    def some(length: int, alphabet: str = "b62") -> str:
        while True:
            value = "".join(rng.choices(_ALPHABETS[alphabet], k=length))
            if any(char.isdigit() for char in value) and any(char.isalpha() for char in value):
                return value

    first, second, third = rng.sample(_WORDS, 3)
    year = rng.randrange(1000, 9999)
    return {
        "letters and digits": some(20),
        "twelve letters and digits": some(12),
        "hexadecimal": some(32, "hex"),
        "base64": some(43) + "=",
        "with a dot": f"{first.title()}.{second.title()}{year}x",
        "random with dots": f"{some(6)}.{some(8)}.{some(6)}",
        "words, number and sign": f"{first.title()}-{second}-{year}!",
        "passphrase": f"{first}-{second}-{third}-{rng.choice(_WORDS)}",
        **{f"begins with {sign}": sign + some(12) for sign in "$@%(*/+"},
    }


def assignments(rng: random.Random, each: int) -> Iterator[Case]:
    """Every way to write an assignment, with every kind of value that can stand there."""
    for row in _rows("ways.txt"):
        path, *middle = row
        limit = middle.pop() if len(middle) > 1 and middle[-1] in set("nyxu") else ""
        text = "|".join(middle)
        for _ in range(each):
            for kind, value in values(rng).items():
                if _fits(value, limit):
                    notebook = "\\\\" in text
                    whole = text.replace('\\\\"', '\\"') if notebook else text.replace("\\n", "\n")
                    yield Case(f"{path}: {text}", kind, path, whole.replace("@@", value) + "\n", value)


def production(rng: random.Random) -> Iterator[Case]:
    """Secrets in settings and sources of many stacks, each with three values."""
    for path, *middle in _rows("production.txt"):
        limit = middle.pop() if middle[-1] == "u" else ""
        text = "|".join(middle).replace("\\n", "\n")
        fitting = [value for value in values(rng).values() if _fits(value, limit)]
        for value in rng.sample(fitting, 3):
            whole = _BLANK.sub(lambda match: _fill(match, rng), text)
            secret = value if "@@" in whole else whole
            yield Case(f"{path}: {text}", "production", path, whole.replace("@@", value) + "\n", secret)


def _fits(value: str, limit: str) -> bool:
    """Whether a value can stand there without quotes or escapes."""
    barred = {"n": "$(*!%&;@", "y": "@%*&!", "x": "&<", "u": "$@%(/+=!*", "": ""}[limit]
    return not any(char in value for char in barred)
