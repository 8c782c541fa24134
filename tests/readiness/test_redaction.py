import base64
import html
import json
import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import create_model

from readiness.leaks import is_ordinary
from readiness.outcome import Finding, Outcome, SignoffCard, SignoffState, Status
from readiness.redaction import MASK, Redactor, looks_secret
from readiness.report import Subject

SECRET = 'p@ss/word "ü"\\'


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        quote(SECRET, safe=""),
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(SECRET.encode()).decode().rstrip("="),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
    ],
)
def test_masks_a_secret_in_every_usual_spelling(spelling: str) -> None:
    redactor = Redactor()
    redactor.register(SECRET)
    assert redactor.text(f"before {spelling} after") == "before [redacted] after"


@given(st.text(min_size=8).filter(lambda text: len(text.strip()) >= 8), st.text(max_size=20))
def test_no_registered_value_survives(secret: str, around: str) -> None:
    assume(not any(map(is_ordinary, [secret, *secret.splitlines()])))
    redactor = Redactor()
    redactor.register(secret)
    assert secret not in redactor.text(around + secret + around).replace(MASK, "")


WRITTEN: list[Callable[[str], str]] = [
    str,
    quote,
    partial(quote, safe=""),
    lambda text: quote(text, safe="").lower() if text.islower() else quote(text, safe=""),
    quote_plus,
    partial(quote, safe="/?:@!$&'()*+,;=-._~%[]"),
    html.escape,
    partial(html.escape, quote=False),
    lambda text: "".join(char if char.isalnum() else f"&#{ord(char)};" for char in text),
    lambda text: "".join(char if char.isalnum() else f"&#x{ord(char):X};" for char in text),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    lambda text: repr(text)[1:-1],
    lambda text: json.dumps(json.dumps(text))[3:-3],
    lambda text: json.dumps(json.dumps(json.dumps(text)))[7:-7],
    lambda text: json.dumps(json.dumps(text, ensure_ascii=False), ensure_ascii=False)[3:-3],
    lambda text: html.escape(json.dumps(text)[1:-1]),
    lambda text: html.escape(html.escape(text)),
    lambda text: quote(quote(text, safe=""), safe=""),
    lambda text: text.encode().hex(":"),
    lambda text: text.encode().hex(" ").upper(),
    lambda text: text.encode().hex("-", -2),
    lambda text: text.encode().hex(),
    lambda text: text.encode().hex().upper(),
    lambda text: base64.b64encode(text.encode()).decode(),
    lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
]


@pytest.mark.parametrize("written", range(len(WRITTEN)))
@given(secret=st.text(st.characters(codec="utf-8"), min_size=8, max_size=12))
@example(secret="p@ss/word <\"ü'\U0001f511> & co\\")
@example(secret="a b\nc\tdefg")
def test_no_usual_spelling_survives(written: int, secret: str) -> None:
    assume(len(secret.strip()) >= 8 and len(secret.splitlines()) <= 1 and not is_ordinary(secret))
    redactor = Redactor()
    redactor.register(secret)
    assert redactor.text(f"<{WRITTEN[written](secret)}>") == f"<{MASK}>"


