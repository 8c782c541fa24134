"""One trial: whether a reader answers or refuses in its own words, and in time; and inputs to try."""

from collections.abc import Iterator, Sequence
from random import Random
from time import process_time

from fuzzing.reader import DOCUMENTED, Reader

SLOW = 3.0
"""Processor seconds that no reader may take for an input of this size."""
LARGEST = 30_000
"""Bytes of an input."""
_FOREIGN = ("set_int_max_str_digits", "codec can't", "is out of range", "invalid literal for", "embedded null")
"""What Python's own ValueError says: a reader's says what is wrong with the file."""
_WORDS = (
    b"<",
    b">",
    b"<!--",
    b"<![",
    b"</",
    b'"',
    b"'",
    b"\\",
    b'\\"',
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b")",
    b"#",
    b"# ",
    b"`",
    b"${",
    b"$",
    b":",
    b": ",
    b"=",
    b",",
    b"\n",
    b"\r\n",
    b" ",
    b"\t",
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"1" * 5000,
    b"-1",
    b"1e999",
    b"NaN",
    b"999999999999999",
    b"0001-01-01T00:00:00+23:59",
    b"&a;",
    b"*a",
    b"&a ",
    b"<<: ",
    b"!!python/name:a",
    b"a.",
    b"..",
    b"null",
    b"true",
    b"1.0",
    b"[]",
    b"{}",
    b"\xe2\x80\xae",
)


def fault(reader: Reader, data: bytes) -> str:
    """What is wrong with how a reader takes an input; empty where nothing is."""
    begun = process_time()
    said = ""
    try:
        reader.read(data)
    except DOCUMENTED as error:
        said = next((f"in Python's own words: {error}" for sign in _FOREIGN if sign in str(error)), "")
    except Exception as error:  # noqa: BLE001  this is what is looked for
        said = f"{type(error).__name__}: {error}"
    took = process_time() - begun
    return said[:300] or (f"took {took:.1f} s for {len(data)} bytes" if took > SLOW else "")


def kind(said: str) -> str:
    """What faults of one kind have in common."""
    return said.split(":", maxsplit=1)[0].split(" for ", maxsplit=1)[0]


def inputs(samples: Sequence[bytes], random: Random) -> Iterator[bytes]:
    """Endless inputs: samples that are cut, repeated, changed, and words without end."""
    while True:
        data = random.choice(samples)
        for _ in range(random.randint(1, 4)):
            start, end = sorted((random.randint(0, len(data)), random.randint(0, len(data))))
            word = random.choice((*_WORDS, data[start:end]))
            many = random.choice((0, 1, 1, 1, 2, 40, LARGEST // (len(word) or 1)))
            data = (data[:start] + word * many + data[random.choice((start, end)) :])[:LARGEST]
        yield data
