"""Finds each test of the merge base again: by its name, else by its body, else by what is most like it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from readiness.evidence.weakened_tests.model import Routine

_ALIKE = 0.6
"""How much of two bodies has to be the same words (Dice coefficient)."""
_ALIKE_BY_NAME = 0.35
"""The same for two tests with the same name in different places."""
_FEW = 3
_RARE_WORDS = 12
_CANDIDATES = 12


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
    index = _index(result.new)
    scored = []
    for at, routine in enumerate(result.gone):
        for other in _candidates(routine, result.new, index):
            score = likeness(routine.words, result.new[other].words)
            same_name = routine.name == result.new[other].name
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


def _index(routines: Iterable[Routine]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for at, routine in enumerate(routines):
        for word in {*routine.words, routine.name}:
            index[word].append(at)
    return index


def _candidates(routine: Routine, new: Sequence[Routine], index: dict[str, list[int]]) -> list[int]:
    """Those that share the most of its rarest words."""
    del new
    known = [word for word in {*routine.words, routine.name} if word in index]
    rarest = sorted(known, key=lambda word: (len(index[word]), word))[:_RARE_WORDS]
    shared = Counter(at for word in rarest for at in index[word][:200])
    return [at for at, _ in sorted(shared.items(), key=lambda one: (-one[1], one[0]))[:_CANDIDATES]]


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of words that two bodies have in common, from 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0
