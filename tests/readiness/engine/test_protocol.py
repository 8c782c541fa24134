"""The frames between the engine and its workers carry every text, whatever its bytes were."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from readiness.engine.protocol import LENGTH, Reply, Request, pack, unpack
from readiness.outcome import Outcome, Status
from readiness.report import Plugin
from readiness.testing import context

ODD = "caf\udce9 \udcff\ud83d"
PLUGIN = Plugin(name="a", entry_point="m:C", distribution="d", version="1")


def test_a_folder_and_secrets_that_are_no_utf_8_arrive_as_they_are() -> None:
    request = Request(id=1, verb="evaluate", plugin=PLUGIN, facts=context(Path("/") / ODD).facts)
    assert unpack(Request, pack(request)[LENGTH.size :]) == request
    reply = Reply(id=1, kind="secrets", secrets=(ODD, "plain"))
    assert unpack(Reply, pack(reply)[LENGTH.size :]) == reply


def test_an_outcome_that_was_made_past_its_model_is_spelt_out_on_the_other_side() -> None:
    outcome = Outcome(status=Status.FAILED, summary="no").model_copy(update={"summary": ODD})
    told = unpack(Reply, pack(Reply(id=1, kind="evaluated", outcome=outcome))[LENGTH.size :])
    assert told.outcome is not None
    assert told.outcome.summary == r"caf\xe9 \xff\ud83d"


@pytest.mark.parametrize("body", [b"", b"{", rb'"\ud800', rb'{"id": "\ud800"}', b"[" * 100_000 + rb"\ud800"])
def test_what_is_no_frame_is_refused(body: bytes) -> None:
    with pytest.raises(ValidationError):
        unpack(Reply, body)
