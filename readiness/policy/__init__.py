"""Reads the policy from the base branch, and finds how a proposed change weakens it."""
