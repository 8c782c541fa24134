"""The attested verdict: a signed statement that a commit may go to production, for deploy jobs and auditors."""
