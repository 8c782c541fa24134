"""Tells new suppressions from those that were there: moved, narrowed, or on a line that was edited."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.progress import at, each
from readiness.evidence.suppressions.demands import lowered_demands
from readiness.evidence.suppressions.find import FILE, SuppressedFile, Suppression, suppressed
from readiness.evidence.suppressions.foreign import Known
from readiness.evidence.suppressions.hidden_code import end_of_braces, hidden_code
from readiness.evidence.suppressions.untouched import hides_what_it_hid, is_left_out

_ALIKE = 0.6
"""How alike two lines are when one is the other, edited and moved."""
_SAME_FILE = 0.5
"""Share of equal lines by which a new file is a gone one, renamed."""
_COMPARED = 20_000
"""Pairs of lines that are compared for likeness; in a larger change, only the same code counts as moved."""
_MOST_NAMED = 10
_MOST_GONE = 20
"""Suppressions that are gone, in whose blocks new ones are looked for."""
_MOST_PAIRS = 50_000
"""Pairs of equal lines of a file; with more, lines that are everywhere (`}`) do not help to align it."""
_LONGEST = 20_000
"""Lines that are aligned; a longer file's suppressions are compared by their code alone."""


def new_suppressions(change: Sequence[ChangedFile]) -> Iterator[EvidenceWeakening]:
    """Find the suppressions that a change adds or broadens.

    A suppression that moved with its code, was narrowed, or whose line was edited is not new. For security scanners,
    one that names no rule is new once its code was edited: nobody looked at what it hides now.

    Args:
        change: Every file that differs between the merge base and what is judged, and unchanged ones like the new.
    """
    files = [file for file in change if file.before != file.after and not is_left_out(file.path)]
    known = Known(change)
    for file in each(files):
        line, marker = known.first_of_its_kind(file)
        if line:
            text = f"marks {'a written' if file.before is not None else 'a new'} file as generated"
            yield EvidenceWeakening("suppression-added", text, file.path, line, "", marker)
    found = [_Pair(file) for file in each(files) if not hides_what_it_hid(file)]
    pairs = [pair for pair in found if pair.before.suppressions or pair.after.suppressions or pair.before.ends]
    _match_renamed(pairs)
    for pair in pairs:
        at(pair.path)
        pair.match_in_place()
    at("")
    _match_moved(pairs)
    for pair in pairs:
        at(pair.path)
        pair.new = [one for one in pair.new if not known.has(pair.path, one)]
        pair.foreign = known.is_foreign(pair.path)
        yield from pair.weakenings()
    yield from lowered_demands(files)


class _Pair:
    """One file's suppressions, before and after; those without a counterpart are `gone` and `new`."""

    def __init__(self, file: ChangedFile) -> None:
        self.path = file.path
        self.before = suppressed(file.path, file.before)
        self.after = suppressed(file.path, file.after)
        self.gone = list(self.before.suppressions)
        self.new = list(self.after.suppressions)
        self.foreign = False

    def match_in_place(self) -> None:
        if not (self.gone and self.new):
            return
        by_code: dict[tuple[str, str], list[Suppression]] = defaultdict(list)
        for old in self.gone:
            by_code[old.tool, old.code].append(old)
        for one in list(self.new):  # the same code: no need to align
            same = by_code[one.tool, one.code]
            match = next((old for old in same if _same(old, one)), None)
            if match is not None:
                same.remove(match)
            self._pair_up(one, match)
        blocks = [(old, *self._block(old)) for old in self.gone[:_MOST_GONE] if old.code.endswith("{")]
        self.new = [one for one in self.new if not any(_is_inside(one, *block) for block in blocks)]
        if not (self.gone and self.new) or max(len(self.before.lines), len(self.after.lines)) > _LONGEST:
            return
        counted = Counter(self.after.lines)
        many = sum(number * counted[line] for line, number in Counter(self.before.lines).items()) > _MOST_PAIRS
        matcher = SequenceMatcher(None, self.before.lines, self.after.lines, autojunk=many)
        for _, a1, a2, b1, b2 in [code for code in matcher.get_opcodes() if code[0] != "delete"]:
            for one in [one for one in self.new if b1 < one.line <= b2]:
                here = [old for old in self.gone if a1 < old.line <= a2 and _kept(old, one)]
                self._pair_up(one, here[0] if here else None)

    def _block(self, old: Suppression) -> tuple[int, int]:
        """The lines that a suppression which is gone would hide as a whole: after the first, to the last."""
        rows = self.after.lines
        at = next((number for number, row in enumerate(rows, 1) if " ".join(row.split()) == old.code), len(rows))
        return at, end_of_braces(rows, at)

    def _pair_up(self, one: Suppression, old: Suppression | None) -> None:
        if old is not None:
            self.gone.remove(old)
            self.new.remove(one)

    def weakenings(self) -> Iterator[EvidenceWeakening]:
        for one in self.new:
            near = [old for old in self.gone if old.tool == one.tool and old.code == one.code]
            before, after = (near[0].text if near else ""), f"{one.code}  {one.text}".strip()
            yield EvidenceWeakening("suppression-added", _sentence(one), one.path, one.line, before, after)
        yield from self._unended()
        if self.foreign:
            return
        for one, line, code in hidden_code(self.before, self.after, self.new):
            text = f"adds code where `{one.text}` hides it from {one.tool}"
            yield EvidenceWeakening("code-hidden", text, self.path, line, "", code)

    def _unended(self) -> Iterator[EvidenceWeakening]:
        """Blocks that no longer end: they hide the rest of the file."""
        for tool, count in self.before.ends.items():
            began = [one for one in self.after.suppressions if one.tool == tool and one.scope]
            fewer = count - self.after.ends.get(tool, 0)
            if fewer > 0 and len(began) > self.after.ends.get(tool, 0) and not any(one in self.new for one in began):
                last = began[-1]
                text = f"removes the end of a suppression of {tool}"
                yield EvidenceWeakening("suppression-added", text, self.path, last.line, "", last.text)


