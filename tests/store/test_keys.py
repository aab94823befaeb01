"""The keys that seal secrets: the wrong one is told at the start, and they can be replaced."""

from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, select

from webapp.store.database import open_database
from webapp.store.journal import Entry, Journal
from webapp.store.keys import WrongKey, prove_key, rotate_keys
from webapp.store.models import KeyProof, Secret
from webapp.store.vault import Vault

OLD, NEW = "the old key of the tests", "the new key of the tests"


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """A database that was written with the old key and holds a secret."""
    prove_key(engine, Vault([OLD]))
    Journal(engine, Vault([OLD])).put(
        Entry("a", "local", "buddy", "site", 2, None, "Run", {}, {}, {"p": "hush"}), "draft", ()
    )
    return engine


def sealed(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [
            *connection.scalars(select(KeyProof.sealed)),
            *connection.scalars(select(Secret.sealed).order_by(Secret.submission)),
        ]


def test_another_key_is_refused_and_no_ciphertext_is_touched(engine: Engine) -> None:
    before = sealed(engine)
    with pytest.raises(WrongKey, match="is not the key that this database was written with"):
        prove_key(engine, Vault([NEW]))
    assert sealed(engine) == before
    prove_key(engine, Vault([NEW, OLD]))
    prove_key(engine, Vault([OLD]))


def test_a_database_without_a_proof_is_proved_by_its_secrets(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(delete(KeyProof))
    with pytest.raises(WrongKey):
        prove_key(engine, Vault([NEW]))
    prove_key(engine, Vault([OLD]))
    assert len(sealed(engine)) == 2


def test_after_the_keys_were_rotated_the_old_one_can_go(engine: Engine) -> None:
    before = Vault([OLD]).open(sealed(engine)[1])
    assert rotate_keys(engine, Vault([NEW, OLD])) == 1
    prove_key(engine, Vault([NEW]))
    assert Journal(engine, Vault([NEW])).secrets(["a"]) == {"p": before}
    with pytest.raises(WrongKey):
        prove_key(engine, Vault([OLD]))


def test_what_no_key_opens_stays_as_it_is(engine: Engine) -> None:
    other = Entry("b", "local", "buddy", "site", 2, None, "Run", {}, {}, {"p": "lost"})
    Journal(engine, Vault(["a key that nobody has"])).put(other, "draft", ())
    before = sealed(engine)[2]
    assert rotate_keys(engine, Vault([NEW, OLD])) == 1
    assert sealed(engine)[2] == before


def test_a_secret_that_is_typed_anew_meanwhile_is_not_put_back(engine: Engine) -> None:
    beside = Journal(open_database(engine.url.render_as_string(hide_password=False)), Vault([NEW, OLD]))
    waiting = [Entry("a", "local", "buddy", "site", 2, None, "Run", {}, {}, {"p": "typed anew"})]

    def about_to_write(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if waiting and statement.startswith("UPDATE"):
            beside.put(waiting.pop(), "draft", ["draft"])

    event.listen(engine, "before_cursor_execute", about_to_write)
    rotate_keys(engine, Vault([NEW, OLD]))
    beside.close()
    assert Journal(engine, Vault([NEW])).secrets(["a"]) == {"p": "typed anew"}
