"""Secrets are found in every usual spelling, and what only resembles one is left alone."""

from time import process_time

import pytest

from readiness_checks.secrets.verdict import Verdict
from support.made_up import HEX, PASSWORD, TOKENS, private_key, run_of
from support.searching import scan, secrets_in


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS.keys())
@pytest.mark.parametrize("path", ["app.py", "uv.lock", "package-lock.json", "notes.txt", "a.svg"])
def test_tokens_of_known_services_are_found_in_every_file(token: str, path: str) -> None:
    found = secrets_in(f"first line\nsend({token!r})\n", path)
    assert found
    assert all(value in token for value in found)


@pytest.mark.parametrize("token", [TOKENS["aws"], TOKENS["github"]])
@pytest.mark.parametrize(
    "comment",
    ["# pragma: allowlist secret", "// nosec", "# example", "# example.com", "# gitleaks:allow", "# noqa", "# fake()"],
)
def test_no_comment_in_the_line_hides_a_secret(token: str, comment: str) -> None:
    assert secrets_in(f'TOKEN = "{token}"  {comment}')
    assert secrets_in(f'password = "{PASSWORD}"  {comment}')


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("settings.py", 'DB_PASSWORD = "{}"'),
        ("settings.py", "api_key='{}',"),
        ("app.ts", 'const clientSecret: string = "x"; const apiKey = "{}";'),
        (".env", "SECRET_KEY={}"),
        (".env.production", "export API_TOKEN={}"),
        ("docker-compose.yml", "      POSTGRES_PASSWORD: {}"),
        ("deploy.yaml", '  auth_token: "{}"'),
        ("app.properties", "db.password={}"),
        ("config.toml", 'secret = "{}"'),
        ("config.json", '"apiKey": "{}",'),
        ("Dockerfile", "ENV API_KEY={}"),
        ("docs.yaml", "url: postgresql://app:{}@db.internal:5432/app"),
        ("main.tf", '  password = "{}"'),
    ],
)
def test_an_assigned_secret_is_found_whatever_the_language(path: str, line: str) -> None:
    assert secrets_in(line.format(PASSWORD), path) == [PASSWORD]


@pytest.mark.parametrize("key", ["f0e1d2c3b4a5968778695a4b3c2d1e0f", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"])
def test_hexadecimal_digits_that_climb_and_fall_are_a_key_all_the_same(key: str) -> None:
    assert secrets_in(f'const apiKey: string = "{key}";', "web/client.ts") == [key]


@pytest.mark.parametrize("kind", ["RSA ", "EC ", "OPENSSH ", "", "ENCRYPTED ", "DSA "])
def test_a_private_key_is_found_at_its_first_line(kind: str) -> None:
    hits = scan("# key\n" + private_key(kind), "id_key")
    assert [(hit.kind, hit.line) for hit in hits] == [("Private Key", 2)]


def test_a_private_key_in_one_line_of_code_is_found() -> None:
    text = "KEY = " + repr(private_key())
    assert "Private Key" in {hit.kind for hit in scan(text)}


def test_the_first_line_of_a_private_key_alone_is_code_about_keys() -> None:
    assert scan('if text.startswith("-----BEGIN RSA PRIVATE ' + 'KEY-----"):\n    return parse_key(text)\n') == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("ci.yml", "      uses: actions/checkout@" + run_of(40, alphabet=HEX)),
        ("ci.yml", "      id-token: write"),
        ("ci.yml", "      token: ${{ secrets.GITHUB_TOKEN }}"),
        ("ci.yml", "      if: github.secret_source == 'Actions'"),
        ("a.py", 'revision = "' + run_of(12, alphabet=HEX) + '"'),
        ("a.py", 'COMMIT = "' + run_of(40, alphabet=HEX) + '"'),
        ("a.py", 'digest = "' + run_of(64, alphabet=HEX) + '"'),
        ("uv.lock", 'hash = "sha256:' + run_of(64, alphabet=HEX) + '"'),
        ("package-lock.json", '"integrity": "sha512-' + run_of(86) + '=="'),
        ("index.html", '<script integrity="sha384-' + run_of(64) + '">'),
        ("requirements.txt", "    --hash=sha256:" + run_of(64, alphabet=HEX)),
        ("a.py", 'ID = "123e4567-e89b-12d3-a456-426614174000"'),
        ("a.py", 'secret_id = "123e4567-e89b-12d3-a456-426614174000"'),
        ("a.py", "password = get_password(name)"),
        ("a.py", 'password = os.environ["DB_PASSWORD"]'),
        ("a.py", "token: str"),
        ("a.py", 'label = {"password": "Password"}'),
        ("a.py", 'raise ValueError("password: incorrect")'),
        ("a.ts", "const token = localStorage.getItem('access_token')"),
        ("a.ts", "password: 'new-password',"),
        (".env", "SECRET_KEY="),
        (".env", "API_KEY=${OTHER_KEY}"),
        ("a.yml", "password: ${DB_PASSWORD:-}"),
        ("a.yml", 'url: "postgresql://${USER}:${PASSWORD}@db/app"'),
        ("a.md", "https://example.com/a/very/long/path/with-many-words/and-more_words/2024/index.html"),
        ("a.py", 'from_path = "readiness_checks/dependencies/requirements_files_v2"'),
        ("a.py", "x = 1"),
    ],
)
def test_what_only_resembles_a_secret_is_left_alone(path: str, line: str) -> None:
    assert scan(line, path) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (".env", "SECRET_KEY=changethis"),
        ("a.py", 'api_key = "your-api-key-123"'),
        ("README.md", "postgresql://user:password@host:5432/db"),
        ("README.md", "key AKIAIOSFODNN7EXAMPLE"),
    ],
)
def test_a_placeholder_is_no_secret_but_is_told(path: str, line: str) -> None:
    assert [hit.verdict for hit in scan(line, path)] == [Verdict.PLACEHOLDER]


