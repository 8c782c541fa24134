"""How checks reach a service: URLs, bounded connections, trust, and one HTTP client for all of them."""
