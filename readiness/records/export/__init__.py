"""Everything about the records in one archive, for auditors who trust neither this tool nor the repository's host."""
