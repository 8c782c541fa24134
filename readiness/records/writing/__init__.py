"""Makes records: drafts them, has OpenSSH sign them, and refuses those that would not count."""
