"""`slipway check`: what of the settings is unsafe."""

import os
from pathlib import Path
from typing import Any

import pytest

from webapp.checking import problems
from webapp.registry.hosts import Allowed
from webapp.settings import Oidc, Settings

KEY = "a key of the tests, long enough"
URL = "https://desk.example.com"


def safe(folder: Path) -> Settings:
    """A Slipway for a team in which nothing is unsafe but what this version and this computer bring along."""
    return Settings(
        buddy_token="token",
        url=URL,
        proxy_hops=1,
        database_url=f"sqlite:///{folder}/slipway.db",
        secret_keys=(KEY,),
    )


def found(settings: Settings, **environ: str) -> list[str]:
    """The problems, without those that all Slipways for others have here."""
    always = ("Nobody has to sign in", "Slipway runs as root")
    return [problem for problem in problems(settings, environ) if not problem.startswith(always)]


def test_a_slipway_for_this_computer_alone_is_safe(tmp_path: Path) -> None:
    settings = Settings(buddy_token="token", database_url=f"sqlite:///{tmp_path}/slipway.db")
    assert list(problems(settings, {"BUDDY_TOKEN": "token"})) == []
    assert list(problems(Settings(), {})) == []


def test_for_others_somebody_has_to_sign_in_and_it_is_not_root_that_runs_it(tmp_path: Path) -> None:
    settings = safe(tmp_path)
    assert found(settings) == []
    first, *others = problems(settings, {})
    assert first.startswith("Nobody has to sign in to use the desk")
    assert [problem.startswith("Slipway runs as root") for problem in others] == [True] * (os.geteuid() == 0)


# What is changed in a safe one → how the one problem begins.
UNSAFE = {
    "plain http": ({"url": "http://desk.example.com"}, "What people send and see can be read on the way"),
    "no hops": ({"proxy_hops": 0}, "The address is https, which only a proxy can serve"),
    "past the proxy": ({"host": "0.0.0.0"}, "Slipway listens on 0.0.0.0, where people can reach it past the proxy"),
    "a database that lies elsewhere for each who starts it": (
        {"database_url": "sqlite:///slipway.db"},
        "The database's path begins where Slipway is started",
    ),
    "the default database": ({"database_url": None}, "The database is in the data folder of whoever starts Slipway"),
    "the key beside it": ({"secret_keys": ()}, "The secret key lies beside the database"),
}


@pytest.mark.parametrize(("change", "beginning"), UNSAFE.values(), ids=UNSAFE)
def test_one_thing_that_is_unsafe_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], beginning: str
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (problem,) = found(Settings(**vars(safe(tmp_path)) | change))
    assert problem.startswith(beginning)
    assert (problem.endswith("."), problem.count("\n")) == (True, 0)


@pytest.mark.parametrize("name", ["BUDDY_TOKEN", "SLIPWAY_SECRET_KEY", "SLIPWAY_OIDC_CLIENT_SECRET"])
def test_a_secret_belongs_into_a_file_that_others_cannot_read(tmp_path: Path, name: str) -> None:
    (problem,) = found(safe(tmp_path), **{name: "canary"})
    assert (problem.startswith(f"{name} is in the environment"), "canary" in problem) == (True, False)
    file = tmp_path / "secret"
    file.write_text("canary")
    file.chmod(0o644)
    assert found(safe(tmp_path), **{f"{name}_FILE": str(file)}) == [
        f"Other accounts of this computer can read {file}: run chmod 600 {file}."
    ]
    file.chmod(0o600)
    assert found(safe(tmp_path), **{f"{name}_FILE": str(file)}) == []


