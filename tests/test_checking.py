"""`slipway check`: what of the settings is unsafe."""

import os
from pathlib import Path

import pytest

from webapp.checking import problems
from webapp.settings import Settings

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
    "plain http": ({"url": "http://desk.example.com"}, "What people send and see can be read on its way"),
    "no hops": ({"proxy_hops": 0}, "The address is https, which only a proxy can serve"),
    "past the proxy": ({"host": "0.0.0.0"}, "Slipway listens on 0.0.0.0, where people can reach it past the proxy"),
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


@pytest.mark.parametrize("name", ["BUDDY_TOKEN", "SLIPWAY_SECRET_KEY"])
def test_a_secret_belongs_into_a_file_that_others_cannot_read(tmp_path: Path, name: str) -> None:
    (problem,) = found(safe(tmp_path), **{name: "canary"})
    assert (problem.startswith(f"{name} stands in the environment"), "canary" in problem) == (True, False)
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
    file.touch(0o640)
    file.chmod(0o640)
    settings = Settings(buddy_token="token", database_url=f"sqlite:///{tmp_path}/slipway.db")
    assert list(problems(settings, {})) == [f"Other accounts of this computer can read {file}: run chmod 600 {file}."]
