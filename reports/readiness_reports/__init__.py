"""The built-in reporters: JSON, Markdown and HTML, plugins like anybody else's."""
