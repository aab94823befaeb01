"""What the token may not do, asked for before somebody fills in a form in vain."""

from webapp.buddy.client import Client
from webapp.http.errors import BuddyError
from webapp.http.scopes import lacking


def missing(client: Client) -> tuple[str, ...]:
    """Tell, in words, what Slipway needs and the token may not do; nothing where Buddy does not tell."""
    try:
        scopes = client.token().scopes
    except BuddyError:
        return ()
    return tuple(lacking(scopes)) if scopes else ()
