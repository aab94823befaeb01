"""Secrets: which names, values and texts probably hold one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.docker.secrets import holds_secret, looks_secret, writes_secret

SECRET_NAMES = [
    "TOKEN",
    "GITHUB_TOKEN",
    "githubToken",
    "NPM_TOKENS",
    "CLIENT_SECRET",
    "secrets",
    "DB_PASSWORD",
    "dbPassword",
    "PGPASSWORD",
    "MYSQL_PASSWD",
    "SMTP_PASS",
    "PASSPHRASE",
    "API_KEY",
    "apiKey",
    "APIKEY",
    "AWS_SECRET_ACCESS_KEY",
    "KEY",
    "KEYS_OLD",
    "GOOGLE_CREDENTIALS",
    "CREDENTIAL",
    "PRIVATE_KEY",
    "PRIVATE_HOST",
]
PLAIN_NAMES = [
    "",
    "APP_ENV",
    "TOKENIZERS_PARALLELISM",
    "SECRETARY",
    "KEYBOARD",
    "MONKEY",
    "COMPASS",
    "BYPASS",
    "PUBLIC_KEY",
    "STRIPE_PUBLIC_KEY",
    "publicKey",
    "PWD",
    "1",
]
# Put together here, so that no scanner takes them for real ones.
SECRET_VALUES = {
    "PEM": "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIE\n",
    "PKCS 8": "-----BEGIN " + "PRIVATE KEY-----",
    "GitHub": "ghp" + "_" + "a1B2" * 9,
    "GitHub, fine-grained": "github" + "_pat_" + "a1B2" * 9,
    "GitLab": "glp" + "at-" + "a1B2" * 5,
    "Slack": "xox" + "b-" + "1234567890-a",
    "Stripe": "sk" + "_live_" + "a1B2" * 5,
    "npm": "npm" + "_" + "a1B2" * 9,
    "PyPI": "pypi" + "-AgE" + "a1B2" * 9,
    "an incoming webhook of Slack": "https://hooks.slack" + ".com/services/T00/B00/a1B2",
    "a webhook of Discord": "https://discord" + ".com/api/webhooks/1/a1B2",
    "a webhook of Teams": "https://team.webhook" + ".office.com/webhookb2/a1B2",
    "what docker login writes down": '{"auths": {"ghcr.io": {"auth": "bWU6Y2FuYXJ5"}}}',
    "AWS": "AKIA" + "A1B2" * 4,
    "AWS, for a while": "id=ASIA" + "A1B2" * 4 + ";",
    "JSON web token": "Bearer eyJhbGciOi.eyJzdWIi.sig",
    "address": "postgres://me:pw@db/x",
    "address without user": "redis://:pw@db",
    "connection string": "Server=db;User=me;Password=pw;",
    "another connection string": "host=db password = pw",
}
# The same in a form that only the whole value, or the name in it, tells.
WRITTEN_OUT = {
    "a bearer": "Bearer canary-1234-canary",
    "a bearer in small letters": "bearer canary1234",
    "a signed header": "Authorization: Bearer canary",
    "basic": "Basic bWU6Y2FuYXJ5",
    "a header of its own": "X-Api-Key: canary",
    "headers": "Accept=*/*,Authorization=Basic bWU6Y2FuYXJ5",
    "JSON with a key": '{"type": "service_account", "private_key": "canary"}',
    "JSON with a password": '{"db":{"password":"canary"}}',
    "JSON in JSON": '{\\"clientSecret\\": \\"canary\\"}',
    "YAML": "user: me\napi_key: canary",
    "a flag with =": "-Xmx1g --token=canary",
    "a flag": "--db-password canary -v",
    "a property": "-Djavax.net.ssl.keyStorePassword=canary",
    "an address": "https://api.example.com/x?a=1&access_token=canary",
    "a key of Azure": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=canary==",
    "options of a client": "--user me:canary --silent",
}
NOT_WRITTEN_OUT = [
    "Bearer",
    "Bearer authentication",
    "Bearer $TOKEN",
    "Basic authentication",
    "Basic Auth",
    "Basic plan",
    '{"key": "name", "partition_key": "user_id", "keyboard": "qwerty"}',
    '{"max_tokens": 4096, "token_type": "bearer", "use_token": true, "token": null}',
    '{"password": ""}',
    '{"password": "$DB_PASSWORD", "secret": "${SECRET}"}',
    '{"tokenUrl": "https://example.com/token", "passwordPolicy": "strong"}',
    "--max-tokens=4096 --sort-key=name --tokenizer=bert",
    "--token-file=/run/secrets/token --password-stdin",
    "--password-file /run/secrets/p --key-file=/k",
    "--no-password",
    "--require-password --verbose",
    "key=value",
    "primary key: id",
    "https://example.com/reset-password?lang=en",
    "https://example.com/x?key=value&page=2",
    "The password: see the wiki",
    "enter your token here",
    "user:group",
    "1000:1000",
    "token",
    "secret, password",
]
# In commands alone: there a flag of one letter can be a password.
IN_COMMANDS = {
    "a database": "mysql -u me -pcanary db",
    "a dump": "cd /app\nmysqldump -uroot -p'canary' db > x",
    "curl": "curl -u me:canary https://example.com",
    "a header": 'curl -H "Authorization: Bearer canary-1234" localhost',
    "a token of GitLab in a header": "curl --header 'PRIVATE-TOKEN: canary' localhost",
    "a login": "docker login -u me -p canary ghcr.io",
    "Redis": "redis-cli -h db -a canary ping",
    "MongoDB": "mongosh --host db -u me -p canary",
    "PostgreSQL": "PGPASSWORD=canary psql -h db",
    "a git address": "git clone https://" + "a1B2" * 5 + "@git.example.com/x",
    "an assignment": "make && export DEPLOY_TOKEN=canary",
    "in quotes": "DB_PASSWORD='canary' ./run",
    "a flag": "tool --token canary",
    "a flag with =": "tool --api-key=canary",
    "a property": "npm config set //registry.example.com/:_authToken=canary",
    "JSON": 'curl -d \'{"password": "canary"}\' localhost',
    "a header with a key": 'curl -H "X-Api-Key: canary" localhost',
    "a signed header": 'curl -H "Authorization: Bearer canary" localhost',
    "a bearer": "curl --oauth2 bearer canary-1234",
    "an address": "curl 'https://api.example.com/x?a=1&access_token=canary'",
    "a login without a blank": "docker login -u me -pcanary",
    "a login by pipe": "echo canary | docker login -u me --password-stdin",
    "a dump without quotes": "mysqldump -u me -pcanary db",
    "sshpass": "sshpass -p canary ssh me@host",
}
# Only probably: what is shown goes without it, and nothing is sealed for it.
PROBABLE = {
    "a cookie": "curl -H 'Cookie: session=canary' localhost",
    "a default": "echo ${DB_PASSWORD:-canary}",
    "chance": "deploy aB3dE5fG7hI9jK1lM3nO5pQ7",
    "a user and a group": "su -u node:node",
    "a flag that could be of a key": "npm run test -- --key value",
    "words behind a bearer": "echo 'Bearer authentication is on'",
}
HARMLESS = [
    "npm ci\nnpm test",
    "export TOKEN=$DEPLOY_TOKEN",
    'curl -H "Authorization: Bearer $TOKEN" https://example.com',
    "curl -H 'Authorization: Bearer ${TOKEN}'",
    "echo $TOKEN | docker login -u me --password-stdin ghcr.io",
    "printf '%s' \"$TOKEN\" | docker login --password-stdin",
    'docker login -u me -p "$PASSWORD"',
    "docker run -u 1000:1000 ubuntu",
    "tool --token-file /run/secrets/token --token $TOKEN",
    "git checkout 5ddb7c180fb38be67bd78a88a1b2c3d4e5f60718",
    "pip install --hash sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae x",
    "mkdir -p build && cp -r src/my-very-long-directory-name-of-a-project build",
    "java -cp app.jar com.example.AVeryLongClassNameOfSomeKindTest",
    "psql -h db -p 5432",
    "monkey=1 keyboard: qwerty",
    "library/ubuntu",
    "/bin/sh -c",
    "mysql -u me -p db",
    "mysql -u me -p$PW db",
    'mysql -u me -p"$PW" db',
    "mkdir -p build",
    "psql -p 5432",
    "ssh -p 2222 me@host",
    "curl -u me https://example.com",
    'curl -u "$ME:$PW" https://example.com',
    'curl -H "Authorization: Bearer $TOKEN" localhost',
    "redis-cli -h db -a $PW ping",
    "mongosh --port 1 -p",
    "docker run -u 1000:1000 x",
    "chown -R node:node /app",
    "terraform apply -var token=$TOKEN",
]
PLAIN_VALUES = [
    "value",
    "true",
    "-----BEGIN CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----",
    "ghp_short",
    "AKIA",
    "eyJ.eyJ",
    "https://me@host/x",
    "https://host:8080/a@b",
    "https://host/a:b@c",
    "password=",
    "passwords are cheap",
]


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_name_can_speak_of_a_secret(name: str) -> None:
    assert looks_secret(name, "x")


@pytest.mark.parametrize("name", PLAIN_NAMES)
def test_another_name_does_not(name: str) -> None:
    assert not looks_secret(name, "x")


@pytest.mark.parametrize("value", SECRET_VALUES.values(), ids=SECRET_VALUES)
def test_a_value_can_look_like_a_secret(value: str) -> None:
    assert looks_secret("A", value)


@pytest.mark.parametrize("value", WRITTEN_OUT.values(), ids=WRITTEN_OUT)
def test_a_value_can_have_a_secret_written_out_in_it(value: str) -> None:
    assert looks_secret("A", value)
    assert writes_secret(f"tool '{value}'")


@pytest.mark.parametrize("text", NOT_WRITTEN_OUT)
def test_what_only_speaks_of_a_secret_is_sealed_nowhere(text: str) -> None:
    assert not looks_secret("A", text)
    assert not writes_secret(text)


@pytest.mark.parametrize("commands", IN_COMMANDS.values(), ids=IN_COMMANDS)
def test_commands_can_have_a_secret_written_out_in_them(commands: str) -> None:
    assert writes_secret(commands)


@pytest.mark.parametrize("value", PLAIN_VALUES)
def test_another_value_does_not(value: str) -> None:
    assert not looks_secret("A", value)


@pytest.mark.parametrize("value", ["", " \n"])
def test_what_is_empty_is_no_secret(value: str) -> None:
    assert not looks_secret("TOKEN", value)


@given(st.text(), st.text())
def test_any_variable_is_judged(key: str, value: str) -> None:
    assert looks_secret(key, value) in (True, False)


@pytest.mark.parametrize("text", [*SECRET_VALUES.values(), *WRITTEN_OUT.values(), *IN_COMMANDS.values()])
def test_a_text_with_a_secret_written_out_holds_one(text: str) -> None:
    assert holds_secret(text)
    assert holds_secret(f"set -e\n{text}\nls\n")


@pytest.mark.parametrize("text", PROBABLE.values(), ids=PROBABLE)
def test_a_text_can_hold_a_secret_that_is_no_sure_one(text: str) -> None:
    assert (holds_secret(text), writes_secret(text)) == (True, False)


@pytest.mark.parametrize("text", HARMLESS)
def test_another_text_does_not(text: str) -> None:
    assert (holds_secret(text), writes_secret(text)) == (False, False)


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert holds_secret(text) in (True, False)