def test_a_guessable_password_counts_in_settings_of_production_alone() -> None:
    line = 'password = "password123"'
    assert [hit.verdict for hit in scan(line, "config/production.toml")] == [Verdict.SECRET]
    assert [hit.verdict for hit in scan(line, "app/settings.py")] == [Verdict.TRIVIAL]
    assert [hit.verdict for hit in scan(line, "tests/test_login.py")] == [Verdict.TRIVIAL]
    assert [hit.verdict for hit in scan(f'password = "{PASSWORD}"', "tests/test_login.py")] == [Verdict.ASIDE]


def test_one_secret_in_a_line_is_one_finding() -> None:
    assert len(scan(f'AWS_SECRET_TOKEN = "{TOKENS["github"]}"')) == 1


def test_two_secrets_in_a_line_are_two_findings() -> None:
    assert secrets_in(f'keys = ["{TOKENS["github"]}", "{TOKENS["stripe"]}"]')
    assert len(secrets_in(f'keys = ["{TOKENS["github"]}", "{TOKENS["stripe"]}"]')) == 2


def test_a_secret_deep_in_a_very_long_line_is_found() -> None:
    line = "var a=1;" * 50_000 + f'k="{TOKENS["github"]}";' + "var b=2;" * 50_000
    assert secrets_in(line, "bundle.min.js") == [TOKENS["github"]]


def test_a_random_string_without_a_telling_name_is_a_warning() -> None:
    assert [(hit.value, hit.verdict) for hit in scan(f'value = "{run_of(40)}"')] == [(run_of(40), Verdict.ASIDE)]


def test_binary_files_are_searched_for_tokens_only() -> None:
    text = f'\0\0 password = "{PASSWORD}" {TOKENS["aws"]} \0'
    assert secrets_in(text, "data.bin", binary=True) == [TOKENS["aws"]]


