"""The reporter for `.html`: one page without external requests."""

from readiness_reports.html.report import render

__all__ = ["render"]
