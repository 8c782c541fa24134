"""Judges records: the signature, the sign-off, the waiver, the item, and whether records were only ever added."""
