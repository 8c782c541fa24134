"""What every page shows, worked out once from the report: items, records, controls, and the words for them."""
