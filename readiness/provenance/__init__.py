"""Whether the evidence of an item belongs to the commit that is judged."""
