"""The built-in checks, plugins like anybody else's."""
