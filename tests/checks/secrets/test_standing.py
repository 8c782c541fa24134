"""What has no known form holds a release only where it may run in production: decision 0049."""

from pathlib import Path

import pytest

from readiness.testing import evaluate
from readiness_checks.secrets import Secrets
from readiness_checks.secrets.verdict import Verdict
from support.made_up import B62, PASSWORD, TOKENS, private_key, run_of
from support.searching import scan, secrets_in

WORDED = "Harborside" + "2024"
ELSEWHERE = [
    "src/auth/__tests__/login.ts",
    "internal/mocks/client.go",
    "app/user_mock.go",
    "test-support/login.py",
    "testkit/src/lib.rs",
    "bench/run.py",
    ".env.testing",
    "README",
    "docs/setup.py",
    "quick-start/app.py",
    "sandbox/Client/Startup.cs",
    "api/openapi.yaml",
    "shop.postman_collection.json",
    "requests/login.http",
    "config/locales/de.yml",
    "src/messages/de.json",
    "vendor/acme/client.php",
    "web/wwwroot/lib/auth.js",
    "proto/auth.pb.go",
    "Data/Init.Designer.cs",
    "web/dist/app.js",
    "data/users.csv",
]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_where_nothing_runs_in_production_a_random_value_is_a_warning_and_words_are_a_note(path: str) -> None:
    assert {hit.verdict for hit in scan(f'api_token = "{PASSWORD}"', path)} <= {Verdict.ASIDE}
    assert {hit.verdict for hit in scan(f'password = "{WORDED}"', path)} <= {Verdict.SAMPLE, Verdict.NOTHING}


@pytest.mark.parametrize(
    "path", ["src/messages/handler.py", "contest/app.py", "app/latest/a.py", "notes.txt", "site/a.py"]
)
def test_a_folder_that_only_sounds_so_excuses_nothing(path: str) -> None:
    assert secrets_in(f'api_token = "{PASSWORD}"', path) == [PASSWORD]


@pytest.mark.parametrize(
    "path", ["tests/test_a.py", "README.md", "examples/a.py", "data/users.csv", ".github/workflows/a.yml"]
)
def test_a_token_of_a_known_form_holds_a_release_everywhere(path: str) -> None:
    token = TOKENS["stripe"]
    assert secrets_in(f"key: {token}", path) == [token]


@pytest.mark.parametrize(
    ("path", "verdict"), [("a.go", Verdict.SECRET), ("a_test.go", Verdict.SAMPLE), ("README.md", Verdict.SAMPLE)]
)
def test_a_short_form_is_a_sample_where_samples_are_shown(path: str, verdict: Verdict) -> None:
    token = "s." + run_of(24, alphabet=B62)
    assert [hit.verdict for hit in scan(f'send("{token}")', path)] == [verdict]


@pytest.mark.parametrize(
    ("path", "verdict"), [("tls/server.key", Verdict.SECRET), ("sandbox/server.key", Verdict.TRIVIAL)]
)
def test_a_private_key_holds_a_release_outside_of_tests_and_examples(path: str, verdict: Verdict) -> None:
    assert [hit.verdict for hit in scan(private_key(), path)] == [verdict]


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("POSTGRES_PASSWORD: {}", Verdict.ASIDE),
        ("SECRET_KEY: {}", Verdict.ASIDE),
        ("DATABASE_URL: postgres://app:{}@10.0.0.7/app", Verdict.ASIDE),
        ("DEPLOY_TOKEN: {}", Verdict.SECRET),
        ("STRIPE_API_KEY: {}", Verdict.SECRET),
        ("REGISTRY_PASSWORD: {}", Verdict.SECRET),
        ("run: curl -H 'Authorization: Bearer {}' https://acme.io", Verdict.SECRET),
    ],
)
def test_a_workflow_makes_up_what_its_services_need_and_not_what_others_issue(line: str, verdict: Verdict) -> None:
    assert {hit.verdict for hit in scan("  " + line.format(PASSWORD), ".github/workflows/ci.yml")} == {verdict}


