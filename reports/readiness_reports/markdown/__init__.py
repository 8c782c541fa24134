"""The reporter for `.md`: a pull request comment, a job summary or a wiki page."""

from readiness_reports.markdown.page import render

__all__ = ["render"]
