"""What a compliance reviewer reads: every record with its state, timelines, what lapses, and past days."""