@pytest.mark.parametrize(
    "line",
    ["A" * 200_000, "a.b" * 60_000, "eyJ" * 20_000, "a://b:" * 10_000, "password" + " " * 100_000, "password" * 400],
)
def test_a_hostile_line_neither_hangs_the_search_nor_hides_the_next_line(line: str) -> None:
    assert TOKENS["github"] in secrets_in(f"{line}\n{TOKENS['github']}\n")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("web.config", "<password>{}</password>"),
        ("beans.xml", "  <db.password> {} </db.password>"),
        ("wp-config.php", "define('DB_PASSWORD', '{}');"),
        ("settings.py", 'KEY = os.getenv("SECRET_KEY", "{}")'),
        ("app.cs", 'var c = "Server=db;User Id=sa;Password={};";'),
        ("deploy.sh", "export DB_PASSWORD={}"),
        ("deploy.sh", 'API_TOKEN="{}" ./run'),
        ("api.Dockerfile", "ENV API_TOKEN={}"),
        ("run.sh", "    SECRET_KEY={} uvicorn main:app"),
        ("call.sh", 'curl -H "Authorization: Bearer {}" https://api.deedpro.io'),
        ("call.sh", "curl -s -u admin:{} https://api.deedpro.io"),
        ("call.ts", "headers: {{ 'Authorization': 'Basic {}' }}"),
        ("notes.ipynb", '"source": ["api_key = \\"{}\\"\\n"]'),
    ],
)
def test_a_secret_is_found_in_spellings_of_shells_xml_calls_and_headers(path: str, line: str) -> None:
    assert secrets_in(line.format(PASSWORD), path) == [PASSWORD]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("ingress.yaml", "  secretName: deedpro-tls"),
        ("tokens.py", 'token = "dstok_{}".format(value)'),
        ("tokens.py", 'password = "prefix_%s" % value'),
        ("encoder.py", 'BASE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"'),
        ("encoder.py", 'base = Converter("0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefghij")'),
        ("values.yaml", "existingSecretName: app-db-credentials-2"),
        ("deploy.sh", "export DB_PASSWORD=$(cat /run/secrets/db)"),
        ("deploy.sh", 'export DB_PASSWORD="$1"'),
        ("deploy.sh", 'if [ "$TOKEN" = "" ]; then'),
        ("app.py", "if TOKEN==expected_value1:"),
        ("app.py", 'getattr(form, "password", "confirm_password")'),
        ("call.sh", 'curl -H "Authorization: Bearer $TOKEN" https://api.deedpro.io'),
        ("call.sh", "curl -u $USER:$PASSWORD https://api.deedpro.io"),
        ("form.xml", "<password>${db.password}</password>"),
        ("page.html", "<label for='password'>Password</label>"),
        ("app.py", 'MAX_TOKENS=4096, ACCESS_TOKEN="access_token"'),
    ],
)
def test_names_and_references_in_these_spellings_are_left_alone(path: str, line: str) -> None:
    assert secrets_in(line, path) == []


def test_a_name_that_speaks_about_a_secret_does_not_excuse_a_random_value() -> None:
    assert secrets_in(f'secretName: "{PASSWORD}"', "values.yaml") == [PASSWORD]


WORDED = "Harbor" + "610!zQ"
"""A password of a word, digits and a sign."""


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("settings.py", '"""\nsops:\n"""\n', ""),
        ("settings.json", '"sops": {}\n', ""),
        ("app.env", "$ANSIBLE_VAULT;1.1\n", ""),
        ("k8s.yaml", "kind: SealedSecret\n---\n", ""),
        ("settings.py", "", "  # " + "word " * 400),
        ("settings.json", '{"a": "' + "word " * 400 + '", ', "}"),
    ],
    ids=["sops", "sops json", "vault", "sealed", "long comment", "long line"],
)
def test_nothing_beside_a_password_hides_it(path: str, before: str, after: str) -> None:
    line = f"password={WORDED}" if path.endswith("env") else f'"password": "{WORDED}"'
    assert secrets_in(before + line + after, path) == [WORDED]


@pytest.mark.parametrize("beginning", ["AgA", "AgB", "AgC", "AgD"])
def test_what_is_sealed_is_no_secret(beginning: str) -> None:
    text = f"kind: SealedSecret\nspec:\n  encryptedData:\n    password: {beginning}{run_of(600)}\n"
    assert scan(text, "k8s.yaml") == []


@pytest.mark.parametrize(
    "password", ["%24ecr" + "etPa55x9", "p%40ss" + "Kq9%21zz7%23xW2", "$9w" + "Kq2zXb7fLp", "*9w" + "Kq2zXb7fLp"]
)
def test_a_password_in_an_address_may_begin_with_a_sign_and_hold_escapes(password: str) -> None:
    assert secrets_in(f"DATABASE_URL=postgres://app:{password}@db.deedpro.io/app", ".env") == [password]


