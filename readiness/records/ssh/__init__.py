"""The formats of OpenSSH: binary encoding, public keys and detached signatures."""
