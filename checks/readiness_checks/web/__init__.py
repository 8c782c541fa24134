"""The network code that checks share: URLs, connections with limits, trusted certificates, one HTTP client."""
