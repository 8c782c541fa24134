"""Finds the failures in a command line that the shell does not see, by the grammar of bash, without running it.

The rules are those of the Bash Reference Manual 5.2: 4.3.1 (`set -e` is ignored in conditions, in all but the last
command of an `&&` list, behind `!`, and in functions and groups that are called there) and 3.7.4 (the status of an
assignment is that of its last substitution; the status of any other command is not that of its substitutions).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readiness_checks.command.script import COMMENTS, SHELLS, Script, chain, parser, statements, substitutions

if TYPE_CHECKING:
    from tree_sitter import Node

_LONGEST = 100_000
"""Bytes of a command line that is looked at."""
_DEEPEST = 50
_COMPOUND = frozenset((
    "function_definition", "if_statement", "elif_clause", "else_clause", "while_statement", "for_statement",
    "c_style_for_statement", "do_group", "case_statement", "case_item", "compound_statement", "subshell",
))  # fmt: skip


@dataclass(frozen=True)
class Unseen:
    """A place in a command line whose failure nobody would see."""

    at: int
    """Characters before it."""
    text: str
    """What stands there, its first line."""
    message: str
    remedy: str


def unseen(line: str) -> list[Unseen]:
    """All of them, in order; none where the line is too long or the grammar does not know what it says."""
    source = line.encode("utf-8", "surrogatepass")
    if len(source) > _LONGEST:
        return []
    root = parser().parse(source).root_node
    if root.has_error:
        return []
    reader = _Reader(source)
    try:
        reader.body(statements(root), last=True, depth=0)
    except RecursionError:  # nobody writes such a line
        return []
    places = sorted({one.at: one for one in reversed(reader.found)}.values(), key=lambda one: one.at)
    return [Unseen(len(source[: one.at].decode(errors="replace")), one.text, one.message, one.remedy) for one in places]


class _Reader(Script):
    """Walks through statements as bash would, and notes what `-eo pipefail` lets pass."""

    def __init__(self, source: bytes) -> None:
        super().__init__(source)
        self.found: list[Unseen] = []
        self._functions: dict[str, Node] = {}

    def body(self, nodes: "Sequence[Node]", *, last: bool, depth: int) -> None:
        """Statements one after the other.

        Args:
            nodes: They.
            last: Whether the status of the last one is seen even where it is ignored inside.
            depth: Groups around them.
        """
        if depth > _DEEPEST:
            return
        waits = self.waits(nodes)
        for number, node in enumerate(nodes):
            background = node.next_sibling is not None and node.next_sibling.type == "&"
            if background and not waits and not self.sure(node) and self.name(node) != "nohup":
                self._note(
                    node, "a failure of this job in the background is not seen", 'wait for it by number: `wait "$!"`'
                )
            self._statement(node, last=last and number == len(nodes) - 1, depth=depth)

    def _statement(self, node: "Node", *, last: bool, depth: int) -> None:
        kind = node.type
        if kind == "list":
            self._list(node, last=last, depth=depth)
        elif kind in _COMPOUND:
            self._compound(node, last=last, depth=depth)
        elif kind == "negated_command" or (kind == "pipeline" and node.children[0].type == "negated_command"):
            if not last:
                self._negated(node)
            self._substitutions(node)
        elif kind == "pipeline":
            for child in node.named_children:
                self._statement(child, last=True, depth=depth)
        elif kind == "redirected_statement":
            self._statement(node.named_children[0], last=last, depth=depth)
            for child in node.named_children[1:]:
                self._substitutions(child)
        else:
            self._command(node)

    def _compound(self, node: "Node", *, last: bool, depth: int) -> None:
        kind = node.type
        if kind == "function_definition":
            self._functions[self.words(node)[0]] = node
            self._inside(node, last=True, depth=depth)
        elif kind in {"if_statement", "elif_clause", "while_statement"}:
            self._conditional(node, last=last, depth=depth)
        elif kind in {"case_statement", "for_statement", "c_style_for_statement"}:
            self._substitutions(node, only_head=True)
            self._inside(node, last=last and kind == "case_statement", depth=depth)
        else:  # a subshell hands its status on even where it was ignored inside
            self.body(statements(node), last=last or kind == "subshell", depth=depth + 1)

    def _list(self, node: "Node", *, last: bool, depth: int) -> None:
        operands, operators = chain(node)
        handled = bool(operators) and operators[-1] == "||"
        for number, operand in enumerate(operands[:-1]):
            hidden = operators[number] == "&&" and "||" not in operators[number:] and not last
            if hidden and not self.asks(operand) and not self.sure(operand):
                message = "if this fails, the lines after it run all the same: `-e` sees only the last command of `&&`"
                self._note(operand, message, "write the commands in lines of their own, without `&&`")
            self._ignored(operand, depth)
            self._substitutions(operand)
        self._statement(operands[-1], last=last or handled, depth=depth)

    def _conditional(self, node: "Node", *, last: bool, depth: int) -> None:
        head = [child for child in node.children_by_field_name("condition") if child.is_named]
        for child in head:
            for operand in chain(child)[0]:
                self._ignored(operand, depth)
                self._substitutions(operand)
        taken = {child.id for child in head}
        body = [child for child in node.named_children if child.id not in taken and child.type not in COMMENTS]
        loop = node.type == "while_statement"
        clauses = [child for child in body if child.type in {"elif_clause", "else_clause", "do_group"}]
        self.body([child for child in body if child not in clauses], last=last and not loop, depth=depth + 1)
        for clause in clauses:
            self._statement(clause, last=last and not loop, depth=depth + 1)

    def _inside(self, node: "Node", *, last: bool, depth: int) -> None:
        for child in node.named_children:
            if child.type in _COMPOUND:
                self._statement(child, last=last, depth=depth + 1)

    def _ignored(self, node: "Node", depth: int) -> None:
        """A group or function of this script where its status is asked for: inside of it, nothing ends it."""
        inner = node.named_children[0] if node.type == "negated_command" and node.named_children else node
        words = self.words(inner) if inner.type == "command" else []
        group = (
            self._functions.get(words[0])
            if words
            else inner
            if inner.type in {"compound_statement", "subshell"}
            else None
        )
        if group is None or depth > _DEEPEST:
            return
        holder = next((child for child in group.named_children if child.type == "compound_statement"), group)
        if any(not self.sure(each) and not self.asks(each) for each in statements(holder)[:-1]):
            message = "inside of it only the last command counts: `-e` is off where a status is asked for"
            self._note(node, message, "call it in a line of its own, or join its commands with `&&`")

    def _negated(self, node: "Node") -> None:
        self._note(
            node,
            "`!` never ends a command line, whatever it finds",
            "write `if …; then exit 1; fi`, or make it the last line",
        )

    def _command(self, node: "Node") -> None:
        if node.type == "variable_assignment":
            self._assigned(node)
        elif node.type == "variable_assignments":
            *earlier, final = node.named_children
            for child in earlier:
                self._substitutions(child)
            self._assigned(final)
        else:
            words = self.words(node)
            rest = self.source[node.end_byte :]
            if words[:1] == ["set"] and "+e" in words and b"$?" not in rest and b"set -e" not in rest:
                self._note(node, "from here on no failure ends the command", "leave it out, or ask for `$?`")
            self._shell(node)
            self._substitutions(node)

    def _assigned(self, node: "Node") -> None:
        """The status of an assignment is that of its last substitution."""
        places = [*substitutions(node)]
        for child in places[:-1]:
            self._substitution(child)
        if places and places[-1].type == "process_substitution":
            self._substitution(places[-1])
        elif places:
            self._several(places[-1])

    def _substitutions(self, node: "Node", *, only_head: bool = False) -> None:
        if self.compares(node):
            return
        for child in substitutions(node, only_head=only_head):
            self._substitution(child)

    def _substitution(self, node: "Node") -> None:
        if node.type == "process_substitution":
            message, remedy = "a failure in it is not seen", "write to a file first, in a line of its own"
        else:
            message = "a failure in it is not seen: the status is that of the command around it"
            remedy = "put it into a variable first, in a line of its own: `value=$(…)`"
        inside = statements(node)
        if any(not self.sure(each) for each in inside):
            self._note(node, message, remedy)
        for each in inside:
            self._statement(each, last=True, depth=1)

    def _several(self, node: "Node") -> None:
        """Bash switches `-e` off in a substitution, so that only its last command counts."""
        inside = statements(node)
        if any(not self.sure(each) and each.type != "variable_assignment" for each in inside[:-1]):
            self._note(node, "only the last command in it counts: bash switches `-e` off there", "join them with `&&`")
        for each in inside:
            self._statement(each, last=True, depth=1)

    def _shell(self, node: "Node") -> None:
        """`bash -c 'a; b'`: another shell, without `-e`."""
        words = self.words(node)
        if not words or words[0].rpartition("/")[2] not in SHELLS or "-c" not in words[1:3]:
            return
        inner = words[words.index("-c") + 1 : words.index("-c") + 2]
        root = parser().parse(inner[0].strip("'\"").encode()).root_node if inner else None
        if (
            root
            and not root.has_error
            and "set -e" not in inner[0]
            and len([each for each in statements(root) if not self.sure(each)]) > 1
        ):
            self._note(node, "only its last command counts: this shell runs without `-e`", f"write `{words[0]} -ec …`")

    def _note(self, node: "Node", message: str, remedy: str) -> None:
        self.found.append(Unseen(node.start_byte, self.text(node).split("\n")[0], message, remedy))
