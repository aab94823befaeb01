"""The settings: what is allowed, what refuses the start and how it says so."""

from pathlib import Path

import pytest

from webapp.settings import Settings, SettingsError
from webapp.storage import open_storage

TEAM = {"BUDDY_TOKEN": "t", "SLIPWAY_SIGN_IN": "password", "SLIPWAY_HOST": "0.0.0.0"}
OIDC = {
    "BUDDY_TOKEN": "t",
    "SLIPWAY_SIGN_IN": "oidc",
    "SLIPWAY_OIDC_ISSUER": "https://id.example.com",
    "SLIPWAY_OIDC_CLIENT_ID": "slipway",
    "SLIPWAY_OIDC_CLIENT_SECRET": "secret",
}
REFUSALS = {
    "no issuer": ({"BUDDY_TOKEN": "t", "SLIPWAY_SIGN_IN": "oidc"}, "SLIPWAY_OIDC_ISSUER must be set"),
    "a plain issuer": (OIDC | {"SLIPWAY_OIDC_ISSUER": "http://id.example.com"}, "SLIPWAY_OIDC_ISSUER must be an https"),
    "an issuer that no account can be kept with": (
        OIDC | {"SLIPWAY_OIDC_ISSUER": f"https://id.example.com/{'a' * 255}"},
        "SLIPWAY_OIDC_ISSUER must be at most 255 characters long",
    ),
    "nobody let in": (OIDC, "must name somebody"),
    "an unknown name": ({"SLIPWAY_PROT": "1"}, "SLIPWAY_PROT is not a setting of Slipway"),
    "an empty token": ({"BUDDY_TOKEN": ""}, "BUDDY_TOKEN must be a Buddy token"),
    "a token with a line end": ({"BUDDY_TOKEN": "a\nb"}, "BUDDY_TOKEN must be a Buddy token"),
    "plain http": ({"BUDDY_API_ENDPOINT": "http://buddy.example.com/api"}, "must be an https address"),
    "a query": ({"BUDDY_API_ENDPOINT": "https://buddy.example.com/api?a=b"}, "must be an https address"),
    "a user in the address": ({"BUDDY_API_ENDPOINT": "https://me@buddy.example.com"}, "must be an https address"),
    "no address": ({"BUDDY_API_ENDPOINT": "buddy"}, "must be an https address"),
    "a missing certificate": ({"BUDDY_CA_FILE": "/nowhere.pem"}, "BUDDY_CA_FILE must be a file"),
    "a missing certificate of registries": (
        {"SLIPWAY_REGISTRY_CA_FILE": "/nowhere.pem"},
        "SLIPWAY_REGISTRY_CA_FILE must be a file",
    ),
    "no registry": (
        {"SLIPWAY_REGISTRIES": "ghcr.io/team"},
        "SLIPWAY_REGISTRIES can't be used: ghcr.io/team is no host",
    ),
    "nobody and somebody": ({"SLIPWAY_REGISTRIES": "none,ghcr.io"}, "none stands alone"),
    "neither nobody nor somebody": ({"SLIPWAY_REGISTRIES": " , "}, "SLIPWAY_REGISTRIES must name somebody, or be none"),
    "every host, by an empty one": (
        TEAM | {"SLIPWAY_HOST": " ", "SLIPWAY_URL": "https://a.example", "SLIPWAY_SECRET_KEY": "k" * 16},
        "SLIPWAY_HOST must be a host",
    ),
    "another host": ({"SLIPWAY_HOST": "0.0.0.0"}, "any other host needs sign-in"),
    "a port too high": ({"SLIPWAY_PORT": "70000"}, "SLIPWAY_PORT must be a whole number from 1 to 65535"),
    "a port in words": ({"SLIPWAY_PORT": "http"}, "SLIPWAY_PORT must be a whole number"),
    "a url with a path": ({"SLIPWAY_URL": "https://example.com/desk"}, "SLIPWAY_URL must be an http or https address"),
    "a url with a tab": ({"SLIPWAY_URL": "https://example.com\t"}, "SLIPWAY_URL must be an http or https address"),
    "a url that no browser sends": ({"SLIPWAY_URL": "https://münchen.example"}, "in the form that begins with xn--"),
    "an address with a line end": ({"BUDDY_API_ENDPOINT": "https://buddy.example.com\n"}, "must be an https address"),
    "a claim without a name": (
        OIDC | {"SLIPWAY_OIDC_VIEWERS": "*", "SLIPWAY_OIDC_ROLE_CLAIM": " "},
        "SLIPWAY_OIDC_ROLE_CLAIM must name a claim",
    ),
    "a blank client": (OIDC | {"SLIPWAY_OIDC_CLIENT_ID": " "}, "SLIPWAY_OIDC_CLIENT_ID must be set"),
    "a proxy": ({"SLIPWAY_PROXY_HOPS": "1"}, "SLIPWAY_PROXY_HOPS must be 0"),
    "a short key": ({"SLIPWAY_SECRET_KEY": "short"}, "at least 16 characters"),
    "no days": ({"SLIPWAY_KEEP_DAYS": "0"}, "SLIPWAY_KEEP_DAYS must be a whole number from 1"),
    "an unknown sign-in": ({"SLIPWAY_SIGN_IN": "magic"}, "SLIPWAY_SIGN_IN must be none"),
    "sign-in and none": ({"SLIPWAY_SIGN_IN": "password,none"}, "SLIPWAY_SIGN_IN must be none"),
    "another host with no address": (TEAM | {"SLIPWAY_SECRET_KEY": "k" * 16}, "SLIPWAY_URL must be set when"),
    "another host with no key": (TEAM | {"SLIPWAY_URL": "https://a.example"}, "SLIPWAY_SECRET_KEY must be set when"),
    "a file that is not there": ({"BUDDY_TOKEN_FILE": "/nowhere"}, "BUDDY_TOKEN_FILE must be a text file"),
}


