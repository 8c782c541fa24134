"""The built-in checks. They are plugins, like those of other people."""
