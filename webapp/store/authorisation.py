"""What somebody may do at the moment when it is written: read in the transaction that does it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from webapp.store.events import Actor
from webapp.store.locks import begin_writing
from webapp.store.models import Account, table_of

ACCOUNTS = table_of(Account)
ADMINISTRATOR = "administrator"


class Conflict(Exception):
    """Something else was faster, and what was asked for is no longer right. Nothing is written."""


def locked(connection: Connection, *ids: str | None) -> dict[str, Any]:
    """Read accounts by their ids, which nobody else can change before this transaction ends.

    They are locked in one order, so that two transactions never wait for each other. A transaction that also changes
    sessions or invitations locks the accounts first.
    """
    begin_writing(connection)
    wanted = sorted({id for id in ids if id is not None})
    query = select(ACCOUNTS).where(ACCOUNTS.c.id.in_(wanted)).order_by(ACCOUNTS.c.id).with_for_update()
    return {row.id: row for row in connection.execute(query)}


def authorised(
    connection: Connection, actor: Actor, *ids: str | None, roles: Collection[str] = (ADMINISTRATOR,)
) -> dict[str, Any]:
    """Lock accounts together with the one of who changes something, who must still have one of the `roles`.

    So of two administrators who take each other's rights at once, only one succeeds, and one is always left. Somebody
    without an account (Slipway itself, or the one person where nobody signs in) is not asked. Raises `Conflict`.
    """
    found = locked(connection, actor.id, *ids)
    acting = found.get(actor.id or "")
    if acting is not None and (acting.role not in roles or acting.disabled_at is not None):
        raise Conflict
    return found
