"""What PostgreSQL needs beside SQLAlchemy: time limits, texts that it takes, and errors that tell no values."""

from collections.abc import Generator
from typing import Any, TypeVar

from psycopg import Connection, Error, OperationalError
from psycopg.errors import PipelineAborted
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Engine, ExceptionContext, event

Result = TypeVar("Result")

CONNECT_SECONDS = 5
# Of one statement, and of that for a lock of another transaction.
STATEMENT_SECONDS = 10
LOCK_SECONDS = 5
# After these the server ends a transaction in which nothing happens.
IDLE_SECONDS = 60
# Longer than the server takes to end a statement: after these it is taken for gone, even where it is only stopped.
ANSWER_SECONDS = 15
LIMITS = {
    "statement_timeout": STATEMENT_SECONDS,
    "lock_timeout": LOCK_SECONDS,
    "idle_in_transaction_session_timeout": IDLE_SECONDS,
}
# A server that was the main one, and now only follows another.
READ_ONLY = "25006"


class Postgres(Connection[Any]):
    """A connection that waits for each answer so long at most, or without a limit."""

    answer_seconds: float | None = ANSWER_SECONDS

    def wait(self, gen: Generator[Any, Any, Result], interval: float = 0.1, timeout: float | None = None) -> Result:
        """Wait for an answer. Raises `psycopg.Error`, without the values that PostgreSQL adds to what it says."""
        try:
            return super().wait(gen, interval, self.answer_seconds if timeout is None else timeout)
        except PipelineAborted:
            # Of many rows that go at once, one before was refused, which that one's own error tells.
            raise
        except Error as error:
            if error.diag.message_primary is not None:
                error.args = (error.diag.message_primary,)
                raise
            # Without a word of the server: whatever it still does, nobody waits for it here.
            self.close()
            raise OperationalError("the database does not answer") from error


class Patient(Postgres):
    """A connection that waits as long as it takes."""

    answer_seconds = None


class WithoutNul(StrDumperUnknown):
    """Writes texts. PostgreSQL can't hold the character NUL, for which the one for what is unreadable stands."""

    def dump(self, obj: str) -> Any:
        """Write one."""
        return super().dump(obj.replace("\0", "\ufffd"))


def prepare(engine: Engine, patient: bool) -> None:
    """Let an engine connect so; who is `patient` gets no time limits, but for connecting."""
    kind = Patient if patient else Postgres
    limits = "" if patient else " ".join(f"-c {name}={seconds}s" for name, seconds in LIMITS.items())

    def connect(_: object, __: object, arguments: tuple[Any, ...], named: dict[str, Any]) -> Postgres:
        # What the address says wins.
        own = {"connect_timeout": CONNECT_SECONDS, "application_name": "slipway", **named}
        own["options"] = f"{limits} {named.get('options', '')}".strip()
        try:
            connection = kind.connect(*arguments, **own)
        except UnicodeError as error:
            raise OperationalError(f"connection failed: {named.get('host')} can't be a host's name") from error
        connection.adapters.register_dumper(str, WithoutNul)
        return connection

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "handle_error", leave_a_follower)


def leave_a_follower(context: ExceptionContext) -> None:
    """Connect anew where the server takes no changes: after a failover another one may."""
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
        context.is_disconnect = True