@given(
    secret=st.text(st.characters(codec="utf-8"), min_size=8, max_size=12),
    user=st.text(st.characters(codec="utf-8"), max_size=5),
    behind=st.text(max_size=4, alphabet="ab"),
)
@example(secret="correct-horse", user="admin", behind="")
@example(secret="correct-horse", user="ci", behind="")
@example(secret="correct-horse", user="deploy", behind="")
def test_base64_of_a_user_and_a_secret_is_masked_whoever_the_user_is(secret: str, user: str, behind: str) -> None:
    assume(len(secret.strip()) >= 8)
    redactor = Redactor()
    redactor.register(secret)
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        said = encode(f"{user}:{secret}{behind}".encode()).decode()
        masked = redactor.text(f"Authorization: Basic {said}")
        assert MASK in masked
        left = masked.removeprefix("Authorization: Basic ").replace(MASK, "").rstrip("=")
        assert len(left) <= -(-(len(user.encode()) + 1 + len(behind)) * 8 // 6) + 2


@pytest.mark.parametrize(
    ("registered", "leak"),
    [
        ("postgres://app:hunter2%2Fhunter2@db/x", "hunter2/hunter2"),
        ("postgres://app:hunter2%2Fhunter2@db/x", "hunter2%2Fhunter2"),
        ("Basic " + base64.b64encode(b"app:hunter2-hunter2").decode(), "hunter2-hunter2"),
        (base64.b64encode(b"app:hunter2-hunter2").decode(), "hunter2-hunter2"),
    ],
)
def test_the_password_in_a_secret_is_one_by_itself(registered: str, leak: str) -> None:
    redactor = Redactor()
    redactor.register(registered)
    assert redactor.text(f"with {leak}.") == f"with {MASK}."


def test_what_only_looks_like_an_address_or_a_login_has_no_password() -> None:
    for value in ("https://[half/open", "Bearer QUJDREVGR0g=", "c2FtZQ==", "Basic !!!", "\udce9://a:b@c"):
        redactor = Redactor()
        redactor.register(value)
        assert redactor.values == ({value} if len(value) >= 4 else set())


@pytest.mark.parametrize("secret", ["observatory", "test", "Hunter", "p@s1!", "5432"])
@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("src/{}/settings.py:1", "src/{}/settings.py:1"),
        ("the {}, an {}'s", "the {}, an {}'s"),
        ("db.{}.org", "db.{}.org"),
        ("{}=1", "{}=1"),
        ("std::{}", "std::{}"),
        ("a={}b", "a={}b"),
        ("API_PASS={}", "API_PASS=*"),
        ("user: '{}',", "user: '*',"),
        ('{{"value":"{}"}}', '{{"value":"*"}}'),
        ('{{\\"value\\": \\"{}\\"}}', '{{\\"value\\": \\"*\\"}}'),
        ("value=&quot;{}&quot;", "value=&quot;*&quot;"),
        ("q%3D{}&x", "q%3D*&x"),
        ("X-Api-Key: {}", "X-Api-Key: *"),
        ("Authorization: Bearer {}", "Authorization: Bearer *"),
        ("--password {} --user a", "--password * --user a"),
        ("['--token', '{}']", "['--token', '*']"),
        ("invalid password {}", "invalid password *"),
        ("redis://:{}@cache/0", "redis://:*@cache/0"),
        ("before\n{}\nbehind", "before\n*\nbehind"),
        ("before\r\n{}\r\nbehind", "before\r\n*\r\nbehind"),
        ("'password' => '{}'", "'password' => '*'"),
        ("<password>{}</password>", "<password>*</password>"),
        ("sshpass -p {} ssh -p 22", "sshpass -p * ssh -p 22"),
        ("mysql -u a -p{} shop", "mysql -u a -p* shop"),
        ("the password is {}", "the password is *"),
        ("identified by '{}'", "identified by '*'"),
        ("'X-Api-Key': ['{}']", "'X-Api-Key': ['*']"),
        ("get(url, auth=('admin', '{}'))", "get(url, auth=('admin', '*'))"),
        ('smtp.login("shop@a.io", "{}")', 'smtp.login("shop@a.io", "*")'),
        ("{}", "*"),
    ],
)
def test_a_secret_that_is_ordinary_is_masked_only_where_it_stands_as_a_value(
    secret: str, text: str, masked: str
) -> None:
    redactor = Redactor()
    redactor.register(secret)
    assert redactor.text(text.format(secret, secret)) == masked.replace("*", MASK).format(secret, secret)


@pytest.mark.parametrize("part", ["key", " ", "\t", "key ", "token", "auth(", '\\"', ": ", "\n ", "-p "])
def test_a_long_text_of_one_part_is_read_to_its_end(part: str) -> None:
    redactor = Redactor()
    redactor.register("observatory")
    assert redactor.text(part * 40_000) == part * 40_000
    assert redactor.text("auth" + part * 40_000) == "auth" + part * 40_000


@pytest.mark.parametrize("secret", ["observatory", "Hunter"])
@pytest.mark.parametrize("user", ["", "a:", "ci:", "app:"])
def test_a_secret_that_is_ordinary_is_masked_in_base64_and_hex(secret: str, user: str) -> None:
    redactor = Redactor()
    redactor.register(secret)
    assert secret.encode().hex() not in redactor.text(f"see {secret.encode().hex()}")
    said = base64.b64encode(f"{user}{secret}".encode()).decode()
    assert said not in redactor.text(f"Basic {said}")


@pytest.mark.parametrize(
    ("secret", "ordinary"),
    [
        ("abcdefg", True),
        ("p@ss-1!", False),
        ("hunter2", False),
        ("s3cr3t", False),
        ("ab123", True),
        ("54321-0", True),
        ("observatory", True),
        ("Observatory", True),
        ("OBSERVATORY", True),
        ("swordfish9", False),
        ("qwkzjxvb", False),
        ("CorrectHorse", False),
        ("correcthorsebatterystaple", False),
    ],
)
def test_what_is_ordinary(secret: str, ordinary: bool) -> None:  # noqa: FBT001
    assert is_ordinary(secret) is ordinary


