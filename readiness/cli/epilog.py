"""What stands at the end of a command's help: its exit codes and examples."""


def epilog(exit_codes: str = "", *, examples: tuple[str, ...]) -> str:
    """Write the end of a help text, as click wants it: examples are not wrapped."""
    codes = [f"Exit codes: {exit_codes}."] if exit_codes else []
    return "\n\n".join([*codes, "\n".join(["\b", "Examples:", *(f"  readiness {example}" for example in examples)])])
