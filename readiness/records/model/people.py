"""Who is the same person, and what is printed of them: principals and addresses that belong together."""

from collections.abc import Iterable, Mapping

from readiness.checklist import Person
from readiness.printed_names import printed
from readiness.records.model.errors import RecordsError
from readiness.text import short


def other_names(entry: Iterable[str] | Person) -> tuple[str, ...]:
    """The other names of an entry of `people`."""
    return entry.also if isinstance(entry, Person) else tuple(entry)


class People:
    """The people of a checklist.

    Args:
        names: What is printed and other names (principals, addresses) by principal, as in `people` of the checklist.

    Raises:
        RecordsError: A name is claimed by two people.
    """

    def __init__(self, names: Mapping[str, Iterable[str] | Person] | None = None) -> None:
        self._canonical: dict[str, str] = {}
        self._named: dict[str, Person] = {}
        for principal, entry in (names or {}).items():
            if isinstance(entry, Person):
                self._named[principal.casefold()] = entry
            for name in (principal, *other_names(entry)):
                folded = name.casefold()
                before = self._canonical.setdefault(folded, principal)
                if before != principal:
                    raise RecordsError(
                        f"`people` gives {short(name)} to both {before} and {principal}", "let it belong to one person"
                    )

    def of(self, name: str) -> str:
        """The name by which a person is counted.

        Args:
            name: A principal or an address; in any case.
        """
        return self._canonical.get(name.casefold(), name.casefold()).casefold()

    def named(self, name: str) -> Person | None:
        """What is printed of a person, by any name; None where the checklist does not say."""
        return self._named.get(self.of(name))

    def printed(self, principal: str, says: str = "") -> str:
        """Who signed, in words.

        Args:
            principal: As in the roster.
            says: The name in the signed record; may be empty.
        """
        person = self.named(principal)
        if person is None:
            return printed(principal, says=says)
        return printed(principal, name=person.name, title=person.title, says=says)

    def same(self, one: str, other: str) -> bool:
        """Whether two names are one person's."""
        return self.of(one) == self.of(other)

    def among(self, name: str, names: Iterable[str]) -> bool:
        """Whether a name is one of a person who is named here by any other."""
        return any(self.same(name, other) for other in names)