def test_a_name_that_everybody_knows_is_masked_as_a_password_alone() -> None:
    redactor = Redactor()
    redactor.register("billing", "Billing-Quality", "hunter2-hunter2")
    redactor.spare("billing", "Billing quality")
    assert redactor.text("docs/billing.md of billing, by Billing-Quality") == (
        "docs/billing.md of billing, by Billing-Quality"
    )
    assert redactor.text("postgres://app:billing@db/billing") == f"postgres://app:{MASK}@db/billing"
    assert redactor.text("DB_PASSWORD=billing; token: 'billing', pwd:billings") == (
        f"DB_PASSWORD={MASK}; token: '{MASK}', pwd:billings"
    )
    assert redactor.text("with hunter2-hunter2") == f"with {MASK}"
    redactor.register("quality")
    assert redactor.text("quality") == "quality"
    redactor.spare("hunter2")
    assert redactor.text("with hunter2-hunter2") == f"with {MASK}", "a word of it is not all of it"


def test_what_names_things_is_never_masked() -> None:
    redactor = Redactor()
    redactor.register("billing")
    subject = Subject(project="billing", release="billing-1", environment="billing", branch="billing/fix")
    assert redactor.model(subject) is subject
    outcome = Outcome(
        status=Status.FAILED,
        summary="billing",
        findings=(Finding(message="billing", path="docs/billing.md"), Finding(message="m", path="x y=billing")),
        signoffs=(SignoffCard(role="billing", state=SignoffState.VALID, reason="billing", covers=("billing.md",)),),
    )
    masked = redactor.model(outcome)
    assert masked.summary == MASK
    assert [(finding.message, finding.path) for finding in masked.findings] == [
        (MASK, "docs/billing.md"), ("m", f"x y={MASK}"),
    ]  # fmt: skip
    assert (masked.signoffs[0].role, masked.signoffs[0].covers, masked.signoffs[0].reason) == (
        "billing", ("billing.md",), MASK,
    )  # fmt: skip


NAMES = [
    "id", "item", "items", "unblocks", "needs", "check", "severity", "phase", "operator", "schema_version", "commit",
    "project", "release", "environment", "branch", "checklist", "section", "sections", "title", "item_text", "owner",
    "controls", "role", "principal", "ref", "file",
]  # fmt: skip
"""Fields of the report that name things."""


@pytest.mark.parametrize("name", [*NAMES, "summary"])
def test_a_field_is_masked_or_not_by_what_it_is_for(name: str) -> None:
    redactor = Redactor()
    redactor.register("hunter2-hunter2")
    model: Any = create_model("Model", **{name: (str, ...)})  # type: ignore[call-overload]  # its overloads know no names
    told = getattr(redactor.model(model(**{name: "about hunter2-hunter2"})), name)
    assert told == ("about hunter2-hunter2" if name in NAMES else f"about {MASK}")


def test_masks_each_line_of_a_secret_with_several() -> None:
    redactor = Redactor()
    redactor.register("-----BEGIN KEY-----\nabcdefgh\n-----END KEY-----")
    assert redactor.text("line: abcdefgh") == f"line: {MASK}"


def test_masks_the_longer_of_two_secrets_whole() -> None:
    redactor = Redactor()
    redactor.register("abcd", "abcdefgh")
    assert redactor.text("abcdefgh") == MASK


def test_a_value_too_short_to_hide_is_left() -> None:
    redactor = Redactor()
    redactor.register("", "abc", "   ")
    assert redactor.text("abc") == "abc"


def test_guesses_secrets_by_the_names_of_variables() -> None:
    environ = {"DB_PASSWORD": "hunter2-hunter2", "PATH": "/usr/bin/somewhere", "API_KEY": "short"}
    assert Redactor(environ).values == {"hunter2-hunter2"}
    assert looks_secret("STRIPE_SECRET")
    assert looks_secret("SENTRY_DSN")
    assert looks_secret("DB_PWD")
    assert not looks_secret("PATH")
    assert not looks_secret("PWD"), "the working folder is no password"
    assert not looks_secret("COMPATIBILITY")


def test_masks_passwords_in_urls_that_nobody_registered() -> None:
    assert Redactor().text("postgresql://app:s3cr3t@db/x") == f"postgresql://app:{MASK}@db/x"


