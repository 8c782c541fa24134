"""Readers that several checks share: evidence files, untrusted JSON and XML, Python sources."""
