"""Answers for reviewers: the state of every record, timelines, expiries, and the state on a past day."""
