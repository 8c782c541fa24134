"""Attestations: signed statements that a commit may go to production, for deploy jobs and auditors."""
