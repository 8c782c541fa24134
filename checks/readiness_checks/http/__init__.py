"""The check `http`: one request gets the expected answer."""

from readiness_checks.http.check import Http
from readiness_checks.http.expectation import Bounds, Expectation
from readiness_checks.http.request_values import FromEnvironment

__all__ = ["Bounds", "Expectation", "FromEnvironment", "Http"]