TESTED = f"""pub fn run() {{}}

#[cfg(test)]
#[allow(dead_code)]
mod tests {{
    const KEY: &str = "x";
    fn a() {{
        let api_token = "{PASSWORD}";
    }}
}}
"""


def test_tests_within_a_source_of_rust_are_tests_and_what_follows_them_is_not() -> None:
    behind = f'static API_TOKEN: &str = "{PASSWORD}";'
    assert secrets_in(TESTED, "src/lib.rs") == []
    assert [hit.line for hit in scan(TESTED + behind, "src/lib.rs") if hit.verdict is Verdict.SECRET] == [11]


@pytest.mark.parametrize(("rows", "found"), [(10, [PASSWORD]), (20_000, [])])
def test_a_large_file_of_records_is_data(rows: int, found: list[str]) -> None:
    text = f'[{{"password": "{PASSWORD}"}},\n' + '{"a": "word"},\n' * rows + "{}]"
    assert secrets_in(text, "app/words.json") == found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("manager.go", "u.PasswordVersion = utils.PBKDF2SHA256"),
        ("client.rs", "    pkce_secret: PkceS256Secret,"),
        ("Constants.cs", 'public const string StateToken = "oi_stet+jwt";'),
        ("import.rs", 'let im_pw = "{PBKDF2-SHA512}10000$' + run_of(22) + "$" + run_of(86) + '";'),
        ("Publish.targets", "description='Client Password' defaultValue='%24(value)' tags='AD_Password'"),
        ("constants.rs", '"password": "t1meMa' + '$heen",'),
        ("contrib/local-environment/proxy.cfg", f'client_secret="{PASSWORD}"'),
        ("appsettings.Development.json", f'"DbPassword": "{PASSWORD}"'),
        ("Constants.cs", 'const string V2PasswordRegistration = "pm-27278-v2-password-registration";'),
        ("Constants.cs", 'const string SecretsVersioning = "sm-1587-secrets-versioning";'),
        ("values.yaml", "password: examplepass"),
        ("Utils.java", 'SecretKeyFactory f = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512");'),
        ("a.py", f'def load(\n    a: int,\n) -> int:\n    """Load.\n\n    api_token="{PASSWORD}"\n    """\n'),
        ("org.go", 'organization.PasswordOptions = []string{"AtLeast6"}'),
        ("idp.go", 'func a() {}\n/*\n{\n  "access_token": "' + run_of(30) + '"\n}\n*/'),
        ("date.ts", "key: 'MonthDateYear_TIME_12H',"),
        ("Setup.vue", "  value: cfg.SMTP_OAUTH2_CLIENT_SECRET,"),
        ("plan.json", '["access_password", "ZM2HRVm8pPw"]'),
        ("nsswitch.conf", "passwd:     acme files systemd"),
        ("compose.yml", 'MYSQL_ROOT_PASSWORD: "Shop_password_1!"'),
        ("server.go", 'const ADMIN_TEST_PASSWORD = "eicieY7ahchaoCh0eeTa"'),
    ],
)
def test_names_in_code_hashes_and_values_of_standards_hold_no_release(path: str, text: str) -> None:
    assert secrets_in(text, path) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Db.java", 'DriverManager.getConnection("jdbc:oracle:thin:@db1:1521:ORCL", "scott", "{}");'),
        ("DB.pm", 'my $dbh = DBI->connect("dbi:mysql:shop", "shop", "{}");'),
        ("appsettings.Development.json", '"ApiToken": "{}"'),
        ("a.go", '/* of the vendor */ const apiToken = "{}"'),
        ("a.go", '/*\n text\n*/\nconst apiToken = "{}"'),
        ("appsettings.json", '"Jwt": {{"Key": "{}"}}'),
        ("config/app.php", "'key' => '{}',"),
        ("client.py", 'requests.post(url, auth=("svc-shop", "{}"))'),
        ("app/settings.py", 'SECRET_KEY = "$9k#x2$ab@1z!{}$q#7&x"'),
    ],
)
def test_passwords_behind_a_user_and_keys_with_signs_are_found(path: str, text: str) -> None:
    assert any(PASSWORD in value for value in secrets_in(text.format(PASSWORD), path))


