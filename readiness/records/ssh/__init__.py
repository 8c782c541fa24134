"""OpenSSH's own formats: its binary encoding, public keys, and detached signatures."""