@pytest.mark.parametrize("name", ["slipway.db", "secret-key"])
def test_the_database_and_the_key_beside_it_are_for_one_account(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(KEY)
    file.chmod(0o640)
    settings = Settings(buddy_token="token", database_url=f"sqlite:///{tmp_path}/slipway.db")
    assert list(problems(settings, {})) == [f"Other accounts of this computer can read {file}: run chmod 600 {file}."]


def test_an_address_of_a_database_is_a_secret_when_a_password_is_in_it(tmp_path: Path) -> None:
    url = "postgresql://slipway:canary@db.example.com/slipway"
    settings = Settings(**vars(safe(tmp_path)) | {"database_url": url})
    (problem,) = found(settings, SLIPWAY_DATABASE_URL=url)
    assert (problem.startswith("SLIPWAY_DATABASE_URL is in the environment"), "canary" in problem) == (True, False)
    file = tmp_path / "url"
    file.write_text(url)
    file.chmod(0o644)
    assert found(settings, SLIPWAY_DATABASE_URL_FILE=str(file)) == [
        f"Other accounts of this computer can read {file}: run chmod 600 {file}."
    ]
    assert found(safe(tmp_path), SLIPWAY_DATABASE_URL=f"sqlite:///{tmp_path}/slipway.db") == []


def test_a_registry_that_is_asked_without_encryption_is_told_unless_it_is_this_computer(tmp_path: Path) -> None:
    registries = Allowed.parse("*,http://127.0.0.1:5000,http://[::1],registry.company.example,http://10.0.0.5:5000")
    assert found(Settings(**vars(safe(tmp_path)) | {"registries": registries})) == [
        "Names and passwords for http://10.0.0.5:5000 can be read on the way: let it be asked over https, and take "
        "http:// out of SLIPWAY_REGISTRIES."
    ]


WEAK = {
    "one character": "k" * 64,
    "two characters": "ab" * 32,
    "a word again and again": "changeme" * 8,
    "the alphabet": "abcdefghijklmnopqrstuvwxyz",
    "digits in order": "0123456789012345",
    "keys beside one another": "qwertyuiopasdfghjkl",
    "a phrase that stands in examples": "change-me-please",
    "a strong one behind it": f"{'k' * 64},Zz8fJ2mQ4xW7vB1nC5sD9gH3kL6pR0tY",
}
STRONG = {
    "64 characters of the README": "Q3v8sYb1Wk6TzXh0Rr9uPn5LmEo2JdGc7iVaFfHtNqUyCxDj4lKgBwOpSeZ_-AMI",
    "32 digits of openssl": "9f86d081884c7d659a2feaa0c55ad015",
    "a sentence": "seven quiet lighthouses stand on a windy shore",
}


@pytest.mark.parametrize("keys", WEAK.values(), ids=WEAK)
def test_a_key_that_can_be_guessed_is_told(keys: str) -> None:
    (problem,) = problems(Settings(secret_keys=tuple(keys.split(","))), {})
    assert problem.startswith("A key in SLIPWAY_SECRET_KEY can be guessed: ")
    assert not any(key in problem for key in keys.split(","))


@pytest.mark.parametrize("key", STRONG.values(), ids=STRONG)
def test_a_key_that_cannot_be_guessed_is_not_told(key: str) -> None:
    assert list(problems(Settings(secret_keys=(key,)), {})) == []


def test_a_key_beside_the_database_that_can_be_guessed_is_told(tmp_path: Path) -> None:
    file = tmp_path / "secret-key"
    file.write_text("k" * 64)
    file.chmod(0o600)
    settings = Settings(buddy_token="token", database_url=f"sqlite:///{tmp_path}/slipway.db")
    (problem,) = problems(settings, {})
    assert problem.startswith(f"The key in {file} can be guessed: ")
    file.write_text("short")
    assert [problem.partition(":")[0] for problem in problems(settings, {})] == [
        f"{file} must hold a secret key of at least 16 characters"
    ]


def provided(folder: Path, **more: Any) -> Settings:
    """A Slipway that lets in whom a provider knows."""
    rights: dict[str, Any] = {"administrators": frozenset({"heads"}), "viewers": frozenset({"*"})}
    oidc = Oidc("https://id.example.com", "slipway", "secret", **rights | more)
    return Settings(**vars(safe(folder)) | {"sign_in": frozenset({"oidc"}), "oidc": oidc})


def test_a_provider_whose_groups_decide_is_safe(tmp_path: Path) -> None:
    assert found(provided(tmp_path)) == []
    for claim in ("groups", "realm_access.roles", "https://example.com/roles", "email", "sub"):
        assert found(provided(tmp_path, role_claim=claim)) == []


def test_anybody_as_administrator_is_told(tmp_path: Path) -> None:
    (problem,) = found(provided(tmp_path, administrators=frozenset({"heads", "*"})))
    assert problem.startswith("Anybody whom the OpenID provider knows is an administrator: ")


@pytest.mark.parametrize(
    "claim",
    ["nickname", "name", "preferred_username", "profile", "given_name", "locale", "address.locality", "phone_number"]
    + ["website", "picture", "zoneinfo", "user_metadata.role", "Nickname"],
)
def test_a_claim_that_people_write_themselves_is_told(tmp_path: Path, claim: str) -> None:
    (problem,) = found(provided(tmp_path, role_claim=claim))
    assert problem.startswith(f"People can write {claim} themselves at many providers, and with it their role: ")


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702, 0o1777])
@pytest.mark.parametrize("which", ["database", "key", "above"])
def test_a_folder_that_others_may_write_into_is_told(tmp_path: Path, mode: int, which: str) -> None:
    folders = {"database": tmp_path / "data", "key": tmp_path / "keys", "above": tmp_path / "above"}
    for folder in folders.values():
        folder.mkdir(0o700)
    inner = folders["above"] / "inner"
    inner.mkdir(0o700)
    key = (inner if which == "above" else folders["key"]) / "key"
    key.write_text(KEY)
    key.chmod(0o600)
    folders[which].chmod(mode)
    told = found(safe(folders["database"]), SLIPWAY_SECRET_KEY_FILE=str(key))
    # In a folder above, the sticky bit keeps others from putting their own folder in the place of this one.
    if which == "above" and mode & 0o1000:
        assert told == []
    else:
        assert told == [
            f"Other accounts of this computer can put files of theirs into {folders[which]}: run chmod go-w "
            f"{folders[which]}."
        ]
