"""What a record says and what an item asks: values and grammar, without files and git."""
