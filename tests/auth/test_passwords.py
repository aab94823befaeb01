"""Which passwords are taken, and how they are kept."""

import argon2
import pytest
from support.pages import Browser
from support.rigs import Rig

from webapp.auth.passwords import Passwords
from webapp.forms.passwords import common_passwords, password_problem

TAKEN = {
    "64 characters": "x1 " * 21 + "y",
    "1,000 characters": "long " * 200,
    "no letters": "☂☃☄★☆☇☈☉",
    "accents": "ĉĝĥĵŝŭ éàü",
    "blanks at the ends": "  quiet house  ",
    "an emoji": "lighthouse 🗼",
}
REFUSED = {
    "nothing": ("", "Enter a password"),
    "seven characters": ("abcdefg", "The password must be at least 8 characters long: this is 7"),
    "a common one": ("password1", "The password must not be one of those that are tried first"),
    "a common one in capitals": ("SUNSHINE1", "The password must not be one of those that are tried first"),
    "the own name": ("Ada Byron", "The password must not be a name"),
}


@pytest.mark.parametrize("password", TAKEN.values(), ids=TAKEN)
def test_any_characters_make_a_password(password: str) -> None:
    assert password_problem(password, ("Ada",)) is None
    passwords = Passwords()
    kept = passwords.hash(password)
    assert passwords.matches(kept, password)
    assert not passwords.matches(kept, password + "x")


@pytest.mark.parametrize(("password", "words"), REFUSED.values(), ids=REFUSED)
def test_a_password_that_is_easily_guessed_is_refused_with_the_reason(password: str, words: str) -> None:
    assert (password_problem(password, ("Ada Byron",)) or "").startswith(words)


def test_the_most_common_passwords_are_known() -> None:
    assert len(common_passwords()) >= 3000


def test_one_character_written_in_two_ways_is_the_same_password() -> None:
    passwords = Passwords()
    assert passwords.matches(passwords.hash("caf\u00e9 house"), "cafe\u0301 house")


def test_a_password_is_kept_as_owasp_asks() -> None:
    kept = argon2.extract_parameters(Passwords().hash("seven quiet lighthouses"))
    assert kept.type is argon2.Type.ID
    assert (kept.memory_cost >= 19_456, kept.time_cost >= 2) == (True, True)


def test_for_an_unknown_name_a_hash_is_compared_too_and_the_words_are_the_same(
    team: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.hire("ada")
    compared: list[str] = []
    verify = argon2.PasswordHasher.verify

    def noting(self: argon2.PasswordHasher, kept: str, password: str) -> bool:
        compared.append(kept)
        return verify(self, kept, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", noting)
    answers = []
    for login in ("ada", "nobody"):
        browser: Browser = team.stranger()
        page = browser.get("/sign-in").send_to("/sign-in", login=login, password="wrong password")
        answers.append((page.status, page.errors))
    assert answers[0] == answers[1] == (422, ["The sign-in name or the password is wrong"])
    assert len(compared) == 2
    known, unknown = map(argon2.extract_parameters, compared)
    assert known == unknown
