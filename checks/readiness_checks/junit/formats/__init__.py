"""The formats of test results, one module each: a new module in this folder is a new format."""

from readiness_checks.junit.cases import Results
from readiness_checks.reading.formats import Formats

FORMATS: Formats[Results] = Formats(
    __name__, "file of test results", "run the tests of this very source again, and let them write their results"
)
