"""What is known of programs: which run scripts or commands, which only read, and which file a runner of tasks reads."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from readiness.policy.commands.sections import MAKEFILES
from readiness.policy.commands.words import Simple


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHELLS = re.compile(r"(ba|da|k|z|a)?sh|fish|source|\.")
PYTHON = re.compile(r"(python|pypy)[0-9.]*")
NODE = re.compile(r"node|nodejs|deno|bun|tsx|ts-node|ts-node-esm|esno|zx")
OTHERS = re.compile(r"ruby|perl|php|lua|Rscript|julia|groovy|pwsh|powershell|[gmn]?awk|osascript|tclsh|expect")
"""Interpreters of other languages."""
WRAPPERS = _words("""
    env sudo doas su time timeout gtimeout nice ionice nohup setsid stdbuf unbuffer xargs parallel exec command builtin
    chronic retry watch flock strace ltrace faketime chroot unshare bwrap firejail taskset numactl dotenv direnv mise
    rtx asdf nix nix-shell conda mamba micromamba poetry pipenv uv rye hatch pdm pixi pyenv bundle npx bunx pnpx
    corepack volta dlx run do then else elif if while until ! { } case esac fi done for in function cross-env
    concurrently npm-run-all run-s run-p turbo nx lerna docker-compose docker podman xvfb-run doppler op aws-vault
    infisical sops
