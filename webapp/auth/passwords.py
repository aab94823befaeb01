"""Passwords: kept as Argon2id hashes, compared in the same time whoever asks."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.auth.turns import Turns


class Passwords:
    """Hashes and compares. The parameters are the library's: RFC 9106's for little memory, above what OWASP asks."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turns = Turns()
        self._nobodys = ""

    def hash(self, password: str) -> str:
        """Give what is kept of a password. Raises `NoTurn`."""
        with self._turns.of_known():
            return self._hasher.hash(normal(password))

    def matches(self, kept: str | None, password: str, stranger: str | None = None) -> bool:
        """Compare a password with what was kept. Where nothing was, it takes as long, and the answer is no.

        `stranger` is the name that somebody says to have in a browser that is not known. Raises `NoTurn`.
        """
        if kept is None:
            self._nobodys = self._nobodys or self.hash("nobody's password")
        with self._turns.of_known() if stranger is None else self._turns.of_stranger(stranger):
            try:
                return self._hasher.verify(kept or self._nobodys, normal(password)) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, kept: str) -> bool:
        """Whether a password should be hashed anew, since the parameters have grown."""
        return self._hasher.check_needs_rehash(kept)


def normal(password: str) -> str:
    """One spelling for characters that keyboards write in several (Unicode NFC)."""
    return unicodedata.normalize("NFC", password)
