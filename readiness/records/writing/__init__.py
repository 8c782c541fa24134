"""Writes records: drafts them, refuses those that would not count, and lets OpenSSH sign them."""
