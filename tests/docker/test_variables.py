"""Variables: their names, and which values are probably secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.docker.variables import VariableNameError, check_variable_name, looks_secret

RULE = "The name must be letters, digits and _ only, and not begin with a digit"
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
    "AWS": "AKIA" + "A1B2" * 4,
    "AWS, for a while": "id=ASIA" + "A1B2" * 4 + ";",
    "JSON web token": "Bearer eyJhbGciOi.eyJzdWIi.sig",
    "address": "postgres://me:pw@db/x",
    "address without user": "redis://:pw@db",
    "connection string": "Server=db;User=me;Password=pw;",
    "another connection string": "host=db password = pw",
}
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


@pytest.mark.parametrize("name", ["A", "_", "a_1", "APP_ENV", "_9" * 1000])
def test_a_shell_name_is_taken(name: str) -> None:
    check_variable_name(name)


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A.B", "A B", "Ä", "A\n", "A=", "A\u0663"])
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(VariableNameError) as refused:
        check_variable_name(name)
    assert str(refused.value) == RULE


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_name_can_speak_of_a_secret(name: str) -> None:
    assert looks_secret(name, "x")


@pytest.mark.parametrize("name", PLAIN_NAMES)
def test_another_name_does_not(name: str) -> None:
    assert not looks_secret(name, "x")


@pytest.mark.parametrize("value", SECRET_VALUES.values(), ids=SECRET_VALUES)
def test_a_value_can_look_like_a_secret(value: str) -> None:
    assert looks_secret("A", value)


@pytest.mark.parametrize("value", PLAIN_VALUES)
def test_another_value_does_not(value: str) -> None:
    assert not looks_secret("A", value)


@pytest.mark.parametrize("value", ["", " \n"])
def test_what_is_empty_is_no_secret(value: str) -> None:
    assert not looks_secret("TOKEN", value)


@given(st.text(), st.text())
def test_any_variable_is_judged(key: str, value: str) -> None:
    assert looks_secret(key, value) in (True, False)