@pytest.mark.parametrize(("environ", "message"), REFUSALS.values(), ids=REFUSALS)
def test_a_wrong_setting_refuses_the_start_with_what_is_allowed(environ: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings.from_environ(environ)


def test_with_nothing_set_slipway_runs_on_its_sandbox() -> None:
    settings = Settings.from_environ({"PATH": "/bin"})
    assert (settings.sandbox, settings.url) == (True, "http://127.0.0.1:8000")


def test_with_a_token_it_runs_on_the_real_buddy() -> None:
    settings = Settings.from_environ({"BUDDY_TOKEN": "token", "SLIPWAY_PORT": "8001"})
    assert (settings.sandbox, settings.buddy_api_endpoint) == (False, "https://api.buddy.works")
    assert settings.url == "http://127.0.0.1:8001"


def test_with_sign_in_it_may_listen_on_any_host() -> None:
    more = {"SLIPWAY_URL": "https://desk.example.com", "SLIPWAY_SECRET_KEY": "a key of many characters"}
    settings = Settings.from_environ(TEAM | more)
    assert (settings.host, settings.sign_in, settings.sandbox) == ("0.0.0.0", {"password"}, False)


def test_who_is_let_in_by_a_provider_is_named_by_role() -> None:
    environ = OIDC | {
        "SLIPWAY_OIDC_EDITORS": "dev, ops",
        "SLIPWAY_OIDC_ADMINISTRATORS": "heads",
        "SLIPWAY_OIDC_CONTRIBUTORS": "sales",
    }
    oidc = Settings.from_environ(environ).oidc
    assert oidc is not None
    assert (oidc.administrators, oidc.editors, oidc.viewers) == ({"heads"}, {"dev", "ops"}, frozenset())
    assert oidc.contributors == {"sales"}
    assert (oidc.role_claim, "secret'" in repr(oidc)) == ("groups", False)


@pytest.mark.parametrize(
    ("written", "meant"),
    {
        "https://desk.example.com:443/": "https://desk.example.com",
        "HTTPS://Desk.Example.com": "https://desk.example.com",
        "http://desk.example.com:080": "http://desk.example.com",
        "https://desk.example.com:8443": "https://desk.example.com:8443",
        "http://[2001:DB8::1]:80": "http://[2001:db8::1]",
    }.items(),
)
def test_the_address_is_as_browsers_write_it(written: str, meant: str) -> None:
    assert Settings.from_environ({"SLIPWAY_URL": written}).url == meant


def test_an_endpoint_may_have_a_path_and_loses_its_last_slash() -> None:
    endpoint = Settings.from_environ({"BUDDY_API_ENDPOINT": "https://buddy.example.com/api/"}).buddy_api_endpoint
    assert endpoint == "https://buddy.example.com/api"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-the-file\n")
    settings = Settings.from_environ({"BUDDY_TOKEN_FILE": str(tmp_path / "token")})
    assert settings.buddy_token == "from-the-file"
    with pytest.raises(SettingsError, match="must not both be set"):
        Settings.from_environ({"BUDDY_TOKEN_FILE": str(tmp_path / "token"), "BUDDY_TOKEN": "other"})


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xef\xbb\xbffrom-the-file\r\n")
    assert Settings.from_environ({"BUDDY_TOKEN_FILE": str(tmp_path / "token")}).buddy_token == "from-the-file"


def test_secrets_do_not_show_in_the_settings_text() -> None:
    settings = Settings.from_environ(
        {
            "BUDDY_TOKEN": "canary-token",
            "SLIPWAY_SECRET_KEY": "canary-key-of-many-characters",
            "SLIPWAY_DATABASE_URL": "postgresql://me:canary-password@db/slipway",
        }
    )
    assert "canary" not in repr(settings)


def test_a_key_is_made_once_beside_the_database_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/slipway.db")
    with open_storage(settings) as first, open_storage(settings) as second:
        assert first.secret_keys == second.secret_keys
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_the_sandbox_throws_its_database_away_at_the_end() -> None:
    with open_storage(Settings()) as storage:
        folder = Path(storage.url.database or "").parent
        assert folder.is_dir()
    assert not folder.exists()


def test_another_database_needs_a_key() -> None:
    with (
        pytest.raises(SettingsError, match="SLIPWAY_SECRET_KEY must be set"),
        open_storage(Settings(database_url="postgresql://db/slipway")),
    ):
        raise AssertionError("it must not open")
