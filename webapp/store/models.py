"""The tables: submissions and their secrets, what was done, and the people who may sign in."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, TextClause, false, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, query_expression
from sqlalchemy.types import TypeDecorator

BIG = BigInteger().with_variant(Integer(), "sqlite")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DRAFT = "draft"
# Of the same content for the same pipeline only one may be on its way.
ON_ITS_WAY = text("state IN ('sending', 'unknown')")
OF_RUNS = text("kind = 'run'")


def there(column: str) -> TextClause:
    """Have those rows alone in an index that have something in a column: each write of others need not touch it."""
    return text(f'"{column}" IS NOT NULL')


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

    type_annotation_map = {
        datetime: Moment,
        dict[str, Any]: JSON,
        dict[str, str]: JSON,
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
    }


class Submission(Base):
    """One form on its way to Buddy: what was typed, what was sent, what came back, and the looks for what did not.

    `typed` holds the public fields only; `request` and `answer` are already redacted. `version` grows with every
    write; `editor` is the page that saved a draft last. `seen_at` is when the ids in `snapshot` were read, `sent_at`
    when the last of `attempts` sends was claimed. Of the sends before it, `earlier` has those that no answer has
    proved; when the last one provably came to nothing while they are not known, `proved` says which proof that was.
    Rows of one `family` have grown out of one form. Of two actions that were not both wanted, a person has said at
    `settled_at` that both stay. The row is looked after at `next_look`, by whoever holds
    `look_until`; `candidates` are the actions that a person is to choose from. One of another `kind` than an addition
    is about the action `target`, and its `answer` is that action, at first as it was before. `size` is how many bytes
    `typed`, `snapshot` and the secrets take.

    Lists show the names that its sender and its place had when it was written; a row that an older Slipway has written
    has none. At `dismissed_at` its sender has seen what became of it. It `overlaps` when another one of its family was
    sent before it was known what came of it. A change that puts another one back names it in `undoes`. One that was
    made from a `template` names the version that it was made from, and keeps none of its secrets. It is `gone` when
    Slipway has deleted its action again, as far as who has read the row has asked for that. `image_check` is what was
    known of its image when it was sent, if a registry was asked.

    A run is about the action `target` alone, or about the whole pipeline. Once Buddy has begun it, it is the
    `execution` with that number, which stood at `run_status`, a word of Buddy's, at `run_at`, and is being stopped
    since `stopping_at`.
    """

    __tablename__ = "submissions"
    PLACE: ClassVar = ("workspace", "project", "pipeline")
    NAMES: ClassVar = ("workspace_name", "project_name", "pipeline_name")
    SENT: ClassVar = ("sent_at", "number")

    number: Mapped[int] = mapped_column(BIG, primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    owner: Mapped[str] = mapped_column(String(255))
    workspace: Mapped[str] = mapped_column(String(255))
    project: Mapped[str] = mapped_column(String(255))
    pipeline: Mapped[int] = mapped_column(BIG)
    follows: Mapped[str | None] = mapped_column(String(64))
    family: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16), default="addition", server_default=text("'addition'"))
    target: Mapped[int | None] = mapped_column(BIG)
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer)
    editor: Mapped[str | None] = mapped_column(String(32))
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
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    seen_at: Mapped[datetime | None]
    next_look: Mapped[datetime | None]
    look_until: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    look_problem: Mapped[str | None] = mapped_column(String)
    candidates: Mapped[list[dict[str, Any]] | None]
    size: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    earlier: Mapped[list[dict[str, Any]] | None]
    proved: Mapped[str | None] = mapped_column(String(16))
    settled_at: Mapped[datetime | None]
    owner_name: Mapped[str | None] = mapped_column(String(255))
    workspace_name: Mapped[str | None] = mapped_column(String)
    project_name: Mapped[str | None] = mapped_column(String)
    pipeline_name: Mapped[str | None] = mapped_column(String)
    overlaps: Mapped[bool | None]
    dismissed_at: Mapped[datetime | None]
    undoes: Mapped[str | None] = mapped_column(String(64))
    template: Mapped[str | None] = mapped_column(String(32))
    template_version: Mapped[int | None] = mapped_column(Integer)
    image_check: Mapped[dict[str, Any] | None]
    execution: Mapped[int | None] = mapped_column(BIG)
    run_status: Mapped[str | None] = mapped_column(String(40))
    run_at: Mapped[datetime | None]
    stopping_at: Mapped[datetime | None]
    # No column: lists ask for it.
    gone: Mapped[bool | None] = query_expression()

    __table_args__ = (
        # In the order in which the migrations have made them. Each filter of a list has an index in the list's order.
        Index("ix_submissions_sent", *SENT),
        Index("ix_submissions_next_look", "next_look"),
        Index("ix_submissions_fingerprint", "fingerprint"),
        Index("uq_submissions_pending", *PLACE, "fingerprint", unique=True, sqlite_where=ON_ITS_WAY),
        Index("ix_submissions_family", "family"),
        Index("ix_submissions_owner_sent", "owner", *SENT),
        Index("ix_submissions_owner", "owner", "state", *SENT),
        Index("ix_submissions_state", "state", *SENT),
        Index("ix_submissions_place", *PLACE, *SENT),
        Index("ix_submissions_used", "owner", *PLACE, "number"),
        Index("ix_submissions_changed", "changed_at"),
        Index("ix_submissions_target", *PLACE, "target", "number", sqlite_where=there("target")),
        Index("ix_submissions_overlaps", "owner", *SENT, sqlite_where=there("overlaps")),
        Index("uq_submissions_action", *PLACE, "action_id", unique=True, sqlite_where=there("action_id")),
        Index("ix_submissions_template", "template", *SENT, sqlite_where=there("template")),
        Index("uq_submissions_execution", *PLACE, "execution", unique=True, sqlite_where=there("execution")),
        Index("ix_submissions_runs", *PLACE, "target", "number", sqlite_where=OF_RUNS),
        Index("ix_submissions_run_status", "run_status", *SENT, sqlite_where=there("run_status")),
    )


class Secret(Base):
    """One sealed value that a submission still needs; the row goes when the need does."""

    __tablename__ = "secrets"

    submission: Mapped[str] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sealed: Mapped[str] = mapped_column(String)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class KeyProof(Base):
    """The one known text, sealed: who can't open it has the wrong key for all the other secrets too."""

    __tablename__ = "key_proof"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    sealed: Mapped[str] = mapped_column(String)


