"""Fuzzes one reader by the coverage of its code, with atheris: `make fuzz-guided` starts it for each of them.

Arguments: the name of the reader, then what libFuzzer takes, such as `-max_total_time=60` and the folder of a corpus.
"""

import sys

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]  # no types, and not in each environment

_PARSERS = ["readiness", "readiness_checks", "json", "tomllib", "html", "http", "configparser"]
with atheris.instrument_imports(include=_PARSERS):
    from fuzzing.readers import READERS
    from fuzzing.run import keep
    from fuzzing.trial import fault, kind


def main() -> None:
    """Fuzz until the time is over; a fault is kept and does not end it."""
    name = sys.argv.pop(1)
    reader, known = READERS[name], set[str]()

    def one(data: bytes) -> None:
        said = fault(reader, data)
        if said and kind(said) not in known:
            known.add(kind(said))
            sys.stderr.write(f"{name}: {said}\n  {keep(name, data)}\n")

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