@pytest.mark.parametrize(("everywhere", "status"), [(False, "passed"), (True, "failed")])
def test_everywhere_holds_a_release_for_what_looks_random_in_examples(
    tmp_path: Path, *, everywhere: bool, status: str
) -> None:
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples/app.py").write_text(f'api_token = "{PASSWORD}"\n', encoding="utf-8")
    outcome = evaluate(Secrets, tmp_path, everywhere=everywhere)
    assert (outcome.status, len(outcome.findings)) == (status, 1)
    assert PASSWORD not in outcome.model_dump_json()


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("config/packages/security.yaml", Verdict.SECRET),
        ("src/security.py", Verdict.SECRET),
        ("src/news.php", Verdict.SECRET),
        ("SECURITY.md", Verdict.ASIDE),
        ("README.zh-CN.md", Verdict.ASIDE),
        ("CHANGES", Verdict.ASIDE),
        ("src/demographics.py", Verdict.SECRET),
        ("src/sampler.py", Verdict.SECRET),
        ("src/demo.py", Verdict.ASIDE),
        ("src/exampleConfig.ts", Verdict.ASIDE),
        ("src/sampledata.py", Verdict.ASIDE),
        ("src/main/java/com/example/demo/Client.java", Verdict.SECRET),
        ("app/src/main/kotlin/io/shop/testing/Client.kt", Verdict.SECRET),
        ("samples/pay/src/main/java/io/shop/Client.java", Verdict.ASIDE),
        ("shop-test/src/main/java/io/shop/Client.java", Verdict.ASIDE),
        ("src/main/java/io/shop/ClientTest.java", Verdict.ASIDE),
        ("src/test/java/io/shop/Client.java", Verdict.ASIDE),
        ("src/integration/payments.py", Verdict.SECRET),
        ("app/stories/client.rb", Verdict.SECRET),
        ("integration/client.rb", Verdict.ASIDE),
        ("tests/integration/client.rb", Verdict.ASIDE),
    ],
)
def test_settings_packages_and_words_that_begin_like_a_sample_are_production(path: str, verdict: Verdict) -> None:
    assert {hit.verdict for hit in scan(f'api_key = "{PASSWORD}"\n', path)} == {verdict}


def test_settings_stay_settings_however_long_they_are_made() -> None:
    text = f'{{"Padding": "{"word " * 50_000}",\n"ApiKey": "{PASSWORD}"}}'
    assert secrets_in(text, "src/appsettings.Staging.json") == [PASSWORD]
    assert secrets_in(text, "src/words.json") == []


def test_a_sign_in_a_password_makes_no_variable_of_what_follows() -> None:
    text = 'resource "db" "x" {\n  password = "JDCTby$' + 'HN5sG9eh"\n}\n'
    assert secrets_in(text, "main.tf") == ["JDCTby$" + "HN5sG9eh"]
    assert secrets_in('password = "prefix-$DB_PASSWORD"\n', "main.tf") == []


def test_many_findings_that_hold_no_release_are_summed_up_by_file(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    for file in range(60):
        lines = (f'api_token_{number} = "{run_of(32, alphabet=B62)[2:]}{file:02}"\n' for number in range(5))
        (tmp_path / f"tests/data_{file:02}.py").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "zone.py").write_text(f'api_token = "{PASSWORD}"\n', encoding="utf-8")
    outcome = evaluate(Secrets, tmp_path)
    summed = [finding for finding in outcome.findings if finding.rule == "summed-up"]
    assert (outcome.status, outcome.findings[0].path) == ("failed", "zone.py")
    assert len(outcome.findings) == 1 + 10 + 41
    assert [finding.path for finding in summed[:2]] == ["tests/data_02.py", "tests/data_03.py"]
    assert summed[0].message.startswith("5 more here, in a file that runs nothing")
    assert summed[-1].message.startswith("90 more in 18 files, in a file that runs nothing")
    assert {finding.level for finding in summed} == {"warning"}
    everywhere = evaluate(Secrets, tmp_path, everywhere=True)
    assert sum(finding.level == "error" for finding in everywhere.findings) == 301
