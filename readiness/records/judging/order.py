"""Which of two records was signed later: told by what the later one names, never by a clock. Pure."""

from collections.abc import Iterable

from readiness.records.storage.work_tree import Record


class Order:
    """The order of records, as far as their signed bytes prove it.

    A record names the newest records that its signer had (`seen`), by their digests. Nobody knows the digest of a
    record that is not signed yet, so whoever names one has signed later; so has whoever names a record that names it.

    Args:
        records: All records.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        self._seen = {record.digest: record.statement.predicate.seen for record in records}
        self._before: dict[str, frozenset[str]] = {}

    def later(self, record: Record, other: Record) -> bool:
        """Whether a record was certainly signed after another one; False also where nothing tells."""
        return other.digest in self._known(record)

    def _known(self, record: Record) -> frozenset[str]:
        """Digests of all records that were there when one was signed."""
        if record.digest not in self._before:
            found: set[str] = set()
            waiting = list(record.statement.predicate.seen)
            while waiting:
                digest = waiting.pop()
                if digest not in found:
                    found.add(digest)
                    waiting += self._seen.get(digest, ())
            self._before[record.digest] = frozenset(found)
        return self._before[record.digest]
