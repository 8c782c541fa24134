"""What held releases of repositories that others wrote and is no secret; and secrets that stand right beside it."""

import base64

import pytest

from readiness_checks.secrets.verdict import Verdict
from support.made_up import HEX, PASSWORD, TOKENS, private_key, run_of
from support.searching import scan, secrets_in

BEGIN = "-----BEGIN RSA PRIVATE " + "KEY-----"
MYSQL_HASH = "*" + run_of(40, alphabet="0123456789ABCDEF")
POSTGRES_HASH = "md5" + run_of(32, alphabet=HEX)
GOOGLE = TOKENS["google"]


def encoded(text: str) -> str:
    """Base64 of a text, as it stands in an address."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


DOCUMENTED = f"""EXAMPLES = r'''
- name: Set it
  server:
    api_key: {PASSWORD}
    password: '9s36?;fyNp'
'''
"""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("go.sum", "acme.example/sdk v3.16.0 h1:AP62" + run_of(19) + "+" + run_of(19) + "="),
        ("keys.go", "x := `\n" + "YC" + run_of(38, seed="yc") + "+" + run_of(23) + "\n`"),
        ("a.yaml", 'password: "{CRYPT}$argon2id$v=19$m=65536$' + run_of(22) + "$" + run_of(43) + '"'),
        ("a.json", '"http://a.example/?page_token=' + encoded('{"offset":"21","v":2}') + '&per_page=1"'),
        ("a.html", f"https://cdn.harbor.io/5df1?e=1576142006&token={run_of(40)}:{run_of(27, seed='sign')}="),
        ("a.html", f"https://cdn.harbor.io/5df1?e=1576142006&amp;token={run_of(40)}:{run_of(27, seed='sign')}="),
        ("body.json", '"data": "' + encoded("lantern value=42i 1734625715000000000\\n") + '"'),
        ("client.go", "c.IDTokenSignedResponseAlg = SigningAlgRSAUsingSHA256"),
        ("const.go", 'const TypeAccessTokenJWT = "at+jwt"'),
        ("a.go", '"#one-time-password-add:not([disabled])"'),
        ("a.go", 'filter: "(pwdLastSet=0))(|(!(accountExpires=*))(accountExpires=0))"'),
        ("run.sh", "sed -e 's/password=.*/password=[hidden]/g'"),
        ("a.yml", "  EMAIL_SERVICE_API_KEY: KEYEXAMPLE1234"),
        ("Index.cshtml", '<a asp-action="ChangePassword" class="btn">@Localizer["Change"]</a>'),
        ("View.cshtml", "instrumentationKey: '@(iKey)',"),
        ("resources/lang/aa-ER/a.php", "'password' => 'crwdns6846:0crwdne6846:0',"),
        ("applicationhost.config", 'useOAEP="false" sessionKey="AQIAAA5mAAAApAAA' + run_of(120) + '"'),
        ("setup.sh", 'echo -n "  You need the address, port, user and password among other items. "'),
        ("a.js", 'f("Input new password: ")),E=n.limitMessage;!D;)n.limit=h8,n.Q7("'),
        ("test.py", 'connect(password="\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x08")'),
        ("netrc.h", "int f(const char *name,\n  struct Curl_creds **pcreds);"),
        ("totp.go", 'totpSecret := "JBSWY3DPEHPK3PXP"'),
        ("HelloTests.swift", '  "AP8CAQAAVQALAAQDAAECAAoAHAAaABcAGQAcABsAGAAaABYA"'),
        ("main.py", f'if key.startswith("{BEGIN}"):\n    args = SecurityGroupIngressArgs(\n'),
        ("compose.yml", "  URL: postgres://app:${DB_PASSWORD:?Variable not set}@db:5432/app"),
        ("Pulumi.yaml", "config:\n  dbPassword:\n    secret: true\n  size:\n    default: t3.small9x"),
        ("crd.yaml", "disablePassword:\n  type: boolean\nensure:\n  default: present1x"),
        ("a.rs", '("PWD", Value::test_string(ROOT.to_string_lossy()))'),
        ("a.ts", 'const adminPassword = config.require("f5BigIpAdminPassword");'),
        ("a.kt", 'const val GET_PASSWORD = "com.x8harbor.credentials.ACTION_GET_PASSWORD"'),
        ("a.sql", f"CREATE USER 'a'@'%' IDENTIFIED BY PASSWORD '{MYSQL_HASH}'"),
        ("a.yml", f"my_pass: '{POSTGRES_HASH}'"),
        ("values.yaml", "htpasswd: harbor_user:$2y$10$" + run_of(53)),
        ("a.sh", "pg_dumpall --no-password --file=x2.pgdump"),
        ("a.py", "f\"Password={module.params['login_password']};\""),
        ("bundle.js", "s=m.password||'';h.authorization=`Basic ${m.base64}`"),
        ("a.go", 'x := "LDAPPassword=*REDACTED*" + rest'),
        ("a.ts", "const BASELINE = '20260601T0000_install_pg_search_extension';"),
        ("Dockerfile", 'ENV UPDATE_MINISIGN_PUBKEY="RWT' + run_of(53) + '"'),
        ("a.sh", "aws x --request-token baece8d2-2f0e-46f7-8238-36dc59180f81"),
        ("AParserTest.java", '"saltedpassword=' + run_of(43) + '="'),
        ("UrlTest.php", "'password' => 'asdfqwer1234asdf',"),
        ("a/messages_cs.properties", "a.badCredentials=\\u0160patn\\u00E9 \\u00FAdaje a"),
        ("tasks.yml", "- name: Set password ageing for root"),
        ("tasks.yml", "- name: Only accounts with password remain"),
        ("main.yml", 'root_password: "-----==>SetR00tPa$$wordH3r3!!!<==-----"'),
        ("a.md", "docker login -u a -p 1a23bc45678def9g01hi23jk4l56m789nop01q2r3"),
        ("ATest.java", 'encodedPassword = "{MD5}{' + run_of(43) + "=}" + run_of(32, alphabet=HEX) + '"'),
        ("picker.js", 'm="Th01_Th02_Th03_Th04_Th05_Th06_Th07_Th08_Th09_Th10"'),
        ("jwks.go", '  "x": "' + run_of(43) + '",'),
        (
            "topics.json",
            '"u": "https://firebasestorage.googleapis.com/v0/b/a/o/b.svg?alt=media&token=506faab0-617a-4668-9e63-4a2fb996603f"',
        ),
        ("openapi_examples.go", '"name": "' + run_of(40) + '",'),
        ("keys.ts", '"signingKey": "MFkwEwYHKoZIzj0CAQ' + run_of(80) + '=="'),
        ("template/_testdata/root.key", private_key()),
        ("tests/test_hooks.py", 'url="https://hooks.slack.com/services/T1234/B5678/abcdefghijk"'),
        ("AFilter.java", ' *   "userHandle": "' + run_of(43) + '",'),
        ("compose.yml", "  DB_PASSWORD: ${DB_PASSWORD:?Set DB_PASSWORD in .env}"),
        ("a.yml", "password: ${ssm:/harbor/db-password-x7}${suffix}"),
        ("a.yml", "token: \"{{ lookup('file', 'tokens/deploy2.txt') | default('none') }}\""),
        ("a.py", f'next_page_token = "{PASSWORD}"'),
        (".env", f"NEXT_PUBLIC_API_KEY={PASSWORD}"),
        ("a.py", f'csrf_token = "{PASSWORD}"'),
        ("a.json", '"hashed_secret": "' + run_of(40, alphabet=HEX) + '"'),
        ("a.py", 'password_sha256 = "' + run_of(64, alphabet=HEX) + '"'),
    ],
)
def test_what_only_resembles_a_secret_holds_no_release(path: str, text: str) -> None:
    assert secrets_in(text, path) == []


@pytest.mark.parametrize(
    ("path", "text", "verdict"),
    [
        ("plugins/server.py", DOCUMENTED, Verdict.ASIDE),
        ("a.py", f'def load():\n    """Load.\n\n    api_token = "{PASSWORD}"\n    """\n', Verdict.ASIDE),
        ("lib/a.ex", f'  @moduledoc """\n      secret_key_base: "{PASSWORD}"\n  """\n', Verdict.ASIDE),
        ("Documentation/object.md", f'export AWS_SECRET_ACCESS_KEY="{PASSWORD}"', Verdict.ASIDE),
        ("internal/suites/PAM/a.yml", f"hmac_secret: '{PASSWORD}'", Verdict.ASIDE),
        ("http/testcases/mixed.json", f'"secretValue": "{PASSWORD}"', Verdict.ASIDE),
        ("identity/.snapshots/a.json", f'"client_secret": "{PASSWORD}"', Verdict.ASIDE),
        ("session/stub/a.yml", f"api_token: {PASSWORD}", Verdict.ASIDE),
        ("guides/heroku.md", f'SECRET_KEY_BASE="{PASSWORD}"', Verdict.ASIDE),
        ("db/sample_data/a.rb", "password: 'harborside2024',", Verdict.SAMPLE),
        ("body.json", '"data": "' + encoded(f"value={run_of(30)}") + '"', Verdict.ASIDE),
        ("body.json", '"data": "' + encoded('{"password":"violet-harbor-lantern"}') + '"', Verdict.ASIDE),
        ("resources/lang/aa-ER/a.php", f"'password' => 'crwdns6846:{PASSWORD}',", Verdict.ASIDE),
        (".github/workflows/a.yml", f"  DB_PASSWORD: {PASSWORD}", Verdict.ASIDE),
        ("app/google-services.json", f'"current_key": "{GOOGLE}"', Verdict.PUBLIC),
        (
            "app/src/main/res/values/firebase.xml",
            f'<string name="google_api_key" translatable="false">{GOOGLE}</string>',
            Verdict.PUBLIC,
        ),
        ("app.ini", "; redis: network=tcp,addr=:6379,password=macaron,db=0", Verdict.SAMPLE),
        ("GoogleService-Info.plist", f"<key>API_KEY</key>\n<string>{GOOGLE}</string>", Verdict.PUBLIC),
        (
            "docusaurus.config.ts",
            "algolia: {\n  appId: 'X',\n  apiKey: '" + run_of(32, alphabet=HEX) + "',",
            Verdict.PUBLIC,
        ),
        ("build.sh", "export ROOT_PASSWORD=harbor123", Verdict.TRIVIAL),
        ("harbor/values.yaml", "dbPassword: harbor", Verdict.TRIVIAL),
        ("app/settings.py", 'password = "password123"', Verdict.TRIVIAL),
        ("a.cs", 'AdminPassword = "Password1234!",', Verdict.TRIVIAL),
        (".env", "DB_PASSWORD=password", Verdict.TRIVIAL),
        (".github/workflows/ci.yml", "  SA_PASSWORD: Forge456", Verdict.TRIVIAL),
    ],
)
def test_it_is_told_and_not_passed_over(path: str, text: str, verdict: Verdict) -> None:
    assert {hit.verdict for hit in scan(text, path)} == {verdict}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.yaml", 'password: "{CRYPT}' + PASSWORD + '"'),
        ("a.json", f'"http://a.example/?page_token={PASSWORD}&per_page=1"'),
        ("a.json", '"http://a.example/?page_token=' + encoded('{"api_token":"' + PASSWORD + '"}') + '"'),
        ("a.html", f"https://cdn.harbor.io/5df1?e=9576142006&token={run_of(40)}:{run_of(27, seed='sign')}="),
        ("a.html", f"https://cdn.harbor.io/5df1?e=1576142006&token={PASSWORD}"),
        ("a.py", 'password="' + "".join(f"\\x{ord(char):02x}" for char in PASSWORD) + '"'),
        ("client.go", f'c.apiToken = "{PASSWORD}"'),
        ("a.go", f'secret := "not({PASSWORD}"'),
        ("run.sh", f"sed -e 's/x/password={PASSWORD}/g'"),
        ("a.yml", f"  EMAIL_SERVICE_API_KEY: example{PASSWORD}"),
        ("View.cshtml", f"password: '@({PASSWORD}',"),
        ("a.js", f'password: "){PASSWORD}"'),
        ("app.py", 'password = "AP6' + run_of(30) + '"'),
        ("a.py", 'password = "admin98237498237"'),
        ("a.py", 'password = "8j4w7t92831x"'),
        ("app.yaml", "DB_PASSWORD: password" + run_of(8)),
        (".env", "ADMIN_PASS=admin-" + run_of(8)),
        (".env.production", "DB_PASSWORD=password"),
        ("values-prod.yaml", "adminPassword: admin"),
        ("harbor/settings.py", 'password = "harbor7Q' + run_of(8) + '4"'),
        ("a.py", 'password = "asdf8Z' + run_of(10) + '3"'),
        ("a.yml", "password: REDACTED-" + run_of(12)),
        ("config.py", f'salted_password = "{PASSWORD}"'),
        ("run.sh", f'DB_PASSWORD="${{DB_PASSWORD:={PASSWORD}}}"'),
        ("A.java", f'@Value("${{db.password:+{PASSWORD}}}")'),
        ("deploy.yaml", f"- name: DB_PASSWORD\n  value: {PASSWORD}"),
        ("main.tf", f'variable "db_password" {{\n  type = string\n  default = "{PASSWORD}"\n}}'),
        ("a.json", f'"password": {{\n  "type": "string",\n  "default": "{PASSWORD}"\n}}'),
        ("inputs.yml", f"parameters:\n  api_token:\n    description: x\n    default: {PASSWORD}"),
        (".github/workflows/a.yml", "  DEPLOY_PASSWORD: Lantern7741"),
        ("a.kt", f'const val PASSWORD = "com.harbor.{PASSWORD}"'),
        ("a.java", 'String password = "org.Harbor7x.Qz81mm"'),
        ("a.sh", f"mysqldump --password={PASSWORD} --file=x"),
        ("a.ts", f'const token = requireSecret("{PASSWORD}")'),
        ("a.py", f'KEY = """{private_key()}"""'),
        ("app/google-services.json", f'"server_key": "{GOOGLE}"'),
        ("app/google-services.json", f'"current_key": "{TOKENS["aws"]}"'),
        ("src/maps.ts", f'const mapsKey = "{GOOGLE}"'),
        ("docusaurus.config.ts", f"  deploy: {{\n    apiToken: '{PASSWORD}',\n  }},"),
        ("algolia.ts", "algolia: {\n  apiKey: '" + run_of(32, alphabet=HEX) + "' }"),
        ("plugins/server.py", f"EXAMPLES = r'''\n- token: {TOKENS['github']}\n'''\n"),
        ("plugins/server.py", f'EXAMPLES = r"""\n"""\napi_key = "{PASSWORD}"\n'),
        ("a.py", f'HELP = """\napi_token = "{PASSWORD}"\n"""\n'),
        ("a.py", f'EXAMPLES = """\napi_token = "{PASSWORD}"\n'),
        ("guides/.env.production", f"SECRET_KEY={PASSWORD}"),
        ("a.properties", f"db.password=\\u0160{PASSWORD}"),
        ("router.cfg", "set password lantern7Qx"),
        ("tasks.yml", f"- name: Set password {PASSWORD}"),
        ("main.yml", 'root_password: "SetH4rborL8nt3rn!77"'),
        ("main.yml", 'root_password: "==>' + PASSWORD + '<=="'),
        ("a.yml", "password: '{harbor}" + PASSWORD + "'"),
        ("jwks.json", '{"kty": "EC",\n  "d": "' + run_of(43) + '",'),
        ("a.py", 'hook = "https://api.harbor.io/run?token=506faab0-617a-4668-9e63-4a2fb996603f"'),
        ("Shop.Samples.Core/prod.json", '"password": "' + PASSWORD + '"'),
        ("secret.yaml", "INFLUXDB_PASSWORD: " + base64.b64encode(PASSWORD.encode()).decode()),
        ("compose.yml", f"  DB_PASSWORD: ${{DB_PASSWORD:?missing}}{PASSWORD}"),
        ("compose.yml", f"  DB_PASSWORD: ${{DB_PASSWORD-{PASSWORD}}}"),
        ("compose.yml", f"  URL: postgres://app:${{DB_PASSWORD:-{PASSWORD}}}@db:5432/app"),
        ("compose.yml", f"  URL: postgres://app:${{DB_PASSWORD:?missing}}{PASSWORD}@db:5432/app"),
        ("values.yaml", f'dbPassword: {{{{ .Values.password | default "{PASSWORD}" }}}}'),
        ("vars.yml", f"db_password: \"{{{{ lookup('env', 'PW') | default('{PASSWORD}', true) }}}}\""),
        ("plugins/server.py", f'EXAMPLES = """\npassword: {PASSWORD}\n"""\nconnect(safe_load(EXAMPLES))\n'),
        ("conf.py", f'def load():\n    """password={PASSWORD}"""\n    return load.__doc__\n'),
        ("lib/a.ex", f'@moduledoc "x"\n@password "{PASSWORD}"\n'),
        ("docker-compose.prod.yml", "      DB_PASSWORD: admin123"),
        ("config/prod/database.yml", "  password: admin123"),
        ("deploy/production/.env", "DB_PASSWORD=admin123"),
        ("shop/settings/production.py", 'DB_PASSWORD = "admin123"'),
        ("contest/app.py", f'API_TOKEN = "{PASSWORD}"'),
        (".env", f"NEXT_AUTH_SECRET={PASSWORD}"),
        (".env", f"NEXT_PRIVATE_ENCRYPTION_KEY={PASSWORD}"),
        (".env", f"NEXT_PUBLIC_CLIENT_SECRET={PASSWORD}"),
        (".env", f"CSRF_SECRET={PASSWORD}"),
        ("app.py", f'translation_api_key = "{PASSWORD}"'),
        ("app.py", f'websocket_auth_token = "{PASSWORD}"'),
        ("app.py", f'WEBHOOK_HASH_SECRET = "{PASSWORD}"'),
        (".env", "HMAC_SHA256_KEY=" + run_of(64, alphabet=HEX)),
    ],
)
def test_a_secret_beside_it_still_holds_a_release(path: str, text: str) -> None:
    assert secrets_in(text, path)


def test_a_web_token_that_speaks_of_the_reserved_domain_is_a_sample() -> None:
    parts = ('{"alg":"HS256"}', '{"publish":["https://example.com/topic"]}')
    encoded = [base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts]
    token = ".".join([*encoded, run_of(43)])
    assert {hit.verdict for hit in scan(f"JWT_SECRET: '{token}'", "ci.yml")} == {Verdict.PLACEHOLDER}
