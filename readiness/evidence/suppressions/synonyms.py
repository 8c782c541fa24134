"""Gives the rules that a tool knows by a name and by a code one spelling, so that one may stand for the other."""

_PYLINT = {
    "C0103": "invalid-name", "C0114": "missing-module-docstring", "C0115": "missing-class-docstring",
    "C0116": "missing-function-docstring", "C0200": "consider-using-enumerate", "C0301": "line-too-long",
    "C0302": "too-many-lines", "C0411": "wrong-import-order", "C0412": "ungrouped-imports",
    "C0413": "wrong-import-position", "C0415": "import-outside-toplevel", "C3001": "unnecessary-lambda-assignment",
    "E0401": "import-error", "E0602": "undefined-variable", "E0611": "no-name-in-module", "E1101": "no-member",
    "E1102": "not-callable", "E1120": "no-value-for-parameter", "E1121": "too-many-function-args",
    "E1123": "unexpected-keyword-arg", "E1136": "unsubscriptable-object", "R0401": "cyclic-import",
    "R0801": "duplicate-code", "R0901": "too-many-ancestors", "R0902": "too-many-instance-attributes",
    "R0903": "too-few-public-methods", "R0904": "too-many-public-methods", "R0911": "too-many-return-statements",
    "R0912": "too-many-branches", "R0913": "too-many-arguments", "R0914": "too-many-locals",
    "R0915": "too-many-statements", "R1705": "no-else-return", "R1720": "no-else-raise", "R1732": "consider-using-with",
    "W0102": "dangerous-default-value", "W0105": "pointless-string-statement", "W0106": "expression-not-assigned",
    "W0107": "unnecessary-pass", "W0108": "unnecessary-lambda", "W0122": "exec-used", "W0123": "eval-used",
    "W0201": "attribute-defined-outside-init", "W0212": "protected-access", "W0221": "arguments-differ",
    "W0231": "super-init-not-called", "W0401": "wildcard-import", "W0511": "fixme",
    "W0601": "global-variable-undefined",
    "W0602": "global-variable-not-assigned", "W0603": "global-statement", "W0611": "unused-import",
    "W0612": "unused-variable", "W0613": "unused-argument", "W0614": "unused-wildcard-import",
    "W0621": "redefined-outer-name", "W0622": "redefined-builtin", "W0631": "undefined-loop-variable",
    "W0640": "cell-var-from-loop", "W0702": "bare-except", "W0703": "broad-except", "W0707": "raise-missing-from",
    "W0718": "broad-exception-caught", "W0719": "broad-exception-raised", "W1203": "logging-fstring-interpolation",
    "W1201": "logging-not-lazy", "W1202": "logging-format-interpolation", "W1510": "subprocess-run-check",
    "W1514": "unspecified-encoding",
}  # fmt: skip
"""Messages of pylint that are met most, by code; others have two spellings here."""


def one_spelling(tool: str, rule: str) -> str:
    """The spelling by which a rule is compared."""
    return _PYLINT.get(rule.upper(), rule) if tool == "pylint" else rule
