"""The signed hidden value of a form: whose it is, where it goes, and what was known when it was opened."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from secrets import token_urlsafe
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.submissions.image_checks import ImageCheck

FRESH = timedelta(minutes=10)
NO_TIME = timedelta(0)
# How the signed value is written. One that was written before it had a version counts as the first.
VERSION = 1


class Purpose(StrEnum):
    """What a page asks for: the signed value of one is not recognised by another."""

    FORM = "form envelope"
    DELETION = "envelope of a deletion"
    RUN = "envelope of a run"


@dataclass(frozen=True)
class Copied:
    """The name of what a form was filled in like, and a line for each thing that was `left` out of it."""

    name: str
    left: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "Copied | None":
        """Read back what was signed; None for a form that is no copy."""
        return cls(data["name"], tuple(data["left"])) if data else None


@dataclass(frozen=True)
class FromTemplate:
    """Which template a form was made from, and which version of it."""

    id: str
    version: int


@dataclass(frozen=True)
class Envelope:
    """One form that was handed out. Its `submission` is the one-time token: each claim of it sends once at most.

    `told` are earlier submissions of it that have added an action: its page has said so. `undoes` is the submission of
    the change that it puts back, `copied` what it was filled in like, `template` what
    it was made from, `image` what was known of an image when a registry was asked for it. `begun` tells the answers
    that a template's form was opened with from others.
    """

    submission: str
    owner: str
    place: Place
    issued_at: int
    snapshot: Snapshot
    follows: str | None = None
    told: tuple[str, ...] = ()
    undoes: str | None = None
    copied: Copied | None = None
    template: FromTemplate | None = None
    image: ImageCheck | None = None
    begun: str = ""

    @property
    def seen_at(self) -> datetime | None:
        """When the pipeline's actions were read; None when they were not, or not all of them."""
        return datetime.fromtimestamp(self.issued_at, UTC) if self.snapshot.complete else None

    def stale(self, now: datetime) -> bool:
        """Whether the pipeline must be read again before a send.

        So it must where it seems to be read later than now: another computer's clock tells nothing of when that was.
        """
        return self.seen_at is None or not NO_TIME <= now - self.seen_at <= FRESH

    def successor(self) -> "Envelope":
        """A new form for what was typed into this one, which has already been sent."""
        # That it is a copy of which nothing has been sent holds no more.
        return replace(self, submission=token_urlsafe(32), follows=self.submission, copied=None, begun="")


def new_envelope(owner: str, place: Place, snapshot: Snapshot, begun_at: datetime) -> Envelope:
    """Make the envelope of a new form, with what was read of the pipeline after `begun_at`."""
    return Envelope(token_urlsafe(32), owner, place, int(begun_at.timestamp()), snapshot)


class EnvelopeSeal:
    """Signs envelopes and recognises its own. The first secret key signs, all are recognised."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._serializer = URLSafeSerializer(list(reversed(secret_keys)), salt=Purpose.FORM)

    def seal(self, envelope: Envelope, purpose: Purpose = Purpose.FORM) -> str:
        """Give the envelope as the text of a hidden field."""
        place = envelope.place
        return str(
            self._serializer.dumps(
                {
                    "version": VERSION,
                    "submission": envelope.submission,
                    "owner": envelope.owner,
                    "place": [place.workspace, place.project, place.pipeline],
                    "issued_at": envelope.issued_at,
                    "snapshot": envelope.snapshot.to_json(),
                    "follows": envelope.follows,
                    "told": envelope.told,
                    "undoes": envelope.undoes,
                    "copied": asdict(envelope.copied) if envelope.copied else None,
                    "template": asdict(envelope.template) if envelope.template else None,
                    "image": envelope.image.to_json() if envelope.image else None,
                    "begun": envelope.begun,
                },
                salt=purpose,
            )
        )

    def open(self, sealed: str, owner: str, place: Place, purpose: Purpose = Purpose.FORM) -> Envelope | None:
        """Read a hidden field; None when not signed for this person, place and purpose, or by a newer Slipway."""
        envelope = self.read(sealed, place, purpose)
        return envelope if envelope is not None and envelope.owner == owner else None

    def read(self, sealed: str, place: Place, purpose: Purpose = Purpose.FORM) -> Envelope | None:
        """The same of a hidden field, whoever's it is."""
        envelope = self.read_anywhere(sealed, purpose)
        return envelope if envelope is not None and envelope.place == place else None

    def read_anywhere(self, sealed: str, purpose: Purpose = Purpose.FORM) -> Envelope | None:
        """Read a hidden field, whoever's it is and whatever place it is for; None when Slipway did not sign it for this
        purpose, or a newer one did."""
        try:
            data = self._serializer.loads(sealed, salt=purpose)
        except BadSignature:
            return None
        if data.get("version", VERSION) != VERSION:
            return None
        workspace, project, pipeline = data["place"]
        return Envelope(
            submission=data["submission"],
            owner=data["owner"],
            place=Place(workspace, project, pipeline),
            issued_at=data["issued_at"],
            snapshot=Snapshot.from_json(data["snapshot"]),
            follows=data["follows"],
            told=tuple(data.get("told", ())),
            undoes=data.get("undoes"),
            copied=Copied.from_json(data.get("copied")),
            template=FromTemplate(**data["template"]) if data.get("template") else None,
            image=ImageCheck.from_json(data.get("image")),
            begun=data.get("begun", ""),
        )
