"""The check `http`: one request gets the expected answer."""

from readiness_checks.http.check import FromEnvironment, Http
from readiness_checks.http.expectation import Bounds, Expectation

__all__ = ["Bounds", "Expectation", "FromEnvironment", "Http"]
