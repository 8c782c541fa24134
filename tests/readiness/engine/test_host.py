import re
import sys
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from readiness.engine import Host
from readiness.outcome import Status
from readiness.plugins import PluginError
from readiness.report import Plugin
from readiness.strictness.rules import Scale, Undirected
from support.runs import evaluate, plugin, survivors


def test_describes_a_check_without_importing_it_here(new_host: Host) -> None:
    before = set(sys.modules)  # another test may have loaded one of its reporters, which render in this process
    description = new_host.describe(plugin("acme-good"))
    assert description.summary == "Everything is well."
    assert (description.why, description.how, description.remedy) == (
        "Somebody has to be.",
        "It says so.",
        "None is needed.",
    )
    assert description.parameters["properties"]["amount"]["description"] == "How many things."
    assert description.uses_services is False
    assert new_host.describe(plugin("acme-probe")).uses_services is True
    assert not [name for name in set(sys.modules) - before if name.startswith("acme_readiness")]


def test_a_check_sends_the_directions_of_its_parameters_as_data(host: Host) -> None:
    directions = host.describe(plugin("acme-limits")).directions
    assert sorted(directions) == ["least", "most", "rules"]
    assert directions["most"] == Scale(stricter="lower", absent=(10, 10))
    assert directions["rules"] == Undirected(names="trusted_file", has_default=True)


def test_a_check_whose_default_denies_its_direction_is_refused(host: Host) -> None:
    with pytest.raises(PluginError, match="parameter `age` declares a direction, but the default long cannot"):
        host.describe(plugin("acme-wrong-direction"))


def test_a_description_that_is_too_large_names_its_check(host: Host) -> None:
    with pytest.raises(PluginError, match=r"check `acme-vast` of acme-readiness .* gave what cannot be sent"):
        host.describe(plugin("acme-vast"))


def test_names_every_mistake_in_parameters(host: Host) -> None:
    assert host.problems(plugin("acme-good"), {"amount": 3}) == ()
    found = host.problems(plugin("acme-good"), {"amount": "3", "mood": "sad", "amuont": 1})
    assert {problem.location for problem in found} == {("amount",), ("mood",), ("amuont",)}
    assert {problem.kind: problem.choices for problem in found}["literal_error"] == ("calm", "merry")
    assert "amount" in {problem.kind: problem.choices for problem in found}["extra_forbidden"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("acme-import-error", "cannot be imported: RuntimeError: bad day"),
        ("acme-import-segfault", "cannot be imported: it was ended by signal SIGSEGV"),
        ("acme-import-exit", "cannot be imported: it ended the process with exit code 0"),
        ("acme-no-check", "is not a check"),
        ("acme-absent", "No module named"),
    ],
)
def test_a_plugin_that_cannot_be_imported_is_refused_and_named(host: Host, name: str, reason: str) -> None:
    for _ in range(2):
        with pytest.raises(PluginError, match=re.escape(reason)) as caught:
            host.describe(plugin(name))
        assert f"`{name}`" in str(caught.value)
        assert "acme-readiness 2.3" in str(caught.value)
    outcome = evaluate(host, name)
    assert outcome.status is Status.ERROR
    assert reason in outcome.summary


def test_an_import_that_hangs_is_ended_and_remembered(environ: Mapping[str, str]) -> None:
    with Host(environ=environ, import_timeout=6) as host:
        with pytest.raises(PluginError, match=r"`acme-import-hang` .* was not imported within 6 s"):
            host.describe(plugin("acme-import-hang"))
        began = time.monotonic()
        outcome = evaluate(host, "acme-import-hang")
        assert time.monotonic() - began < 6, "its items do not wait again"
        assert outcome.status is Status.ERROR
        assert evaluate(host, "acme-good").status is Status.PASSED


def test_printing_harms_nothing(host: Host) -> None:
    assert evaluate(host, "acme-import-print").status is Status.PASSED
    assert evaluate(host, "acme-print").status is Status.PASSED
    assert host.describe(plugin("acme-import-print")).summary == "Everything is well."


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("key", "KeyError: 'boo'"),
        ("exit", "SystemExit: 0"),
        ("interrupt", "KeyboardInterrupt"),
        ("recursion", "RecursionError"),
        ("unprintable", "Unprintable"),
        ("surrogate", r"ValueError: \xe9"),
        ("long", "ValueError: x x x"),
    ],
)
def test_whatever_is_raised_is_an_error_that_names_it(host: Host, kind: str, words: str) -> None:
    outcome = evaluate(host, "acme-raise", kind=kind)
    assert outcome.status is Status.ERROR
    assert words in outcome.summary
    assert "`acme-raise` of acme-readiness 2.3 crashed" in outcome.summary
    assert len(outcome.summary) <= 2_000
    assert "\n" not in outcome.summary
    assert "Traceback" not in outcome.summary
    assert "Traceback" in outcome.evidence[0].excerpt
    assert evaluate(host, "acme-good").status is Status.PASSED


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("none", "it returned NoneType instead of an Outcome"),
        ("dict", "it returned dict instead of an Outcome"),
        ("class", "instead of an Outcome"),
        ("nan", "finite"),
        ("forged", "it says passed, but examined nothing"),
        ("status", "status"),
        ("hollow", "crashed"),
        ("skipped", "which only the engine may say"),
    ],
)
def test_what_is_no_answer_is_an_error(host: Host, kind: str, words: str) -> None:
    outcome = evaluate(host, "acme-garbage", kind=kind)
    assert outcome.status is Status.ERROR
    assert words in outcome.summary


