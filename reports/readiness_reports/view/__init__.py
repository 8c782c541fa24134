"""The content that all pages share, computed once from the report: items, records, controls, and their wording."""
