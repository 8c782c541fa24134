"""The policy that judges, read from the branch that a change is proposed to, and how the change weakens it."""
