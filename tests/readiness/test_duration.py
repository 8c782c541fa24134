from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from readiness.duration import Duration, parse, render


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("1.5h", timedelta(minutes=90)),
        ("180d", timedelta(days=180)),
        ("2w", timedelta(weeks=2)),
        ("0s", timedelta(0)),
    ],
)
def test_reads_what_people_write(text: str, length: timedelta) -> None:
    assert parse(text) == length


@pytest.mark.parametrize(
    "text", ["", "30", "d", "-1d", "1 d", "1D", "1y", "1d\n", "1e3d", "nan d", "٣d", "99999999w", "9" * 400 + "d"]
)
def test_refuses_everything_else(text: str) -> None:
    with pytest.raises(ValueError, match=r"length of time|longer than 100 years"):
        parse(text)


@given(st.timedeltas(timedelta(0), timedelta(days=36_500)))
def test_reads_what_it_writes(length: timedelta) -> None:
    assert parse(render(length)) == length


class Model(BaseModel):
    age: Duration


def test_is_a_parameter_and_a_schema() -> None:
    assert Model.model_validate_json('{"age": "30d"}').age == timedelta(days=30)
    assert Model(age=timedelta(days=30)).model_dump_json() == '{"age":"30d"}'
    assert Model.model_json_schema()["properties"]["age"]["type"] == "string"
    for wrong in ("30", '"soon"', "null", "true"):
        with pytest.raises(ValidationError):
            Model.model_validate_json(f'{{"age": {wrong}}}')
