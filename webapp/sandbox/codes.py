"""What the sandbox's OpenID provider has handed out."""

from dataclasses import dataclass, field
from secrets import token_urlsafe
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

    codes: dict[str, Issued] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    made: "ECKey | None" = None

    @property
    def key(self) -> "ECKey":
        """The key, made when it is needed first."""
        # Loaded here, since few who try the sandbox try its provider.
        from joserfc.jwk import ECKey

        with self.lock:
            self.made = self.made or ECKey.generate_key("P-256", {"kid": token_urlsafe(6)})
            return self.made

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
