"""Finds the test that has taken in one that is gone: by a case more, or by an assertion more."""

from collections import Counter

from readiness.evidence.weakened_tests.matching import Index, Pairs
from readiness.evidence.weakened_tests.model import Routine
from readiness.evidence.weakened_tests.stop_words import without_stop_words

_COVERED = 0.8


class Absorbed:
    """Tests of the change that may have taken in others: by more cases, or by more assertions."""

    def __init__(self, tests: Pairs) -> None:
        self.takers: list[tuple[Routine, Counter[str], int]] = []
        for before, after in tests.pairs:
            if before.tokens == after.tokens and before.cases == after.cases:
                continue
            room = max(len(after.cases or ()) - len(before.cases or ()), len(after.assertions) - len(before.assertions))
            if room > 0:
                self.takers.append((after, after.everything - before.everything, room))
        for new in tests.new:
            self.takers.append((new, new.everything, max(len(new.cases or ()), len(new.assertions))))
        self.room = [room for _, _, room in self.takers]
        self.index = Index(taker.everything for taker, _, _ in self.takers)

    def takes(self, gone: Routine) -> bool:
        """Whether a test has room for what another said, and says it."""
        words = without_stop_words(gone.tokens)
        for at in self.index.candidates(words):
            taker, gained, _ = self.takers[at]
            if self.room[at] < 1:
                continue
            everything = taker.everything
            covered = sum(1 for word in words if word in everything)
            own = [word for word in words if word not in everything or word in gained]
            if covered >= _COVERED * len(words) and any(word in gained for word in own):
                self.room[at] -= 1
                return True
        return False
