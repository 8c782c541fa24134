"""Reads records and allowed signers from the work tree and from commits."""
