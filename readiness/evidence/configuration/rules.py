"""Which way a setting of a tool is looser, as plain data."""

from typing import NamedTuple

from readiness.evidence.configuration.documents import Data

LIST = r"[\n,]+"
WORDS = r"[\s,]+"
LINES = r"\n+"


class Rule(NamedTuple):
    """One setting, and which way is looser."""

    setting: str
    """Regular expression for the whole dotted name, in lower case and with `_` for `-`."""
    way: str
    """`ignores`: each entry more is looser. `selects`: each entry fewer is. `at_least`, `at_most`: a number below, or
    above, is. `strict`: what is switched off is. `loose`: what is switched on is. `severity`: off < warn < error.
    `options`: of a command line. `kept`: what is gone is. `changed`: any other value may be. `alternatives`: each part
    more of a regular expression is. `globs`: `!` leaves out, anything else takes in. `modes`: off < basic < standard <
    strict. `manual`: what runs only on demand. `targets`: a percentage below.
    `any_true`, `all_true`: one value more is. `fewer`: a shorter list is. `warnings`: of
    what is an error, less is. `exact`: any other value, and none, is. `narrows`: any value is, but the one before.
    `appears`: a first value is. `limit`: a number above is, the highest of several; one that is gone may be written
    otherwise.
    `hides`: `loose` of a switch, `ignores` of a list. `firm`: `strict` of a switch, a higher level of a text.
    `grows`: `ignores` of a list that was there.
    `takes_in`: `strict` of a switch, `selects` of a list. `signed`: one more with `-` is, and one fewer without."""
    code: str = "configuration-changed"
    default: Data = None
    """What the tool does without the setting."""
    split: str = LIST
    """Where a text is cut into entries."""
    prefixes: bool = False
    """Whether an entry stands for all that begin with it, as the codes of flake8 do."""
    free: str = ""
    """Regular expression for entries that are free, because they are the tool's default or hide nothing."""
