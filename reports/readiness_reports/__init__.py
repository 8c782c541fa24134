"""The built-in reporters: JSON, Markdown and HTML. They are plugins, like those of other people."""
