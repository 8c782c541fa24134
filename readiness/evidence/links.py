"""Follows the links of a tree to the files that they lead to, as tools do; never out of the tree."""

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

_MOST_FOLLOWED = 40
"""Links on the way to one file, as Linux follows them; a longer way is a loop."""
_LONGEST = 4_096
"""Characters of what a link says, as Linux has them; no checkout can make a longer one."""
_MOST_ROUNDS = 4
"""Links in the name of a file, one inside of what another leads to."""
MOST_NAMES = 50_000
"""Names that links give to the files of a change."""


@dataclass(frozen=True)
class Links:
    """The links on one side of a change."""

    targets: Mapping[str, str]
    """What each says, by its path."""

    def lead(self, path: str) -> str | None:
        """The place that a path leads to, the path itself where no link is on the way; None outside of the tree."""
        if not self.targets:
            return path
        here: list[str] = []
        ahead, followed = path.split("/")[::-1], 0
        while ahead:
            part = ahead.pop()
            if part == ".." and not here:
                return None
            if part == "..":
                here.pop()
            elif part not in {"", "."}:
                here.append(part)
                target = self.targets.get("/".join(here))
                if target is not None:
                    followed += 1
                    if target.startswith("/") or followed > _MOST_FOLLOWED or len(target) > _LONGEST:
                        return None
                    here.pop()
                    ahead += target.split("/")[::-1]
        return "/".join(here)

    def other_names(self, path: str) -> Iterator[str]:
        """The names that a path has by one link, which leads to it or to a folder above it."""
        place = path
        while True:
            for link in self._by_place.get(place, ()):
                if not path.startswith(f"{link}/"):  # around in a loop
                    yield posixpath.join(link, path[len(place) :].lstrip("/")).rstrip("/")
            if not place:
                return
            place = posixpath.dirname(place)

    @cached_property
    def _by_place(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for link in self.targets:
            place = self.lead(link)
            if place is not None:
                found[place].append(link)
        return found


def names_by_links(paths: Iterable[str], *sides: Links) -> tuple[list[str], bool]:
    """Every name that links of either side give to these files, and whether these are all."""
    found: dict[str, None] = {}
    new = list(paths) if any(links.targets for links in sides) else []
    for _ in range(_MOST_ROUNDS):
        around = new
        new = []
        for other in (name for path in around for links in sides for name in links.other_names(path)):
            if other not in found:
                if len(found) >= MOST_NAMES:
                    return list(found), False
                found[other] = None
                new.append(other)
    return list(found), True
