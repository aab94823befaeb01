"""What there is to watch of a database: what fails in it, how many connections are in use, what is not known yet, and
whether it was put back."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, event, func, select
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import QueuePool

from webapp.store.failures import translated
from webapp.store.models import Submission
from webapp.store.put_back import was_put_back

log = logging.getLogger(__name__)

PUT_BACK = (
    "The database was put back or copied by PostgreSQL's own tools: run slipway begin-anew, or who was signed in when "
    "that was saved is signed in again"
)


@dataclass(frozen=True)
class UnsettledCount:
    """How many submissions are in one state, and when the oldest of them was sent; None where there is none."""

    count: int = 0
    since: datetime | None = None


def report_failures(engine: Engine, failed: Callable[[str], object]) -> None:
    """Have `failed` told the kind of each error of the database, as SQLAlchemy calls it.

    What breaks a rule of uniqueness is none: somebody else was faster.
    """

    def tell(context: ExceptionContext) -> None:
        error = context.sqlalchemy_exception
        if error is not None and not isinstance(error, IntegrityError):
            failed(type(error).__name__)

    event.listen(engine, "handle_error", tell)


@dataclass(frozen=True)
class DatabaseMonitor:
    """Reads what there is to watch."""

    engine: Engine

    def connections_used(self) -> int:
        """How many connections are in use."""
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    def put_back(self) -> bool:
        """Whether the database was put back or copied, and nobody has begun anew. Raises `JournalUnavailable`."""
        with translated(), self.engine.connect() as connection:
            return was_put_back(connection)

    def warn_at_start(self) -> None:
        """Log what whoever starts Slipway should know. Raises `JournalUnavailable`."""
        if self.put_back():
            log.warning(PUT_BACK)

    def unsettled(self, states: Collection[str]) -> Mapping[str, UnsettledCount]:
        """What is in each of these states. Raises `JournalUnavailable`."""
        query = (
            select(Submission.state, func.count(), func.min(Submission.sent_at))
            .where(Submission.state.in_(states))
            .group_by(Submission.state)
        )
        with translated(), self.engine.connect() as connection:
            found = {state: UnsettledCount(count, since) for state, count, since in connection.execute(query)}
        return {state: found.get(state, UnsettledCount()) for state in sorted(states)}