@pytest.mark.parametrize(
    "blank", ["$PASSWORD", "${PASSWORD}", "%PASSWORD%", "[password]", "****", "%41%42%43%44", "{password}"]
)
def test_a_blank_in_an_address_is_no_password(blank: str) -> None:
    assert secrets_in(f"DATABASE_URL=postgres://app:{blank}@db.deedpro.io/app", ".env") == []


@pytest.mark.parametrize(
    ("path", "line", "value"),
    [
        ("Makefile", "run:\n\tDB_PASSWORD={} ./serve --all", WORDED),
        ("app.yaml", "command: DB_PASSWORD={} ./serve --all", WORDED),
        ("app.env", "DB_PASSWORD={}", "Xk29(ff" + "81kQz"),
        ("app.properties", "db.password={}", "Xk29[ff" + "81kQz"),
        ("call.sh", "curl https://api.deedpro.io -H 'Authorization: Bearer {}'", PASSWORD),
        ("nginx.conf", 'proxy_set_header Authorization "Bearer {}";', PASSWORD),
        ("auth.go", 'var jwtKey = []byte("{}")', PASSWORD),
        ("A.java", 'source.setPassword("{}");', WORDED),
        ("A.kt", 'mapOf("password" to "{}")', WORDED),
        ("auth.py", 'API_SECRET = (\n    "{}"\n    "more"\n)', PASSWORD),
        ("config/master.key", "{}\n", run_of(32, alphabet=HEX)),
        ("website/settings.py", 'SECRET_KEY = "{}"', PASSWORD),
        ("blog/.env.production", "SECRET_KEY={}", PASSWORD),
    ],
)
def test_a_secret_is_found_before_commands_in_headers_in_calls_and_in_a_file_alone(
    path: str, line: str, value: str
) -> None:
    assert secrets_in(line.format(value), path) == [value]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.ts", f"export const TOKEN_ADDRESS = '0x{run_of(40, alphabet=HEX)}';"),
        ("a.py", "password=Option(type='string'),"),
        ("messages.properties", "login.password=Enter the password of your account"),
        ("Makefile", "TOKEN=$(shell cat token1) ./serve"),
        ("A.java", 'label.setPassword("password.label");'),
        ("client.py", "headers = 'Authorization: Basic " + "czZCaGRSa3F0Mzpn" + "WDFmQmF0M2JW'"),
        ("key.pub.key", run_of(32, alphabet=HEX)),
    ],
)
def test_addresses_options_sentences_and_headers_of_standards_are_no_secrets(path: str, line: str) -> None:
    assert secrets_in(line, path) == []


def test_findings_come_in_the_order_of_the_file() -> None:
    values = [run_of(40, seed=str(number)) for number in range(12)]
    assert secrets_in("".join(f'api_token{number} = "{value}"\n' for number, value in enumerate(values))) == values


@pytest.mark.parametrize("path", ["deploy/compose.yaml", "app/login.py"])
def test_a_guessable_password_in_the_line_does_not_hide_one_that_begins_so(path: str) -> None:
    long = "admin1" + run_of(14)
    assert secrets_in(f'{{"password": "admin1", "db_password": "{long}"}}', path) == [long]


@pytest.mark.parametrize(
    "piece", ["key:{", "password:{", "key: {get;", "- key:{a:b,", "password: str | ", "kind: Secret\ndata:\n"]
)
def test_the_cost_of_names_without_end_grows_with_their_number_alone(piece: str) -> None:
    def cost(pieces: int) -> float:
        begun = process_time()
        scan(piece * pieces, "a.yaml")
        return process_time() - begun

    cost(200)
    assert cost(4_000) < 20 * max(cost(1_000), 0.02)


@pytest.mark.parametrize("value", ["eyJ" + run_of(400), run_of(250) + "=="])
def test_a_long_value_in_one_piece_is_read(value: str) -> None:
    assert secrets_in(f'session_secret = "{value}"') == [value]
