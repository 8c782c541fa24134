"""The git history of records: who added and removed them, and who changed the covered files."""