""")
"""Programs and words of the shell that run what follows them; their own options and words may be anything."""
SYSTEM = _words("""
    cat tac ls ll dir echo printf grep egrep fgrep rg ag ack zgrep head tail wc diff cmp colordiff comm cut tr sort uniq
    nl tee paste join column fold fmt stat file test [ [[ true false : mkdir rmdir rm cp mv ln touch chmod chown
    install sleep date uname hostname whoami id which type hash read exit return break continue shift set unset export
    local readonly declare typeset umask ulimit wait kill trap cd pushd popd pwd basename dirname realpath readlink tar
    gzip gunzip zip unzip xz zstd bzip2 7z du df ps tput clear sha1sum sha256sum sha512sum md5sum shasum b2sum cksum
    base64 xxd od hexdump strings jq yq xq xmllint xsltproc curl wget ssh scp rsync nc dig nslookup ping git gh glab hg
    svn sed iconv dos2unix envsubst m4 gpg openssl ssh-keygen cosign tree less more man
""")
"""Programs of the system whose words are what is looked at, and not what judges."""
READERS = SYSTEM | _words("""
    pytest py.test unittest nose2 nosetests stestr ward behave robot ruff mypy dmypy pyright basedpyright pyre pytype
    bandit black blue flake8 pylint isort pydocstyle pycodestyle pyflakes autopep8 yapf vulture radon xenon pyupgrade
    codespell interrogate djlint pip pip3 pipx pip-audit pip-compile safety twine build flit compileall py_compile
    coverage cov diff-cover diff-quality readiness eslint prettier tsc vue-tsc jest vitest mocha ava tap playwright
    cypress karma stylelint biome oxlint xo standard c8 nyc webpack vite rollup esbuild swc next nuxt astro ng ember
    lighthouse lhci size-limit depcheck knip madge dprint commitlint markdownlint markdownlint-cli2 remark alex cspell
    go gofmt goimports golangci-lint staticcheck govulncheck gosec cargo rustc rustfmt clippy-driver mvn mvnw gradle
    javac java kotlinc ktlint detekt dotnet msbuild nuget rspec rubocop brakeman minitest bundler-audit gem phpunit
    phpstan psalm phpcs php-cs-fixer pest gcc g++ cc c++ clang clang++ clang-format clang-tidy cmake ctest ninja meson
    bazel buck2 swift swiftlint xcodebuild sbt scala stack cabal ghc mix elixir rebar3 shellcheck shfmt bats yamllint
    hadolint actionlint zizmor ansible-lint tflint tfsec checkov terrascan trivy grype syft gitleaks trufflehog
    detect-secrets semgrep snyk osv-scanner sonar-scanner terraform tofu terragrunt kubectl helm kustomize kubeconform
    kubeval conftest opa vale proselint lychee linkchecker typos taplo sqlfluff buf protoc spectral redocly vacuum
    sphinx-build mkdocs hugo jekyll promtool amtool apt apt-get apk dnf yum brew
""")
"""Those, and runners of tests, linters, compilers and package managers. What they are told by the files of the project
that everybody knows is compared elsewhere."""
PATTERNS = _words("grep egrep fgrep zgrep rg sed jq")
"""Readers that take what to look for from the file that `-f` names."""
PATTERN_FILE = re.compile(r"-f|--file|--from-file")
GIT_RUNS = frozenset({"run", "foreach", "--exec", "-x"})
"""What commands of git are followed by that run another one."""
RULES = re.compile(
    r"\A-(?=[\w-]*+\Z)[\w-]*(config|conf|cfg|rules?|allow|deny|forbid|ban|ignore|except|exclude|baseline|policy|profile|schema|"
    r"settings|expect|threshold|limits?|spec|script)[\w-]*"
)
"""Names of options of scripts that name a file to judge by."""
CONFIGURATION = re.compile(
    r"\A(-c|--?(config|conf|rc|rules?|ruleset|rulesdir|policy|baseline|profile|schema)(-?(file|path|dir|set))?|"
    r"--?[\w-]+-(config|file|from)|--rcfile|--ignore-path)\Z"
)
"""The same of readers."""
MANIFESTS = _words("""
    pyproject.toml setup.cfg tox.ini package.json Cargo.toml go.mod pom.xml build.gradle Gemfile composer.json Makefile
    Dockerfile docker-compose.yml compose.yaml .env
""")
"""Files that say more than how a tool judges; what they say to it is compared elsewhere."""
_SCRIPT = re.compile(r".*\.(sh|bash|zsh|ksh|bats|pyw?|[cm]?[jt]s|rb|p[lm]|php|lua|ps1|awk|r|jl|groovy)", re.IGNORECASE)


def program(word: str) -> str:
    """Name of a program, without the folder and the ending of its file."""
    return posixpath.basename(word).removesuffix(".exe").removesuffix(".cmd")


def runs_scripts(name: str) -> bool:
    """Whether a program is an interpreter."""
    return any(kind.fullmatch(name) for kind in (SHELLS, PYTHON, NODE, OTHERS))


def is_script(path: str, mode: str) -> bool:
    """Whether a file of the repository looks like a program."""
    return mode == "100755" or _SCRIPT.fullmatch(path) is not None


def shell_file(path: str) -> bool:
    """Whether a file is a script of the shell by its name."""
    return path.endswith((".sh", ".bash", ".zsh", ".ksh"))


def is_run(commands: Sequence[Simple]) -> bool:
    """Whether an interpreter runs what the first of these commands writes."""
    for one, following in pairwise(commands):
        if not one.piped:
            return False
        words = [word for word in following.words if not word.startswith("-")]
        if words[:1] in (["xargs"], ["parallel"]):
            return not any(program(word) in READERS for word in words)
        if words and runs_scripts(program(words[0])) and (len(words) == 1 or "-s" in following.words):
            return True
    return False


_TASKFILE = ("Taskfile.yml", "Taskfile.yaml", "taskfile.yml")
_FILES = {
    "nox": ("noxfile.py",), "just": ("justfile", "Justfile", ".justfile"), "rake": ("Rakefile", "rakefile"),
    "task": _TASKFILE, "go-task": _TASKFILE, "invoke": ("tasks.py", "tasks/__init__.py"), "fab": ("fabfile.py",),
    "inv": ("tasks.py", "tasks/__init__.py"), "gulp": ("gulpfile.js", "gulpfile.mjs", "gulpfile.cjs"),
    "grunt": ("Gruntfile.js",), "mage": ("magefile.go",), "doit": ("dodo.py",), "scons": ("SConstruct",),
    "ant": ("build.xml",), "earthly": ("Earthfile",), "waf": ("wscript",),
}  # fmt: skip
_TOX = ("tox.ini", "setup.cfg", "pyproject.toml", "tox.toml")
"""In the order in which tox looks for them."""
_OWN = frozenset((
    "install", "i", "ci", "add", "remove", "rm", "uninstall", "update", "up", "upgrade", "audit", "outdated", "publish",
    "pack", "link", "login", "version", "view", "info", "list", "ls", "why", "config", "cache", "init", "create", "dlx",
    "exec", "import", "licenses", "prune", "rebuild", "dedupe", "workspace", "workspaces", "set", "help",
))  # fmt: skip
"""Commands of package managers that are no scripts."""
_FOLDER = re.compile(r"-C|-w|--prefix|--cwd|--dir|--directory|--workspace")
_EVERYWHERE = re.compile(r"-ws|--workspaces|-r|--recursive|--filter|-F")


@dataclass(frozen=True)
class Task:
    """Where a runner finds what it runs."""

    files: tuple[str, ...]
    """Names, of which the first that is there counts."""
    section: str = ""
    folder: str = "."
    """Where they are, from the current folder."""
    sure: bool = True
    """Whether the words are a task, and not another program."""
    everywhere: bool = False
    """Whether it may run in any folder that has such a file, as workspaces do."""
    rest: tuple[str, ...] = ()
    """For one that is not sure: the words of that program."""


def task(name: str, words: list[str]) -> Task | None:
    """What a runner of tasks reads; None for any other program.

    Args:
        name: The program.
        words: Its arguments.
    """
    if name in {"make", "gmake", "bmake", "remake"}:
        return _make(words)
    if name in {"npm", "pnpm", "yarn", "bun"}:
        return _package_script(name, words)
    if name == "tox":
        return Task(_named(words, "-c", "--conf", "--workdir-conf") or _TOX, "tox")
    if name in {"pre-commit", "prek"}:
        return Task(_named(words, "-c", "--config") or (".pre-commit-config.yaml",), "hooks")
    if name in _FILES:
        files = _named(words, "-f", "--file", "--justfile", "--rakefile", "--taskfile", "--noxfile", "--gulpfile")
        return Task(files or _FILES[name])
    return None


def _make(words: list[str]) -> Task:
    folder, files, targets = ".", list[str](), list[str]()
    left = [*words]
    while left:
        word = left.pop(0)
        if word in {"-C", "--directory", "-f", "--file", "--makefile", "-I", "-o", "-W", "-j", "-l"}:
            value = left.pop(0) if left and not (word in {"-j", "-l"} and not left[0].isdigit()) else ""
            folder = value if word in {"-C", "--directory"} else folder
            files += [value] if word in {"-f", "--file", "--makefile"} else []
        elif word.startswith(("-C", "--directory=")):
            folder = word.removeprefix("-C").removeprefix("--directory=")
        elif word.startswith(("--file=", "--makefile=")):
            files.append(word.partition("=")[2])
        elif not word.startswith("-") and "=" not in word:
            targets.append(word)
    return Task(tuple(files) or MAKEFILES, " ".join(("target", *targets)), folder)


def _package_script(name: str, words: list[str]) -> Task | None:
    folder, everywhere, plain = _package_options(words)
    if not plain:
        return None
    verb, rest = plain[0], plain[1:]
    if verb == "workspace":
        verb, rest, everywhere = next(iter(rest[1:]), ""), rest[2:], True
    if verb in {"run", "run-script"}:
        script = next(iter(rest), "")
        if name == "bun" and ("/" in script or "." in script):
            return None  # it runs files as well
        return Task(("package.json",), f"script {script}", folder, everywhere=everywhere)
    if verb in {"test", "t", "tst", "start", "stop", "restart"} and not (name == "bun" and verb == "test"):
        script = "test" if verb in {"t", "tst"} else verb
        return Task(("package.json",), f"script {script}", folder, everywhere=everywhere)
    if name == "npm" or verb in _OWN or (name == "bun" and verb in {"test", "x"}):
        return Task((), "", folder, sure=False, rest=tuple(rest) if verb in {"exec", "dlx", "x"} else ("true",))
    program = tuple(words[words.index(verb) :])
    return Task(("package.json",), f"script {verb}", folder, sure=False, rest=program, everywhere=everywhere)


def _package_options(words: list[str]) -> tuple[str, bool, list[str]]:
    """Folder, whether in every folder, and the words that are no options."""
    folder, everywhere, plain, left = ".", False, list[str](), [*words]
    while left:
        word = left.pop(0)
        option, joined, value = word.partition("=")
        if word == "--":
            return folder, everywhere, plain + left
        if _FOLDER.fullmatch(option):
            folder = value if joined else left.pop(0) if left else "."
        elif _EVERYWHERE.fullmatch(option):
            everywhere = True
            left = left[1:] if option in {"--filter", "-F"} and not joined else left
        elif not word.startswith("-"):
            plain.append(word)
    return folder, everywhere, plain


def _named(words: list[str], *options: str) -> tuple[str, ...]:
    """The file that one of these options names."""
    for number, word in enumerate(words):
        option, joined, value = word.partition("=")
        if option in options and joined:
            return (value,)
        if option in options and number + 1 < len(words):
            return (words[number + 1],)
    return ()