def test_threads_may_register_and_mask_at_once() -> None:
    redactor = Redactor()

    def register(number: int) -> None:
        for index in range(50):
            redactor.register(f"secret-{number}-{index}")

    threads = [threading.Thread(target=register, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        redactor.text("secret-0-0")
    for thread in threads:
        thread.join()
    assert all(redactor.text(f"x secret-{n}-{i} x") == f"x {MASK} x" for n in range(4) for i in range(50))


@pytest.mark.parametrize(
    "name",
    [
        "CLIENT_SECRET", "github_token", "PASSWD", "Password", "SSH_PASSPHRASE", "CREDENTIALS", "PRIVATE_KEY",
        "PRIVATEKEY", "API_KEY", "apikey", "ACCESS_KEY", "SIGNING_KEY", "BASIC_AUTH", "AUTH", "auth_header", "DSN",
        "SENTRY_DSN_URL", "GITHUB_PAT", "PAT", "DB_PWD", "pwd_db",
    ],
)  # fmt: skip
def test_names_of_secrets_are_known(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize("name", ["AUTHOR", "PATH", "PATTERN", "KEYBOARD", "PWD", "OLDPWD", "SSH_AUTH_SOCK", "HOME"])
def test_names_of_other_variables_are_left(name: str) -> None:
    assert not looks_secret(name)


def test_guesses_from_eight_characters_on() -> None:
    assert Redactor({"A_TOKEN": "1234567", "B_TOKEN": "12345678"}).values == {"12345678"}
    assert Redactor().values == frozenset()


def test_registers_from_four_characters_on_spaces_around_not_counted() -> None:
    redactor = Redactor()
    redactor.register("abc", "  abc  ", "abcd", " efgh ", "one\nlines")
    assert redactor.values == {"abcd", " efgh ", "one\nlines", "lines"}


def test_a_value_that_comes_later_is_masked_from_then_on_and_the_earlier_still() -> None:
    redactor = Redactor()
    redactor.register("first-5kQ2")
    assert redactor.text("first-5kQ2 second-8wX1") == f"{MASK} second-8wX1"
    redactor.register("second-8wX1")
    redactor.register("first-5kQ2")
    assert redactor.text("first-5kQ2 second-8wX1") == f"{MASK} {MASK}"


def test_masks_a_secret_of_a_form_that_was_sent() -> None:
    redactor = Redactor()
    redactor.register("two words & more")
    assert redactor.text("q=two+words+%26+more;") == f"q={MASK};"
    assert redactor.text("q=two%20words%20%26%20more;") == f"q={MASK};"
    redactor.register("caf\udce9 au lait")  # as Python reads a variable of the environment that is no UTF-8
    assert redactor.text("q=caf%E9+au+lait; q=caf%E9%20au%20lait; caf\udce9 au lait") == f"q={MASK}; q={MASK}; {MASK}"


@pytest.mark.parametrize("value", ["abcd", "abcde", "abcdef", "~~~~>>>>????", "caf\udce9"])
def test_masks_every_base64_of_a_secret(value: str) -> None:
    raw = value.encode("utf-8", "surrogateescape")
    redactor = Redactor()
    redactor.register(value)
    for encoded in (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()):
        assert redactor.text(f"<{encoded}>") == f"<{MASK}>"
    assert redactor.text(f"<{base64.b64encode(raw).decode().rstrip('=')}>") == f"<{MASK}>"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://user:pass@host/a", f"https://user:{MASK}@host/a"),
        ("https://:pass@host/a", f"https://:{MASK}@host/a"),
        ("see https://host/a:b@c", "see https://host/a:b@c"),
        ("user:pass@host", "user:pass@host"),
    ],
)
def test_a_password_of_a_url_is_what_stands_between_its_name_and_its_host(text: str, masked: str) -> None:
    assert Redactor().text(text) == masked


def test_only_the_padding_of_base64_may_be_missing() -> None:
    redactor = Redactor()
    redactor.register("abcdeW")
    assert redactor.text("YWJjZGVX YWJjZGV") == f"{MASK} YWJjZGV"


@pytest.mark.parametrize(
    "spelling",
    [
        b"caf\xe9caf".decode(errors="surrogateescape"),
        "caf\ufffdcaf",
        "cafécaf",
        r"caf\xe9caf",
        r"caf\351caf",
        r"caf\udce9caf",
        r"caf\u00e9caf",
        "caf%E9caf",
        "636166e9636166",
        base64.b64encode(b"caf\xe9caf").decode(),
    ],
)
def test_a_secret_of_bytes_that_are_no_utf_8_is_masked_however_they_were_read(spelling: str) -> None:
    redactor = Redactor({"API_TOKEN": "caf\udce9caf\udce9caf"})
    redactor.register("caf\udce9caf")
    assert redactor.text(f"is={spelling}.") == f"is={MASK}."
    assert redactor.text("cafcaf") == "cafcaf"
