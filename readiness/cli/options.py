"""The options that commands share, each declared once; those that belong together are one frozen dataclass."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import click

from readiness.cli.errors import UsageError
from readiness.cli.typed_options import AS_OF, BEGIN, END

Command = TypeVar("Command", bound="Callable[..., object] | click.Command")

POLICY_REF_VARIABLE = "READINESS_POLICY_REF"
FILE = click.Path(path_type=Path)


def text_option(*names: str, about: str, metavar: str | None = None) -> Callable[[Command], Command]:
    """An option for a text; empty when it is not given."""
    return click.option(*names, default="", metavar=metavar, help=about)


def text_options(*names: str, about: str, metavar: str) -> Callable[[Command], Command]:
    """An option for any number of texts."""
    return click.option(*names, multiple=True, metavar=metavar, help=about)


def file_option(*names: str, about: str, metavar: str = "FILE") -> Callable[[Command], Command]:
    """An option for a file; None when it is not given."""
    return click.option(*names, type=FILE, metavar=metavar, help=about)


def file_options(*names: str, about: str) -> Callable[[Command], Command]:
    """An option for any number of files."""
    return click.option(*names, multiple=True, type=FILE, metavar="FILE", help=about)


def flag(*names: str, about: str) -> Callable[[Command], Command]:
    """An option that is given or not."""
    return click.option(*names, is_flag=True, help=about)


class Sha256(click.ParamType[str]):
    """A SHA-256 in hex, with or without `sha256:` before it."""

    name = "sha256"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read it; lower-case."""
        found = value.strip().lower().removeprefix("sha256:")
        if re.fullmatch(r"[0-9a-f]{64}", found) is None:
            self.fail(f"`{value}` is no SHA-256: it has 64 hex digits", param, ctx)
        return found


checklist_file = click.option(
    "-f", "--file", type=FILE, help="The checklist file; by default the first one in this folder or above."
)
ChecklistFile = Annotated[Path | None, checklist_file]
PolicyRef = Annotated[
    str | None,
    click.option(
        "--policy-ref",
        "ref",
        metavar="REF",
        help="Judge by the checklist, roster, waivers and revocations of this ref, for instance origin/main, and show "
        f"how the work tree weakens them; by default {POLICY_REF_VARIABLE}.",
    ),
]
"""The policy to judge or to sign by, which the work tree cannot change."""
TrustedKeys = Annotated[
    tuple[Path, ...],
    file_options(
        "--key",
        "keys",
        about="File of trusted public keys (PEM); by default READINESS_VERIFY_KEY, then .readiness/verdict_keys of the "
        "policy.",
    ),
]
AsJson = Annotated[bool, flag("--json", "as_json", about="Print it as JSON.")]
Yes = Annotated[bool, flag("--yes", about="Do not ask for confirmation.")]


@dataclass(frozen=True)
class ChecklistOptions:
    """Which checklist, and with whose values."""

    file: ChecklistFile
    environment: Annotated[
        str, text_option("--env", "environment", about="Environment whose values replace `${name}`.", metavar="NAME")
    ]


@dataclass(frozen=True)
class SignedFor:
    """What a record is for."""

    environment: Annotated[
        str, text_option("--env", "environment", about="Environment that the record is for.", metavar="NAME")
    ]
    release: Annotated[
        str,
        text_option(
            "--release", about="Release that the record is for; by default that of the checklist.", metavar="R"
        ),
    ]


@dataclass(frozen=True)
class RecordsSource:
    """Where roster and records are read from, and as of when."""

    file: ChecklistFile = None
    when: Annotated[
        datetime | None,
        click.option(
            "--as-of",
            "when",
            type=AS_OF,
            metavar="DATE",
            help="Answer as of the end of a day in UTC, or of a moment with its offset; ignore everything later.",
        ),
    ] = None
    ref: Annotated[
        str | None,
        click.option(
            "--policy-ref",
            "ref",
            metavar="REF",
            help="Read checklist, signers and records from this ref, for instance origin/main.",
        ),
    ] = None


@dataclass(frozen=True)
class SignerOptions:
    """Who signs, and with which key."""

    principal: Annotated[
        str,
        text_option("--as", "principal", about="Your principal in .readiness/allowed_signers.", metavar="PRINCIPAL"),
    ]
    key: Annotated[
        str,
        text_option("--key", about="Key file, or public key of a key in the SSH agent; by default git's signing key."),
    ]


@dataclass(frozen=True)
class Period:
    """When a record was signed."""

    since: Annotated[
        datetime | None,
        click.option(
            "--since", type=BEGIN, metavar="DATE", help="Only records signed on or after this day (in UTC) or moment."
        ),
    ]
    until: Annotated[
        datetime | None,
        click.option(
            "--until", type=END, metavar="DATE", help="Only records signed on or before this day (in UTC) or moment."
        ),
    ]


@dataclass(frozen=True)
class ReportOutput:
    """Where a report goes."""

    paths: Annotated[
        tuple[Path, ...],
        file_options("-o", "--output", "paths", about="Write a report; the suffix picks the format. May be repeated."),
    ]
    form: Annotated[
        str | None,
        click.option(
            "--format", "form", metavar="SUFFIX", help="Print the report (json, md, html ...) instead of the summary."
        ),
    ]


Evidence = Annotated[
    tuple[Path, ...],
    click.option(
        "--evidence",
        multiple=True,
        metavar="FILE",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="A file that you looked at; its digest is signed, too. May be repeated.",
    ),
]


def named_ref(ref: str | None, *, variable: str = "") -> str | None:
    """The policy ref that was asked for; None for the work tree.

    Args:
        ref: What the command line says; None when it says nothing.
        variable: Environment variable that speaks when it says nothing.

    Raises:
        UsageError: It is empty: a variable that CI did not fill in must not mean the work tree.
    """
    said = os.environ.get(variable) if ref is None and variable else ref
    if said is not None and not said.strip():
        where = variable if ref is None else "--policy-ref"
        raise UsageError(f"{where} is empty\nnext: name the branch that judges, for instance origin/main")
    return said


def epilog(exit_codes: str = "", *, examples: tuple[str, ...]) -> str:
    """Write the end of a help text, as click wants it: examples are not wrapped."""
    codes = [f"Exit codes: {exit_codes}."] if exit_codes else []
    return "\n\n".join([*codes, "\n".join(["\b", "Examples:", *(f"  readiness {example}" for example in examples)])])