class Event(Base):
    """One thing that was done, by whom and from where, written together with the change it tells of.

    Events are only ever added: the database itself refuses to change or remove one. `verb` says what was done,
    `outcome` how it ended; what it was done to is a submission, a place, or neither. `details` hold no secret. `action`
    is what the submission's action was called then, if it had been sent, and the place has the names that it had then.
    """

    __tablename__ = "events"

    number: Mapped[int] = mapped_column(BIG, primary_key=True)
    at: Mapped[datetime]
    person: Mapped[str | None] = mapped_column(String(255))
    person_name: Mapped[str] = mapped_column(String(255))
    origin: Mapped[str | None] = mapped_column(String(64))
    verb: Mapped[str] = mapped_column(String(32))
    submission: Mapped[str | None] = mapped_column(String(64))
    workspace: Mapped[str | None] = mapped_column(String(255))
    project: Mapped[str | None] = mapped_column(String(255))
    pipeline: Mapped[int | None] = mapped_column(BIG)
    outcome: Mapped[str | None] = mapped_column(String(32))
    details: Mapped[dict[str, Any]]
    action: Mapped[str | None] = mapped_column(String)
    workspace_name: Mapped[str | None] = mapped_column(String)
    project_name: Mapped[str | None] = mapped_column(String)
    pipeline_name: Mapped[str | None] = mapped_column(String)

    __table_args__ = (
        Index("ix_events_submission", "submission", "number"),
        Index("ix_events_person", "person", "person_name", "number"),
        Index("ix_events_outcome", "outcome", "number"),
        Index("ix_events_place", *Submission.PLACE, "number"),
        Index("ix_events_at", "at", "number"),
        Index("ix_events_verb", "verb", "number"),
    )


class Account(Base):
    """Somebody who may sign in: by `login` and `password` (an Argon2 hash), or as the `subject` of an OpenID `issuer`.

    An account is never removed, since the record names it; `disabled_at` says since when it opens nothing.
    """

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(16))
    login: Mapped[str | None] = mapped_column(String(255), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    issuer: Mapped[str | None] = mapped_column(String(255))
    subject: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    __table_args__ = (Index("uq_accounts_subject", "issuer", "subject", unique=True),)


class BrowserSession(Base):
    """One browser in which somebody is signed in: `key` hashes what its cookie holds, `id` names it on pages.

    `way` is how they came in, by "password" or by "oidc": it opens nothing where that is switched off.
    """

    __tablename__ = "sessions"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    origin: Mapped[str | None] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(255))
    way: Mapped[str] = mapped_column(String(16), server_default="password")


class Invitation(Base):
    """A link that lets one person choose a password, once: an account's, or a new administrator's (no `account`).

    `key` is the hash of what the link holds, `made_by` the account of who made it, if that was a person. The `first`
    administrator's opens nothing any more once there is an administrator.
    """

    __tablename__ = "invitations"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    expires_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(String(32))
    first: Mapped[bool] = mapped_column(server_default=false())