def _is_inside(one: Suppression, old: Suppression, begin: int, end: int) -> bool:
    """Whether a suppression has come into the block that an older one hid as a whole."""
    return begin < one.line <= end and one.hides_no_more_than(old) and not (one.security and not one.rules)


def _same(old: Suppression, new: Suppression) -> bool:
    return new.hides_no_more_than(old) and old.code == new.code


def _kept(old: Suppression, new: Suppression) -> bool:
    """Whether a suppression was kept while its code was edited."""
    if not new.hides_no_more_than(old):
        return False
    return not (new.security and not new.rules) or _squeezed(old.code) == _squeezed(new.code)


def _squeezed(code: str) -> str:
    return "".join(code.split()).replace('"', "'").rstrip(",;")


def _match_moved(pairs: list[_Pair]) -> None:
    """Match what left one place of the change with what came to another."""
    gone: dict[str, list[tuple[_Pair, Suppression]]] = defaultdict(list)
    for pair in pairs:
        for old in pair.gone:
            gone[old.tool].append((pair, old))
    few = sum(map(len, gone.values())) * sum(len(pair.new) for pair in pairs) <= _COMPARED
    for alike in (_moved, _moved_and_edited) if few else (_moved,):
        for pair in pairs:
            for one in list(pair.new):
                match = next((entry for entry in gone[one.tool] if alike(entry[1], one)), None)
                if match is not None:
                    gone[one.tool].remove(match)
                    match[0].gone.remove(match[1])
                    pair.new.remove(one)


def _moved(old: Suppression, new: Suppression) -> bool:
    return new.scope != FILE and _same(old, new)


def _moved_and_edited(old: Suppression, new: Suppression) -> bool:
    if new.scope == FILE or not _kept(old, new):
        return False
    return SequenceMatcher(None, old.code, new.code).ratio() >= _ALIKE


def _match_renamed(pairs: list[_Pair]) -> None:
    """Give a new file what a file that is gone and much like it had."""
    gone = [pair for pair in pairs if pair.before.lines and not pair.after.lines]
    for pair in [pair for pair in pairs if pair.after.lines and not pair.before.lines]:
        for other in gone:
            if _share(other.before, pair.after) >= _SAME_FILE:
                pair.before, pair.gone = other.before, list(other.before.suppressions)
                other.gone = []
                gone.remove(other)
                break


def _share(before: SuppressedFile, after: SuppressedFile) -> float:
    first, second = set(before.lines), set(after.lines)
    return 2 * len(first & second) / (len(first) + len(second))


def _sentence(one: Suppression) -> str:
    more = len(one.rules) - _MOST_NAMED
    rules = ", ".join(sorted(one.rules)[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"suppresses {rules} of {one.tool}" if rules else f"suppresses everything that {one.tool} would find"
