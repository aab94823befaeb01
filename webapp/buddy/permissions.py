"""What the token may not do, asked for before somebody fills in a form in vain."""

from webapp.buddy.client import Client
from webapp.http.errors import BuddyError
from webapp.http.scopes import NEEDED, RUNNING, Needs, lacking


def missing(client: Client, needed: Needs = NEEDED) -> tuple[str, ...]:
    """Tell, in words, what of the `needed` the token may not do; nothing where Buddy does not tell."""
    try:
        scopes = client.token().scopes
    except BuddyError:
        return ()
    return tuple(lacking(scopes, needed)) if scopes else ()


def may_run(client: Client) -> bool:
    """Whether the token may run pipelines, or Buddy does not tell."""
    return not missing(client, RUNNING)
