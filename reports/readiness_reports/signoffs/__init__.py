"""The reporter for `.signoffs.html`: who signed what, as a page for print."""

from readiness_reports.signoffs.page import render

__all__ = ["render"]
