"""Reads the tags, attributes and text of an HTML page."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """Tags, attributes and text of a page; no tag may have an attribute twice."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, attribute: str) -> list[str]:
        """Every value of an attribute."""
        return [value or "" for _, attrs in self.tags for name, value in attrs.items() if name == attribute]
