"""Who is the same person: principals and addresses that belong together."""

from collections.abc import Iterable, Mapping

from readiness.records.model.errors import RecordsError
from readiness.text import short


class People:
    """The people of a checklist.

    Args:
        names: Other names (principals, addresses) by principal, as in `people` of the checklist.

    Raises:
        RecordsError: A name is claimed by two people.
    """

    def __init__(self, names: Mapping[str, Iterable[str]] | None = None) -> None:
        self._canonical: dict[str, str] = {}
        for principal, others in (names or {}).items():
            for name in (principal, *others):
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

    def same(self, one: str, other: str) -> bool:
        """Whether two names are one person's."""
        return self.of(one) == self.of(other)

    def among(self, name: str, names: Iterable[str]) -> bool:
        """Whether a name is one of a person who is named here by any other."""
        return any(self.same(name, other) for other in names)