def test_an_answer_of_bytes_that_are_no_utf_8_is_spelt_out(host: Host) -> None:
    assert evaluate(host, "acme-garbage", kind="surrogate").summary == r"\xe9"


def test_an_answer_that_is_too_long_is_clipped(host: Host) -> None:
    outcome = evaluate(host, "acme-garbage", kind="large")
    assert outcome.status is Status.PASSED
    assert len(outcome.summary) <= 2_000
    assert outcome.summary.endswith("(clipped)")


def test_a_pass_that_looked_at_nothing_is_an_error(host: Host) -> None:
    outcome = evaluate(host, "acme-empty")
    assert outcome.status is Status.ERROR
    assert "examined nothing" in outcome.summary


@pytest.mark.parametrize(
    "forged",
    [
        {"frame": '{"id": 2, "kind": "evaluated", "outcome": {"status": "passed", "summary": "x", "examined": 0}}'},
        {"frame": '{"id": 9, "kind": "evaluated", "outcome": {"status": "passed", "summary": "x", "examined": 1}}'},
        {"frame": '{"id": 2, "kind": "evaluated"}'},
        {"frame": '{"id": 2, "kind": "imported"}'},
        {"frame": "[" * 100_000},
        {"frame": "no JSON"},
        {"frame": '"\\udce9"'},
        {"frame": "", "length": 2**31},
    ],
)
def test_garbage_between_worker_and_engine_is_an_error(new_host: Host, forged: dict[str, Any]) -> None:
    outcome = evaluate(new_host, "acme-forge", **forged)
    assert outcome.status is Status.ERROR
    assert "answered with something that is no answer" in outcome.summary or "another question" in outcome.summary
    assert evaluate(new_host, "acme-good").status is Status.PASSED


@pytest.mark.parametrize(
    ("name", "words"), [("acme-segfault", "signal SIGSEGV"), ("acme-exit", "ended the process with exit code 0")]
)
def test_a_check_that_takes_its_process_down_is_one_error(host: Host, name: str, words: str) -> None:
    outcome = evaluate(host, name)
    assert outcome.status is Status.ERROR
    assert words in outcome.summary
    assert evaluate(host, "acme-good").status is Status.PASSED


def test_a_hanging_check_is_killed_with_all_that_it_started(environ: Mapping[str, str]) -> None:
    token = uuid.uuid4().hex

    def found() -> list[psutil.Process]:
        return [p for p in psutil.process_iter(["cmdline"]) if token in " ".join(p.info["cmdline"] or ())]

    with Host(environ=environ) as host:
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(evaluate, host, "acme-hang", timeout=12.0, token=token)
            deadline = time.monotonic() + 12
            while len(found()) < 4 and time.monotonic() < deadline:
                time.sleep(0.05)
            assert len(found()) >= 4, "they were there"
            outcome = future.result()
        assert outcome.status is Status.ERROR
        assert "timed out after 12 s" in outcome.summary
        assert found() == [], "those without the mark in their environment are gone, too"
        assert survivors(host.mark + ".1", patience=0) == []


def test_what_an_item_leaves_behind_is_killed_and_its_copy_stays_silent(host: Host) -> None:
    for _ in range(3):
        assert evaluate(host, "acme-leftover").summary == "all is well"
    commands = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has just ended, or ended and waits to be asked for its exit code
            commands.append(process.cmdline())
    assert commands
    assert not [command for command in commands if "import time; time.sleep(600)" in command]


def test_an_item_finds_the_world_as_it_was(host: Host) -> None:
    assert evaluate(host, "acme-misbehave").status is Status.PASSED
    assert evaluate(host, "acme-print").summary == f"cwd {Path.cwd()} left None"


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2) is Linux's own")
def test_no_other_process_of_the_user_may_change_the_memory_of_a_worker(host: Host) -> None:
    assert evaluate(host, "acme-traceable").summary == "traceable: 0"


def test_a_secret_that_a_check_reads_never_gets_out(new_host: Host) -> None:
    outcome = evaluate(new_host, "acme-leak", variable="ACME_PLAIN")
    assert "swordfish9" in outcome.summary, "a host gives the answer as it is"
    assert new_host.redactor.text(outcome.summary) == "the secret is [redacted]"


def test_a_secret_is_known_even_when_the_check_dies(new_host: Host) -> None:
    outcome = evaluate(new_host, "acme-leak", variable="ACME_PLAIN", crash=True)
    excerpt = outcome.evidence[0].excerpt
    assert "swordfish9" in excerpt
    assert "swordfish9" not in new_host.redactor.model(outcome).model_dump_json()


def test_workers_are_shared_only_within_a_distribution(new_host: Host) -> None:
    for name in ("one", "two"):
        theirs = Plugin(name=name, entry_point="acme_readiness.checks:Good", distribution=name, version="1")
        new_host.describe(theirs)
    assert sorted(distribution for distribution, _ in new_host._pool._idle) == ["one", "two"]


def test_a_closed_host_leaves_nothing_and_answers_nothing(environ: Mapping[str, str]) -> None:
    host = Host(environ=environ)
    assert evaluate(host, "acme-good").status is Status.PASSED
    descriptors = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    host.close()
    host.close()
    assert survivors(host.mark, patience=0) == []
    if descriptors:
        assert len(list(Path("/proc/self/fd").iterdir())) < descriptors
    outcome = evaluate(host, "acme-good")
    assert outcome.status is Status.ERROR
    assert "the run is over" in outcome.summary
