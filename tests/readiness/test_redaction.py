import base64
import json
import threading
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checklist import Item
from readiness.outcome import Evidence, Finding, Level, Outcome, Status
from readiness.redaction import MASK, Redactor, looks_secret
from readiness.report import Result

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
    assert redactor.text(f"before {spelling} after") == f"before {MASK} after"


@given(st.text(min_size=4).filter(lambda text: len(text.strip()) >= 4), st.text(max_size=20))
def test_no_registered_value_survives(secret: str, around: str) -> None:
    redactor = Redactor()
    redactor.register(secret)
    assert secret not in redactor.text(around + secret + around).replace(MASK, "")


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


def test_masks_json_like_data_keys_included() -> None:
    redactor = Redactor()
    redactor.register("sesame")
    assert redactor.data({"sesame": ["open sesame", 1, None]}) == {MASK: [f"open {MASK}", 1, None]}


def test_a_model_stays_valid_though_a_secret_is_a_word_of_ours() -> None:
    redactor = Redactor()
    redactor.register("passed", "error", "coverage", "blocker", "a" * 64)
    result = Result(
        item=Item(id="coverage", title="coverage", check="coverage", params={"key": ["coverage"]}),
        section="s",
        outcome=Outcome(
            status=Status.PASSED,
            summary="all passed",
            examined=1,
            findings=(Finding(message="error", level=Level.NOTE),),
            evidence=(Evidence(name="n", sha256="a" * 64), Evidence(name="m", sha256="b" * 64)),
        ),
    )
    masked = redactor.model(result)
    assert Result.model_validate_json(masked.model_dump_json()) == masked
    assert (masked.item.id, masked.item.check, masked.status) == ("coverage", "coverage", Status.PASSED)
    assert masked.item.title == MASK
    assert masked.item.params == {"key": [MASK]}
    assert masked.outcome.summary == f"all {MASK}"
    assert [evidence.sha256 for evidence in masked.outcome.evidence] == ["", "b" * 64]


def test_a_model_without_secrets_is_left_as_it_is() -> None:
    outcome = Outcome(status=Status.FAILED, summary="s", findings=(Finding(message="m"),))
    assert Redactor().model(outcome) is outcome


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
