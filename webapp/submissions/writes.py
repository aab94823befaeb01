"""What is sent to Buddy to have something done: the face that every kind of it shows to the one sender."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from webapp.buddy.client import Client
from webapp.buddy.outcomes import AnyOutcome
from webapp.buddy.places import Place
from webapp.store.events import Actor
from webapp.store.journal import Entry
from webapp.store.reading import Duplicates
from webapp.store.templates import Made
from webapp.submissions.clearance import Clearance, Cleared
from webapp.submissions.drafts import Draft
from webapp.submissions.results import AlreadyClaimed, Stopped
from webapp.submissions.states import PENDING, Kind, State, sources


@dataclass(frozen=True)
class Write(ABC):
    """One request that changes something in Buddy, made of a page's draft. Each kind is a class of its own.

    `made` is the template as it was read for the request, where the draft is from one.
    """

    kind: ClassVar[Kind]
    draft: Draft
    actor: Actor
    made: Made | None = field(default=None, kw_only=True)

    @property
    def id(self) -> str:
        """The submission that it is written down as."""
        return self.draft.envelope.submission

    @property
    def name(self) -> str:
        """What the action is called that it is about."""
        return self.draft.name

    @property
    def place(self) -> Place:
        """The pipeline that it is about."""
        return self.draft.envelope.place

    @property
    def entry(self) -> Entry:
        """What the journal keeps of it."""
        return self.draft.entry(self.kind)

    @property
    @abstractmethod
    def content(self) -> bytes:
        """What it asks of Buddy, and where: what has the same content asks the same."""

    @abstractmethod
    def call(self, client: Client) -> AnyOutcome:
        """Send it, once."""

    @property
    def redacted(self) -> Mapping[str, Any] | None:
        """What is sent, as it may be kept: without secrets. None when all is said by the address."""
        return None

    @property
    def secrets(self) -> Collection[str]:
        """The secrets in it, to be looked for in what comes back."""
        return ()

    @property
    def over(self) -> Collection[State]:
        """The states that it may be sent from."""
        return sources(State.SENDING, self.kind)

    @property
    def details(self) -> Mapping[str, Any]:
        """What the record tells of the send besides."""
        return {"asks": self.kind}

    def duplicates(self, now: datetime) -> Duplicates:
        """Which other submissions of the same content stand in its way."""
        return Duplicates(PENDING, (), now)

    def columns(self, cleared: Cleared, now: datetime) -> dict[str, Any]:
        """What else the journal keeps with the claim."""
        return {"seen_at": now}

    def clear(self, clearance: Clearance) -> Cleared | Stopped | AlreadyClaimed:
        """Ask whether something stands in its way that has to be looked for in Buddy. Raises `JournalUnavailable`."""
        return Cleared()

    def informed(self, cleared: Cleared) -> "Write":
        """The same, knowing what was read while it was asked."""
        return self

    def stale(self, now: datetime) -> bool:
        """Whether the pipeline's actions must be read again before it is sent."""
        return False
