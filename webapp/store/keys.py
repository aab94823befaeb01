"""Whether the secret keys are those that the database was written with, and replacing them by newer ones."""

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from webapp.store.failures import translated
from webapp.store.models import BuddyToken, KeyProof, Secret, TemplateSecret, table_of
from webapp.store.vault import Vault

KNOWN_TEXT = "slipway"
PROOF = table_of(KeyProof)
SEALED = table_of(Secret)
OF_TEMPLATES = table_of(TemplateSecret)
TOKEN = table_of(BuddyToken)
# What is sealed, beside the proof: one value a row.
ALL_SEALED = (SEALED, OF_TEMPLATES, TOKEN)


class WrongKey(Exception):
    """The database was written with another secret key; the message is one sentence that says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "SLIPWAY_SECRET_KEY, or the file secret-key beside the database, is not the key that this database was "
            "written with: bring that key back, behind the new one and a comma if there is to be a new one"
        )


def prove_key(engine: Engine, vault: Vault) -> None:
    """Open the known text that the database holds, or put it there. Raises `WrongKey`, `JournalUnavailable`."""
    with translated():
        try:
            with engine.begin() as connection:
                proof = connection.scalar(select(PROOF.c.sealed)) or first_proof(connection, vault)
        except IntegrityError:
            # Another process has put it there at this very moment.
            with engine.connect() as connection:
                proof = connection.execute(select(PROOF.c.sealed)).scalar_one()
    if not is_of(proof, vault):
        raise WrongKey


def is_of(proof: str, vault: Vault) -> bool:
    """Whether the known text of a database was sealed with one of these keys."""
    return vault.open(proof) == KNOWN_TEXT


def first_proof(connection: Connection, vault: Vault) -> str:
    """Put the known text into a database that has none, unless it holds secrets that these keys can't open."""
    for table in ALL_SEALED:
        sealed = connection.scalar(select(table.c.sealed).limit(1))
        if sealed is not None and vault.open(sealed) is None:
            raise WrongKey
    proof = vault.seal(KNOWN_TEXT)
    connection.execute(insert(PROOF), {"number": 1, "sealed": proof})
    return proof


def rotate_keys(engine: Engine, vault: Vault) -> int:
    """Seal everything anew with the newest key; the times that the seals carry stay. Returns how many secrets.

    All or nothing. What no key can open stays as it is, since it may be opened again with a key brought back, and so
    does what somebody writes meanwhile.
    Raises `JournalUnavailable`.
    """
    count = 0
    with translated(), engine.begin() as connection:
        for table in ALL_SEALED:
            key = list(table.primary_key)
            for sealed, *row in connection.execute(select(table.c.sealed, *key)).all():
                renewed = vault.renew(sealed)
                if renewed is not None:
                    here = (column == value for column, value in zip(key, row, strict=True))
                    change = update(table).where(table.c.sealed == sealed, *here).values(sealed=renewed)
                    count += connection.execute(change).rowcount
        connection.execute(update(PROOF).values(sealed=vault.seal(KNOWN_TEXT)))
    return count
