"""The content of records and the requirements of items: values and their grammar, without files and git."""
