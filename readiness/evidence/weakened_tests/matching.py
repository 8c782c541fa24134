"""Finds each test of the merge base again: by its name, its body, what is most like it, or by what has taken it in."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from readiness.evidence.weakened_tests.identifiers import without_stop_words
from readiness.evidence.weakened_tests.model import Routine

_ALIKE = 0.6
"""How much of two bodies has to be the same words (Dice coefficient)."""
_ALIKE_BY_NAME = 0.35
"""The same for two tests with the same name in different places."""
_FEW = 3
_RARE_WORDS = 12
_CANDIDATES = 12
_WINDOW = 100
_LONG_NAME = 10


@dataclass
class Pairs:
    """Routines of the merge base with those that they have become."""

    pairs: list[tuple[Routine, Routine]] = field(default_factory=list)
    gone: list[Routine] = field(default_factory=list)
    new: list[Routine] = field(default_factory=list)


def match(before: Sequence[Routine], after: Sequence[Routine]) -> Pairs:
    """Pair the routines of two sides, each at most once."""
    result = Pairs([], list(before), list(after))
    _by_key(result, lambda one: (one.path, one.title))
    _by_key(result, lambda one: (one.path, one.title, one.tokens) if one.tokens else None)
    _by_key(result, lambda one: (one.name, one.tokens) if one.tokens else None)
    _by_key(result, lambda one: one.tokens if len(one.tokens) > _FEW else None)
    _by_key(result, lambda one: (one.path, one.name))
    _by_key(result, lambda one: (one.path, title) if len(title := plain_title(one.name)) >= _LONG_NAME else None)
    _by_likeness(result)
    return result


def _by_key(result: Pairs, key: Callable[[Routine], Hashable]) -> None:
    """Pair what has the same key, in the order of the files; what has no key stays."""
    waiting: dict[Hashable, list[Routine]] = defaultdict(list)
    for routine in result.new:
        if (known := key(routine)) is not None:
            waiting[known].append(routine)
    gone: list[Routine] = []
    taken: set[int] = set()
    for routine in result.gone:
        known = key(routine)
        found = waiting.get(known) if known is not None else None
        if not found:
            gone.append(routine)
            continue
        best = next((other for other in found if other.tokens == routine.tokens), found[0])
        found.remove(best)
        taken.add(id(best))
        result.pairs.append((routine, best))
    result.gone = gone
    result.new = [routine for routine in result.new if id(routine) not in taken]


def _by_likeness(result: Pairs) -> None:
    index = Index([(*routine.words, routine.name) for routine in result.new])
    scored = []
    for at, routine in enumerate(result.gone):
        near = at * len(result.new) // len(result.gone)
        for other in index.candidates({*routine.words, routine.name}, near):
            score = likeness(routine.words, result.new[other].words)
            same_name = _same_name(routine.name, result.new[other].name)
            if score >= _ALIKE or (same_name and score >= _ALIKE_BY_NAME):
                scored.append((score + same_name, at, other))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, at, other in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
        if at not in pairs and other not in taken:
            pairs[at] = other
            taken.add(other)
    result.pairs += [(result.gone[at], result.new[other]) for at, other in sorted(pairs.items())]
    result.gone = [routine for at, routine in enumerate(result.gone) if at not in pairs]
    result.new = [routine for at, routine in enumerate(result.new) if at not in taken]


def plain_title(name: str) -> str:
    """A name as another framework writes it: `refuses seven hashes` and `testRefusesSevenHashes` are the same."""
    letters = re.sub(r"[\W_]+", "", name).lower()
    return re.sub(r"^(?:test|should|it)s?", "", letters)


def _same_name(one: str, other: str) -> bool:
    """Whether two names are the same, or one goes on where the other ends: `test_x` and `test_x_of_nothing`."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _LONG_NAME and long.startswith(short))


class Index:
    """Finds, among many, the few that share the most of the rarest words: to compare each with each is too slow."""

    def __init__(self, words: Iterable[Iterable[str]]) -> None:
        self._places: dict[str, list[int]] = defaultdict(list)
        for at, of_one in enumerate(words):
            for word in set(of_one):
                self._places[word].append(at)

    def candidates(self, words: Iterable[str], near: int = 0) -> list[int]:
        """The best first; of those that share a common word, only the ones `near` a place."""
        known = [word for word in words if word in self._places]
        rarest = sorted(known, key=lambda word: (len(self._places[word]), word))[:_RARE_WORDS]
        shared: Counter[int] = Counter()
        for word in rarest:
            places = self._places[word]
            start = max(0, bisect_left(places, near) - _WINDOW // 2)
            shared.update(places[start : start + _WINDOW])
        return [at for at, _ in sorted(shared.items(), key=lambda one: (-one[1], abs(one[0] - near)))[:_CANDIDATES]]


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of words that two bodies have in common, from 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


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
