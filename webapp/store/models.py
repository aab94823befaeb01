"""The tables: one row a submission, one row a secret that is still needed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

BIG = BigInteger().with_variant(Integer(), "sqlite")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(TypeDecorator[datetime]):
    """A point in time, kept as whole milliseconds since 1970 so that it sorts and compares on every database."""

    impl = BIG
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Turn an aware datetime into milliseconds."""
        return None if value is None else (value - EPOCH) // timedelta(milliseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Turn milliseconds into an aware datetime in UTC."""
        return None if value is None else EPOCH + timedelta(milliseconds=value)


class Base(DeclarativeBase):
    """What all tables share: the mapping of Python types to columns."""

    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, dict[str, str]: JSON, list[str]: JSON}


class Submission(Base):
    """One form on its way to Buddy: what was typed, what was sent, what came back.

    `typed` holds the public fields only; `request` and `answer` are already redacted.
    """

    __tablename__ = "submissions"

    number: Mapped[int] = mapped_column(BIG, primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    owner: Mapped[str] = mapped_column(String(255))
    workspace: Mapped[str] = mapped_column(String(255))
    project: Mapped[str] = mapped_column(String(255))
    pipeline: Mapped[int] = mapped_column(BIG)
    follows: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String)
    typed: Mapped[dict[str, str]]
    snapshot: Mapped[dict[str, Any]]
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    request: Mapped[dict[str, Any] | None]
    status: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str | None] = mapped_column(String)
    messages: Mapped[list[str] | None]
    answer: Mapped[dict[str, Any] | None]
    action_id: Mapped[int | None] = mapped_column(BIG)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_submissions_sent", "sent_at", "number"),)


class Secret(Base):
    """One sealed value that a submission still needs; the row goes when the need does."""

    __tablename__ = "secrets"

    submission: Mapped[str] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sealed: Mapped[str] = mapped_column(String)
    expires_at: Mapped[datetime] = mapped_column(index=True)
