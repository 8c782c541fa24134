"""The check `env`: reads variables from the process or from files and judges each by its rule."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import StringConstraints, model_validator

from readiness import GitError, looks_secret
from readiness.check import Check, Context
from readiness.outcome import CheckError, Evidence, Finding, Level, Outcome, Status
from readiness.strictness import stricter
from readiness.text import count
from readiness_checks.env import dotenv_files, formats
from readiness_checks.env.dotenv_files import DotenvFile, Variable
from readiness_checks.env.production import is_production, of_development
from readiness_checks.env.rule import CERTAINTY, EXPOSED, GENERATE, Rule, as_rule, judge
from readiness_checks.parameters import ONE_OR_MANY, Also
from readiness_checks.secret_values import guessable, holds_secret, password, placeholder

_Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


def _names(value: Any) -> Any:
    """Read names without rules, as a list; a name that is there twice stays a mistake."""
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list) and all(isinstance(name, str) for name in names) and len(set(names)) == len(names):
        return dict.fromkeys(names)
    return value


_NAMES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "uniqueItems": True}]}
_Rule = Annotated[Rule, Also(as_rule, {"enum": ["secret", *formats.NAMES]})]


@dataclass(frozen=True)
class _Places:
    """Where findings about variables without a line are put: the checklist that requires them."""

    path: str
    line: int | None

    def finding(self, rule: str, message: str, remedy: str, variable: Variable | None = None) -> Finding:
        path, line = (variable.path, variable.line) if variable and variable.path else (self.path, self.line)
        return Finding(message=message, rule=rule, path=path, line=line, remedy=remedy)


class Env(Check):
    """Every environment variable is set to a real, well-formed value, and no secret among them is weak or in git.

    Why: A variable that is missing or still holds the example's value is found in production, by the users or by
    somebody who tries `changethis` first.

    How: Reads the variables of the process, or those of .env files, and judges each by its rule: missing, empty,
    placeholder, malformed, weak, the same as another secret, or a secret under a prefix that is published to browsers.
    The files themselves are judged too: lines that are no assignment, names set twice, references to nothing,
    placeholders in variables that nobody listed, secrets in a file that git tracks. Values of production may not be
    those of a developer's machine: its addresses, debugging, another environment, CORS for every site, keys for tests.
    Values are never shown.

    Remedy: Set the variable where the application runs, and take files with secrets out of git: `git rm --cached`,
    then change every secret that was in them, for history keeps them.

    Example:
        - id: environment
          title: Every variable of production is set
          check: env
          with:
            source: process
            required:
              SECRET_KEY: {secret: true}
              SITE_URL: {format: https_url}
              DEBUG: {one_of: ["false"]}
    """

    uses_services: ClassVar[bool] = False
    runs_foreign_code: ClassVar[bool] = False

    required: Annotated[
        dict[_Name, _Rule | None],
        Also(_names, _NAMES),
        stricter.more_named(
            entry=stricter.fields(alone="format", words={"secret": {"secret": True}}), unnamed={"min_length": 0}
        ),
    ] = {}
    """Variables that have to be set, each with its rule, or with the name of a format, or `secret`; without a rule, and
    in a mere list of names, any real value will do."""
    files: Annotated[list[Annotated[str, StringConstraints(min_length=1)]], ONE_OR_MANY, stricter.unknown] = []
    """.env files; where several set a variable, the last one counts."""
    source: Annotated[Literal["process", "file"] | None, stricter.unknown] = None
    """Where the values of `required` come from; the files when there are any, else the process."""
    production: Annotated[bool | None, stricter.in_order(*CERTAINTY)] = None
    """Whether these are values of production. When not given, the name of the file tells: every one but an example is,
    unless it, a folder of it or the chosen environment says otherwise (`.env.test`, `staging/.env`, `--env staging`);
    those of the process are, where the environment is called `production`. A value that is right in production all the
    same goes into `one_of`."""

    @model_validator(mode="after")
    def _something_to_judge(self) -> Self:
        if not self.required and not self.files:
            raise ValueError("give `required`, `files` or both: there is nothing to judge")
        if self.source == "file" and not self.files:
            raise ValueError("`source: file` needs `files`")
        return self

    def run(self, context: Context) -> Outcome:
        """Read, judge, and say where."""
        files = self._read(context)
        source = context.item.source
        places = _Places(source.file if source else "", source.line if source else None)
        values = self._values(context, files)
        for name, variable in values.items():
            rule = self.required.get(name)
            if (rule and rule.secret) or looks_secret(name):
                _hide(context, variable)
        findings = [*self._judge_required(values, places), *self._judge_production(context, values, files, places)]
        for file in files:
            findings.extend(file.findings)
            findings.extend(self._judge_file(file))
            findings.extend(self._judge_git(context, file))
        return _outcome(set(self.required), files, findings)

    def _read(self, context: Context) -> list[DotenvFile]:
        files: list[DotenvFile] = []
        for path in self.files:
            known = {variable.name: variable.value for file in files for variable in file.variables}
            files.append(dotenv_files.read(context, path, {**context.environ, **known}))
        for file in files:
            for variable in file.variables:
                if self._is_secret(variable) or looks_secret(variable.name):
                    _hide(context, variable)
        return files

    def _is_secret(self, variable: Variable) -> bool:
        name, rule = variable.name, self.required.get(variable.name)
        said = None if rule is None else rule.secret
        if said or password(variable.value):
            return True  # whatever a rule says about the address, the password in it is one
        return said is None and holds_secret(name, variable.value) and not name.startswith(EXPOSED)

    def _values(self, context: Context, files: list[DotenvFile]) -> dict[str, Variable]:
        if files and self.source != "process":
            return {variable.name: variable for file in files for variable in file.variables}
        return {name: Variable(name, context.environ[name], "", 0) for name in self.required if name in context.environ}

    def _judge_required(self, values: Mapping[str, Variable], places: _Places) -> Iterator[Finding]:
        secrets: dict[str, str] = {}
        for name, given in self.required.items():
            rule, variable = given or Rule(), values.get(name)
            if variable is None:
                yield places.finding("missing", f"{name} is not set", f"set {name}")
                continue
            for kind, message, remedy in judge(name, variable.value, rule):
                yield places.finding(kind, message, remedy, variable)
            if rule.secret and variable.value:
                other = secrets.setdefault(variable.value, name)
                if other != name:
                    yield places.finding("shared", f"{name} has the same value as {other}", GENERATE, variable)

    def _judge_production(
        self, context: Context, values: Mapping[str, Variable], files: list[DotenvFile], places: _Places
    ) -> Iterator[Finding]:
        """Judge whether values of production are those of a developer's machine."""
        examples = {file.path for file in files if file.template}
        last = {variable.name: variable for file in files for variable in file.variables}
        listed = {name: variable for name, variable in values.items() if name in self.required}
        for variable in {**last, **listed}.values():
            rule = self.required.get(variable.name)
            if variable.path in examples or (rule and rule.one_of and variable.value in rule.one_of):
                continue
            known = is_production(variable.path, context.subject.environment)
            if known if self.production is None else self.production:
                for kind, message, remedy in of_development(variable.name, variable.value):
                    yield places.finding(kind, message, remedy, variable)

    def _judge_file(self, file: DotenvFile) -> Iterator[Finding]:
        """Judge variables that nobody listed for placeholders, and secrets that anybody guesses."""
        for variable in () if file.template else file.variables:
            required = variable.name in self.required and self.source != "process"
            secret = self._is_secret(variable)
            reason, rule, what = placeholder(variable.value), "placeholder", "holds a placeholder"
            if required:  # by its own rule; a secret that nobody called one is judged as if it were not listed
                given = self.required[variable.name]
                reason, secret = "", secret and (given is None or given.secret is None)
            if not reason and secret and variable.value and not file.leaves_out(variable):
                reason, rule, what = guessable(variable.value), "weak", "is a weak secret"
            if reason:
                yield Finding(
                    message=f"{variable.name} {what}: {reason}",
                    rule=rule,
                    path=variable.path,
                    line=variable.line,
                    remedy=f"set {variable.name} to its real value",
                )

    def _judge_git(self, context: Context, file: DotenvFile) -> Iterator[Finding]:
        """Judge whether secrets of a file are, or are about to be, in git."""
        secrets = [v for v in file.variables if v.value and self._is_secret(v)]
        if file.template:
            secrets = [v for v in secrets if not placeholder(v.value) and not guessable(v.value)]
        repository = context.repository
        if repository is None or not secrets:
            return
        names = ", ".join(dict.fromkeys(variable.name for variable in secrets))
        try:
            tracked = bool(repository.tracked_files([file.path]))
            ignored = file.path in repository.ignored([file.path])
        except GitError:
            if PurePosixPath(file.path).is_absolute() or file.path.startswith("../"):
                return  # it lies outside this repository
            raise
        if tracked:
            yield Finding(
                message=f"{file.path} is committed to git with secrets in it: {names}",
                rule="committed",
                path=file.path,
                line=secrets[0].line,
                remedy=f"`git rm --cached {file.path}`, ignore it, and change these secrets: history keeps them",
            )
        elif not ignored:
            yield Finding(
                message=f"{file.path} has secrets and git does not ignore it: the next `git add` commits them",
                rule="not-ignored",
                level=Level.WARNING,
                path=file.path,
                line=secrets[0].line,
                remedy=f"add {file.path} to .gitignore",
            )


def _outcome(required: set[str], files: list[DotenvFile], findings: list[Finding]) -> Outcome:
    """Put the answer together."""
    names = {variable.name for file in files for variable in file.variables}
    examined = len(required | names)
    if not examined:
        empty = ", ".join(file.path for file in files)
        raise CheckError(f"{empty} sets no variable at all", "name the right file", findings=tuple(findings))
    serious = [finding for finding in findings if finding.level is Level.ERROR]
    kinds = Counter(finding.rule for finding in serious)
    counts = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    evidence: tuple[Evidence, ...] = tuple(file.evidence for file in files)
    return Outcome(
        status=Status.FAILED if serious else Status.PASSED,
        summary=f"{count(examined, 'variable')} judged: {counts or 'all are set to real, well-formed values'}",
        examined=examined,
        unit="variables",
        findings=tuple(findings),
        evidence=evidence,
        remedy=serious[0].remedy if serious else "",
    )


def _hide(context: Context, variable: Variable) -> None:
    """Mask a secret everywhere; masking a placeholder or a common word would hide nothing and garble texts."""
    context.redactor.register(variable.written)
    if variable.value and not placeholder(variable.value) and not guessable(variable.value):
        context.redactor.register(variable.value, password(variable.value) or variable.value)
