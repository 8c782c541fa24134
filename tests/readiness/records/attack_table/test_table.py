"""The table of the documentation and these tests are the same list."""

import ast
from pathlib import Path

from support.attacked import table


def docstrings() -> list[str]:
    """What each test of this package attacks with, in the order of the modules and the tests."""
    found = []
    for path in sorted(Path(__file__).parent.glob("test_[0-9]_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                text = ast.get_docstring(node)
                assert text is not None, f"{path.name}: {node.name} names no row of the table"
                assert any(argument.arg == "row" for argument in node.args.args), f"{node.name} asks for no row"
                found.append(text.removesuffix("."))
    return found


def test_every_row_of_the_table_has_its_test_in_the_same_order() -> None:
    assert docstrings() == list(table())


def test_no_attack_comes_to_a_pass_unless_the_real_signoff_stands() -> None:
    assert {seen.state for seen in table().values() if seen.check == 0} == {"valid"}
    assert {seen.verify for seen in table().values() if seen.check is None} == {1}
