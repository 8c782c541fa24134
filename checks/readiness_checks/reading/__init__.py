"""How checks read files that others wrote: evidence, JSON and XML that is not trusted, Python sources."""