class SignInAttempt(Base):
    """One attempt to sign in that did not succeed, or is not decided yet. `login` is a mark of what was typed."""

    __tablename__ = "attempts"

    number: Mapped[int] = mapped_column(BIG, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    login: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_attempts_login", "login", "at"),
        Index("ix_attempts_origin", "origin", "at"),
    )


class Repeat(Base):
    """The same thing that the same people do again and again, since the window began: it fills no record.

    `key` says what counts as the same, `kind` the same but for where it comes from. Of `count` times the first `told`
    have an event each.
    """

    __tablename__ = "repeats"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64), index=True)
    since: Mapped[datetime] = mapped_column(index=True)
    until: Mapped[datetime]
    count: Mapped[int] = mapped_column(Integer)
    told: Mapped[int] = mapped_column(Integer)
    person: Mapped[str | None] = mapped_column(String(255))
    person_name: Mapped[str] = mapped_column(String(255))
    origin: Mapped[str | None] = mapped_column(String(64))
    verb: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str | None] = mapped_column(String(32))


class BuddyToken(Base):
    """The one API token for Buddy, sealed, and what Buddy told of it when it was set: no `scopes` when it did not."""

    __tablename__ = "buddy_token"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    sealed: Mapped[str] = mapped_column(String)
    name: Mapped[str] = mapped_column(String(255))
    scopes: Mapped[list[str] | None]
    expires_at: Mapped[datetime | None]
    set_at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(String(255))


class PlaceName(Base):
    """What a workspace, a project of it or a pipeline is called, and when Buddy told so: to the token with this `mark`.

    Of a workspace `project` is empty, and of a project `pipeline` is 0; the row in which all three are stands for the
    list of workspaces. But for pipelines, each has a list, which Slipway asked for by itself, or read whole, at
    `asked_at`; once it was read `whole`, nothing is missing. `words` is what a row is found by.
    """

    __tablename__ = "places"

    number: Mapped[int] = mapped_column(BIG, primary_key=True)
    workspace: Mapped[str] = mapped_column(String(255))
    project: Mapped[str] = mapped_column(String(255))
    pipeline: Mapped[int] = mapped_column(BIG)
    mark: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    words: Mapped[str] = mapped_column(String)
    seen_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    whole: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (Index("uq_places", "workspace", "project", "pipeline", unique=True),)


class PreparedTemplate(Base):
    """A template as it is now: its `name`, its newest `version`, and since when it is retired, if it is.

    `revision` grows with whatever is done to it, to its secrets too: who has read it can tell whether it is the same.
    """

    __tablename__ = "templates"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    version: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class TemplateVersion(Base):
    """What one version of a template says, and who has made it. The database refuses to change or remove one."""

    __tablename__ = "template_versions"

    template: Mapped[str] = mapped_column(ForeignKey("templates.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    person: Mapped[str | None] = mapped_column(String(255))
    person_name: Mapped[str] = mapped_column(String(255))
    content: Mapped[dict[str, Any]]


class TemplateSecret(Base):
    """One sealed value that a template fills in, and who has typed it. No copy of it is kept anywhere."""

    __tablename__ = "template_secrets"

    template: Mapped[str] = mapped_column(ForeignKey("templates.id"), primary_key=True)
    slot: Mapped[str] = mapped_column(String(300), primary_key=True)
    sealed: Mapped[str] = mapped_column(String)
    set_at: Mapped[datetime]
    person_name: Mapped[str] = mapped_column(String(255))


class UnfinishedTemplate(Base):
    """What somebody has typed on the page on which a template is made, and has not made one of yet.

    `template` is the one that they were changing; none where it was to be a new one. Of secrets there are only names
    under which the template keeps its own: `dropped` tells that others were typed and are not here. `editor` is the
    page that saved it last, and `version` grows with every save.
    """

    __tablename__ = "unfinished_templates"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(255))
    template: Mapped[str | None] = mapped_column(String(32))
    typed: Mapped[dict[str, str]]
    dropped: Mapped[bool]
    kept_at: Mapped[datetime]
    editor: Mapped[str] = mapped_column(String(32), default="", server_default=text("''"))
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))

    __table_args__ = (
        Index("ix_unfinished_templates_owner", "owner", "kept_at"),
        Index("ix_unfinished_templates_kept", "kept_at"),
    )


class KeptRules(Base):
    """The one row with the rules for what is sent; `version` grows with every change."""

    __tablename__ = "rules"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]]


def table_of(model: type[Base]) -> Any:
    """The table behind a model, for statements that write."""
    return Base.metadata.tables[model.__tablename__]
