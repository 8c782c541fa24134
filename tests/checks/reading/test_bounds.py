"""What a hostile file of evidence may cost: it is refused before it is parsed."""

import pytest

from readiness.outcome import CheckError
from readiness_checks.reading import json_input, xml_input


def test_a_document_of_too_many_tags_is_refused_and_one_tag_less_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    tags = 1_000
    monkeypatch.setattr(xml_input, "MOST_TAGS", tags)
    assert len(xml_input.parse("r.xml", b"<a>" + b"<b/>" * (tags - 2) + b"</a>")) == tags - 2
    with pytest.raises(CheckError, match="more than 1,000 tags"):
        xml_input.parse("r.xml", b"<a>" + b"<b/>" * (tags - 1) + b"</a>")


@pytest.mark.parametrize("value", [b"{}", b"[]", b"1"])
def test_json_of_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch, value: bytes) -> None:
    monkeypatch.setattr(json_input, "MOST_VALUES", 1_000)
    data = b"[" + b",".join([value] * 1_001) + b"]"
    with pytest.raises(CheckError, match="more than 1,000 values"):
        json_input.parse("r.json", data)
    with pytest.raises(ValueError, match="more than 1,000 values"):
        json_input.read(data)


def test_a_number_of_thousands_of_digits_is_refused_in_plain_words() -> None:
    assert json_input.read(b"1" * 1000)
    with pytest.raises(ValueError, match="is too large a number"):
        json_input.read(b"-" + b"1" * 1000)
