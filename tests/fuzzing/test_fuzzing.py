"""Every reader answers or refuses in its own words, and in time, whatever it is given."""

from pathlib import Path

import pytest

from fuzzing.reader import Reader
from fuzzing.readers import READERS
from fuzzing.run import FOUND, corpus, fuzz
from fuzzing.trial import fault
from support.long import LONG


@pytest.mark.long
@pytest.mark.parametrize("name", READERS)
def test_no_input_breaks_a_reader(name: str) -> None:
    _, faults = fuzz(name, 60 / len(READERS), seed=1, most=10**9 if LONG else 20)
    assert not faults


@pytest.mark.parametrize("name", READERS)
def test_nothing_that_fuzzing_begins_with_breaks_a_reader(name: str) -> None:
    assert corpus(name), "it has no sample to begin with"
    assert not [said for data in corpus(name) if (said := fault(READERS[name], data))]


@pytest.mark.parametrize("path", sorted(FOUND.glob("*/*")), ids=lambda path: f"{path.parent.name} {path.name}")
def test_what_broke_a_reader_once_breaks_none_now(path: Path) -> None:
    assert not fault(READERS[path.parent.name.replace("-", " ")], path.read_bytes())


def test_a_reader_that_crashes_or_speaks_in_the_words_of_python_is_told() -> None:
    assert fault(Reader(lambda data: data[9], ()), b"") == "IndexError: index out of range"
    assert "in Python's own words" in fault(Reader(lambda data: int(data * 5000), ()), b"1")
    assert not fault(Reader(int, ()), b"1")
