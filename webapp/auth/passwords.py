"""Passwords: kept as Argon2id hashes, compared in the same time whoever asks."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.auth.hashing_queue import HashingQueue


class Passwords:
    """Hashes and compares, with `hasher` where it is not to be the usual one, whose parameters are the library's:
    RFC 9106's for little memory, above what OWASP asks."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        # Apart, so that whom Slipway knows finds a turn whatever strangers do.
        self._strangers, self._known = HashingQueue(), HashingQueue()
        self._nobodys = ""

    def hash(self, password: str, whose: str = "") -> str:
        """Give what is kept of a password, of the account `whose`. Raises `QueueFull`."""
        with self._known.turn(whose):
            return self._hasher.hash(normal(password))

    def matches(self, kept: str | None, password: str, name: str = "", known: bool = False) -> bool:
        """Compare a password with what was kept. Where nothing was, it takes as long, and the answer is no.

        `name` is the one that somebody says to have, in a browser that is `known` or not. Raises `QueueFull`.
        """
        if kept is None:
            self._nobodys = self._nobodys or self.hash("nobody's password")
        with (self._known if known else self._strangers).turn(name):
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
