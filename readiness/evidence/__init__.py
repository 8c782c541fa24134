"""Finds how a proposed change weakens the evidence: fewer tests, new suppressions, looser configuration of tools."""
