"""Judges signatures, sign-offs, waivers and items, and whether records were only ever added."""
