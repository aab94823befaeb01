"""Encryption of secrets at rest."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Vault:
    """Seals and opens secrets with keys derived from Slipway's secret keys: the first writes, all read."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(urlsafe_b64encode(derive(key, b"sealing"))) for key in secret_keys])
        self._fingerprint_key = derive(secret_keys[0], b"fingerprints")

    def seal(self, text: str) -> str:
        """Encrypt `text` with the newest key."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str | None:
        """Decrypt what `seal` made; None when no key fits any more, or it is anything else."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except (InvalidToken, ValueError):
            return None

    def renew(self, sealed: str) -> str | None:
        """Encrypt anew, with the newest key, what any of the keys has sealed; None when no key fits any more."""
        try:
            return self._fernet.rotate(sealed).decode("ascii")
        except InvalidToken:
            return None

    def fingerprint(self, data: bytes) -> str:
        """Mark `data` so that equal data can be recognised and nothing can be read back (HMAC-SHA256, hex)."""
        mark = HMAC(self._fingerprint_key, SHA256())
        mark.update(data)
        return mark.finalize().hex()


def derive(key: str, purpose: bytes) -> bytes:
    """Derive 32 bytes for one purpose from a secret key (HKDF, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"slipway " + purpose).derive(key.encode())
