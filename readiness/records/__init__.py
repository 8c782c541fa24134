"""Signed records: sign-offs and revocations, kept as files in the repository and checkable with OpenSSH alone."""
