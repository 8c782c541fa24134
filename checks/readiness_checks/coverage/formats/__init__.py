"""The formats of coverage reports, one module each: a new module in this folder is a new format."""

from readiness_checks.coverage.formats import _others
from readiness_checks.coverage.measured import Measured
from readiness_checks.reading.formats import Formats

FORMATS: Formats[Measured] = Formats(
    __name__, "coverage report", "run the tests again, and let them write their coverage", _others.described
)
