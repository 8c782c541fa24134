"""What the statements of a shell script are, by the grammar of bash: their words, and what kind of command they run."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_ASKS = frozenset((
    "[", "test", "grep", "egrep", "fgrep", "command", "type", "which", "hash", "cmp", "diff", "pgrep", "kill",
    "systemctl",
))  # fmt: skip
"""Commands that mostly ask something: that the answer is no is not a failure."""
_SURE = frozenset((
    "echo", "printf", "true", ":", "pwd", "nproc", "date", "id", "uname", "whoami", "hostname", "basename", "dirname",
    "seq", "sleep", "arch", "getconf", "tty", "logname", "set", "shopt", "export", "unset", "shift", "local",
))  # fmt: skip
"""Commands that do not fail when they are written rightly."""
_FILTERS = frozenset(
    (
        "awk",
        "base64",
        "bc",
        "cut",
        "fold",
        "head",
        "nl",
        "paste",
        "rev",
        "sed",
        "sort",
        "tac",
        "tail",
        "tr",
        "uniq",
        "wc",
    )
)
"""Commands that only change the text that they are given."""
SHELLS = frozenset(("bash", "sh", "dash", "ash", "zsh", "ksh"))
COMMENTS = frozenset(("comment", "heredoc_body", "heredoc_end", "file_redirect"))


@cache
def parser() -> "Parser":
    """A parser for bash, made once."""
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


class Script:
    """A script and what its commands are.

    Args:
        source: Its bytes.
    """

    def __init__(self, source: bytes) -> None:
        self.source = source

    def compares(self, node: "Node") -> bool:
        """Whether it compares with something that is not empty: what failed gives nothing, and so does not pass."""
        text = self.text(node)
        return (
            node.type in {"test_command", "command"}
            and text.startswith(("[", "test "))
            and any(f" {sign} " in text for sign in ("=", "==", "-eq", "-ge", "-gt", "-n", "=~"))
        )

    def asks(self, node: "Node") -> bool:
        """Whether it mostly asks something: then a status that is not zero is an answer."""
        if node.type in {"test_command", "redirected_statement", "negated_command"} and node.named_children:
            return node.type == "test_command" or self.asks(node.named_children[0])
        if node.type == "pipeline":
            return self.asks(node.named_children[-1])
        words = self.words(node) if node.type == "command" else []
        quiet = bool({"-q", "--quiet", "--silent", "-s", "--exit-code", "--check"} & {*words})
        return bool(words) and (words[0] in _ASKS or quiet)

    def sure(self, node: "Node") -> bool:
        """Whether it does not fail when it is written rightly."""
        if node.type in {"variable_assignment", "declaration_command", "variable_assignments"}:
            return not [*substitutions(node)]
        if node.type == "redirected_statement" and node.named_children:
            return self.sure(node.named_children[0])
        if node.type == "pipeline":
            first, *rest = node.named_children
            return self.sure(first) and all(self.sure(child) or self.name(child) in _FILTERS for child in rest)
        if node.type == "list":
            return all(self.sure(child) or self.asks(child) for child in chain(node)[0])
        return node.type in {*COMMENTS, "function_definition"} or self.name(node) in _SURE

    def waits(self, statements: "Sequence[Node]") -> bool:
        """Whether jobs in the background are waited for by number, or are ended: then they are servers."""
        for node in statements:
            words = self.words(node) if node.type == "command" else []
            if words[:1] in (["kill"], ["fg"], ["trap"], ["nohup"]) or (words[:1] == ["wait"] and len(words) > 1):
                return True
        return False

    def words(self, node: "Node") -> list[str]:
        """The words of a command, without what it assigns and where it writes."""
        return [
            self.text(child) for child in node.named_children if child.type not in {*COMMENTS, "variable_assignment"}
        ]

    def name(self, node: "Node") -> str:
        """Of the program that a command runs, without its folder."""
        if node.type == "redirected_statement" and node.named_children:
            return self.name(node.named_children[0])
        words = self.words(node) if node.type == "command" else []
        return words[0].rpartition("/")[2] if words else ""

    def text(self, node: "Node") -> str:
        """What stands there."""
        return self.source[node.start_byte : node.end_byte].decode(errors="replace")


def statements(node: "Node") -> "list[Node]":
    """Statements of a script, group or substitution."""
    return [child for child in node.named_children if child.type not in COMMENTS]


def chain(node: "Node") -> "tuple[list[Node], list[str]]":
    """Operands and operators of `a && b || c`, which the grammar nests to the left."""
    operands, operators = [], []
    while node.type == "list" and len(node.children) >= 3:  # noqa: PLR2004  # left, operator, right
        operands.append(node.children[-1])
        operators.append(node.children[1].type)
        node = node.children[0]
    return [node, *reversed(operands)], [*reversed(operators)]


def substitutions(node: "Node", *, only_head: bool = False) -> "Iterator[Node]":
    """The outermost `$(…)`, backticks, `<(…)` and `>(…)` below a node, in order."""
    for child in node.children:
        if child.type in {"command_substitution", "process_substitution"}:
            yield child
        elif not (only_head and child.type in {"do_group", "case_item", "compound_statement"}):
            yield from substitutions(child, only_head=only_head)
