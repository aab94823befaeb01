"""The access tokens that the sandbox takes, and what each may do (Buddy: "OAuth scopes")."""

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest

READING = ("WORKSPACE", "EXECUTION_INFO", "INTEGRATION_INFO", "TOKEN_INFO")
MANAGING = "EXECUTION_MANAGE"
RUNNING = ("EXECUTION_RUN", MANAGING)
SEEING = ("EXECUTION_INFO", *RUNNING)
# The scopes of which one is wanted for a view; for the others it is one for `SEEING`.
WANTED: Mapping[str, tuple[str, ...]] = {
    "token": ("TOKEN_INFO",),
    **dict.fromkeys(("workspaces", "workspace", "projects", "project"), ("WORKSPACE",)),
    **dict.fromkeys(("integrations", "integration"), ("INTEGRATION_INFO",)),
    **dict.fromkeys(("add", "edit", "delete"), (MANAGING,)),
    **dict.fromkeys(("run", "operate"), RUNNING),
}


@dataclass(frozen=True)
class Token:
    """A token. Its text is no secret, since it opens nothing but the sandbox."""

    id: str
    text: str
    name: str
    scopes: tuple[str, ...]


FULL = Token("1", "sandbox", "Sandbox", (*READING, *RUNNING))
READ_ONLY = Token("2", "sandbox-read-only", "Sandbox, reading only", READING)


def find_token(header: str) -> Token | None:
    """Find the token that an Authorization header carries."""
    scheme, _, sent = header.partition(" ")
    if scheme.lower() != "bearer":
        return None
    return next((known for known in (FULL, READ_ONLY) if compare_digest(sent.encode(), known.text.encode())), None)
