"""Keeps the process that judges out of reach of the commands and plugins that a checklist runs."""
