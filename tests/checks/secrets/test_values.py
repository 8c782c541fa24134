"""A value is judged with its name and its place: what a machine made, words, names of things, and samples."""

import pytest

from readiness_checks.secrets.verdict import Verdict
from support.made_up import HEX, PASSWORD, run_of
from support.searching import scan, secrets_in

PEM = "PRIVATE KEY" + "-----"
JAPANESE = "\u3053\u308c\u306b\u3088\u308a\u30c8\u30fc\u30af\u30f3:n\u304c2\u524a\u9664\u3055\u308c"
ESCAPED = "".join(f"\\u{ord(char):04X}" for char in JAPANESE)
PHRASE = "meadow" + "-saddle-lantern-" + "orchid"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.rs", "let key = CryptoKey::make(KeyAlgorithm::Aes256CbcHmac);"),
        ("a.csproj", '<PackageReference Include="Web.Authentication.JwtBearer" Version="7.0.0-preview.7.22376.6" />'),
        ("a.html", '<input type="password" id="card_code_2a"\n  value="672"'),
        ("a.cs", 'ApiKey = table.Column<string>(type: "varchar(30)", nullable: true)'),
        ("a.cs", 'public const string DeviceAuthKey = "pm-27581-device-auth-key";'),
        ("a.cs", 'public const string PasswordMismatch = "password_hash_b64_invalid";'),
        ("a.cs", 'var cacheKey = $"change-password:{service.MapDomain(domain)}";'),
        ("a.go", 'CommandAskPass = "tool-git-ask-pass"'),
        ("a.php", "protected const SETUP_SECRET_SESSION_KEY = 'mfa-setup-backup-codes';"),
        ("a.py", '("auth", "0013_auto_20221214_1224"),'),
        ("a.py", 'JWT_ALGORITHMS = os.environ.get("JWT_AUTH_ALGORITHMS", "HS256,RS256,ES256")'),
        ("a.py", "if password2 != password1:\n    self.add_error(\n        'password2',"),
        ("a.py", "    Pass `source_2warehouses_data` when the rows are known."),
        ("a.json", '"secretData" : "{\\"value\\":\\"' + run_of(60) + '\\"}"'),
        ("a.json", '"salt" : "' + run_of(22) + '=="'),
        ("a.yaml", "secret: '%env(APP_SECRET)%'"),
        ("a.yml", "username_password_user.username: shopper-2"),
        ("values.yaml", "existingPasswordSecretKey: password"),
        ("values.yaml", "# [mongodb[+srv]://][user:pass@]host1[:port1]"),
        ("lang/ja.php", f"'token_delete_warning' => '{JAPANESE}',"),
        ("src/labels.json", '"gatewayApiSecret": "Gateway-ID\u30b7\u30fc\u30af\u30ec\u30c3\u30c8"'),
        ("src/labels.json", '"OAuth2: Client Secret": "OAuth2\uff1a\u5ba2\u6237\u7aef\u51ed\u636e"'),
        ("src/labels.ts", 'clientSecret: "\ud074\ub77c\uc774\uc5b8\ud2b8Secret1\ube44\ubc00",'),
        ("src/labels.ts", 'passwordOfAccount: "\u041f\u0430\u0440\u043e\u043b\u044c-1",'),
        ("readiness.yaml", "with: {required: {DB_PASSWORD: secret}}"),
        ("readiness.yaml", "with: {required: {DB_PASSWORD: secret, PORT: port}}"),
        ("readiness.yaml", "    APP_KEY: {secret: true}"),
        ("deploy.yaml", "    SESSION_KEY: {secret: true, rotated: false}"),
        ("readiness.release.yml", "            DB_PASSWORD: secret"),
        ("locale/de_DE.json", '"app_api_key": "Brevo-API-Schl\u00fcssel 2",'),
        ("Algorithms.java", 'HS256_JWT_HEADER = "eyJhbGciOiJIUzI1NiJ9"'),
        ("text.go", f"// Within -----BEGIN {PEM} X -----END {PEM}.\nNewAppleClientSecret1Create()"),
        ("services.js", '{Type_0_in_key:{code:1,key:"Property_0_is_private_in_type_1_but_not_in_2325"}}'),
        ("yarn.lock", '"@sdk/credential-provider-node": "npm:^3.972.80"'),
        ("secrets.ejson", '"secret_key_base": "EJ[1:' + run_of(43) + "=:" + run_of(32) + ':x]",'),
        ("tpl.js", 'token : "keyword.operator.attribute-equals.xml",'),
        ("a.go", 'cmd.Env = append(env, "PWD="+cmd.Dir, "ROOT="+build.Root1x)'),
        ("env_minio.go", "SecretAccessKey: secret,"),
        ("a.go", '// shards are identified by "prefix+index1"'),
        ("a.go", "const registryKey = `HARDWARE\\DESCRIPTION\\System\\Central2Processor`"),
        ("a.cs", 'var filterFirstPass = "vpp_rkrga=format=bgra:afbc=1";'),
        ("a.ts", '[Brand.OnePassword]: "1Password",'),
        ("i18n_zh.properties", f"admin.password.notice={ESCAPED}"),
        ("build.sh", "docker build --secret id=BUNDLE_PACKAGER__DEV ."),
        ("loki.yaml", "passwordKey: password"),
        ("src/index.js", "token = _actions_core__WEBPACK_IMPORTED_MODULE_0__.getInput("),
        ("README.md", "[![cov](https://cov.deedpro.io/badge.svg?token=4L4GSP9IAR)](https://cov.deedpro.io/a)"),
    ],
)
def test_names_of_things_types_references_and_sentences_are_no_secrets(path: str, line: str) -> None:
    assert secrets_in(line, path) == []


