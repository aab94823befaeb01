"""What the sandbox's OpenID provider has handed out."""

from dataclasses import dataclass, field
from secrets import token_urlsafe
from threading import Lock

from joserfc.jwk import ECKey


@dataclass(frozen=True)
class Issued:
    """A code that was handed out: for whom, to which client, and what it must be redeemed with."""

    person: str
    client: str
    returning_to: str
    nonce: str
    challenge: str


@dataclass
class Codes:
    """The codes that nobody has redeemed yet, and the key that identities are signed with."""

    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": token_urlsafe(6)}))
    codes: dict[str, Issued] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def issue(self, issued: Issued) -> str:
        """Hand out a code."""
        code = token_urlsafe(16)
        with self.lock:
            self.codes[code] = issued
        return code

    def redeem(self, code: str) -> Issued | None:
        """Take a code back; None when it was redeemed before."""
        with self.lock:
            return self.codes.pop(code, None)
