"""Exports the records in one archive that auditors verify without this tool."""