@pytest.mark.parametrize(
    ("path", "line", "verdict"),
    [
        ("Dockerfile", "RUN SECRET_KEY=dummy ./manage.py collectstatic", Verdict.PLACEHOLDER),
        ("a.json", '"password": "Fake-Bank-Pass-77"', Verdict.PLACEHOLDER),
        (".github/a.yml", "  DB: server=localhost;uid=root;pwd=SET_A_PASSWORD_HERE_123;x=y", Verdict.PLACEHOLDER),
        ("a.py", f'mock_api_token = "{PASSWORD}"', Verdict.SAMPLE),
        ("a.yml", '#   translate_api_key: "48e92789-57a3-466a-9959-' + run_of(12, alphabet=HEX) + '"', Verdict.SAMPLE),
        ("src/test/java/ATest.java", 'URL.valueOf("rpc://admin:hello1234@10.20.130.230:20880/path")', Verdict.SAMPLE),
        ("tests/test_a.py", f'"access_token": "{run_of(40)}"', Verdict.ASIDE),
        ("fixtures/a.json", '"password": "D0cker' + 'HubPu11er2026"', Verdict.ASIDE),
        ("vendor/lib/README.md", f'secretAccessKey := "{run_of(40)}"', Verdict.ASIDE),
        ("vendor/lib/Makefile", "DB_PASSWORD ?= password1", Verdict.TRIVIAL),
        ("shop-e2e/compose.yml", "      - MYSQL_PASSWORD=harbor2e", Verdict.SAMPLE),
        ("api/guide.md", f'"access_token": "{run_of(30)}",', Verdict.ASIDE),
        (".github/a.yml", "  PASSWORD: Pass" + "123$", Verdict.TRIVIAL),
        ("a.py", "options = {'api_token': 'abc" + "123'}", Verdict.TRIVIAL),
    ],
)
def test_what_is_probably_made_up_is_told_and_holds_no_release(path: str, line: str, verdict: Verdict) -> None:
    assert [hit.verdict for hit in scan(line, path)] == [verdict]


@pytest.mark.parametrize(
    ("path", "line", "value"),
    [
        ("a.py", 'api_token = "{}"', PHRASE),
        ("a.go", 'Password: "{}",', PHRASE.title()),
        (".env", "DB_PASSWORD={}", PHRASE),
        ("compose.yml", "      POSTGRES_PASSWORD: {}", PHRASE),
        ("a.py", 'password = "{}"', "/temz" + "TUconyF4"),
        ("a.py", 'password = "{}"', "$YhO42" + "sPRFeAt"),
        ("a.properties", "com.example.mail.password={}", PASSWORD),
        ("a.cfg", "password = {}", "Harbor" + "2024!x"),
        ("a.ts", 'dbPassword: "{}",', "\u043f\u0430\u0440\u043e\u043b\u044c-hunter" + "2X9zQ7"),
        ("a.ts", 'dbPassword: "{}",', "\u5bc6\u7801" + "xK92mPqLz77Qw"),
        (".env", "DB_PASSWORD={}", "\u0433\u0440\u043e\u0437\u0430" + "-2024-ab"),
        ("app-production.yaml", "DB_PASSWORD: {}", "secret"),
    ],
)
def test_phrases_and_values_that_begin_with_a_sign_are_found(path: str, line: str, value: str) -> None:
    assert secrets_in(line.format(value), path) == [value]


@pytest.mark.parametrize(
    "line", ['password = "now {}"', 'password = "{} (old)"', 'token = "the {}"', "password: was {}"]
)
def test_of_two_words_the_one_that_a_machine_made_is_found(line: str) -> None:
    value = "xK92m" + "PqLz77Qw"
    assert secrets_in(line.format(value), "a.yml" if ":" in line else "a.py") == [value]


@pytest.mark.parametrize("line", ['password = "see page 12"', 'secret = "version v1.2.3-beta"', 'token = "a b c"'])
def test_texts_of_words_are_no_secrets(line: str) -> None:
    assert secrets_in(line) == []
