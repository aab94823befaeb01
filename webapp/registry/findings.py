"""What came of asking a registry: one of four answers, never surer than what was seen, in a sentence for people."""

from dataclasses import dataclass
from enum import Enum

SHORT_DIGEST = len("sha256:") + 12


class Seen(Enum):
    """The four answers about an image."""

    THERE = "there"
    NOT_THERE = "not there"
    REFUSED = "refused"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Finding:
    """What was seen of an image, and a `sentence` that says it. None of it is secret.

    An image that is there has a `digest`. Of one whose tag is missing, `nearest` are up to three tags that exist, the
    most alike first. `wait` is how many seconds to wait before it makes sense to check again, where that is known.
    """

    seen: Seen
    sentence: str
    digest: str = ""
    nearest: tuple[str, ...] = ()
    wait: int | None = None

    @property
    def known(self) -> bool:
        """Whether the registry has told something of the image."""
        return self.seen is not Seen.NOT_CHECKED


@dataclass(frozen=True)
class Tags:
    """The tags of an image: those that look newest first, `latest` last. A `sentence` says what is listed, or why not.

    `whole` tells whether all of its tags are in `names`; `wait` is as in `Finding`.
    """

    names: tuple[str, ...]
    sentence: str
    whole: bool = False
    wait: int | None = None

    @property
    def known(self) -> bool:
        """Whether the registry has told of any."""
        return bool(self.names)


@dataclass(frozen=True)
class Pins:
    """The tags of versions that are the same image as `latest` at this moment. A `sentence` says so, or why none is."""

    names: tuple[str, ...]
    sentence: str
    digest: str = ""
    wait: int | None = None

    @property
    def known(self) -> bool:
        """Whether the registry has told what the tag is."""
        return bool(self.digest)


class NotSeen(Exception):
    """Nothing was seen of an image. `sentence` says why, `wait` after how many seconds it may be, if that is known."""

    def __init__(self, sentence: str, wait: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.wait = wait


class NotReached(NotSeen):
    """No answer came: the host may not be asked, has no address, takes no connection, is not trusted or is too slow."""


class Denied(NotSeen):
    """The registry refuses to say, or does not take the name and password."""


NO_MORE = "Not checked: the registry takes no more questions at this moment."
TOO_SLOW = "Not checked: the registry took too long to answer."
# Where nobody is to learn more.
NOT_REACHED = "Not checked: this registry can't be reached from here, or may not be asked."


def finding_of(error: NotSeen) -> Finding:
    """The finding for an image of which nothing was seen."""
    seen = Seen.REFUSED if isinstance(error, Denied) else Seen.NOT_CHECKED
    return Finding(seen, error.sentence, wait=error.wait)


def short(digest: str) -> str:
    """The beginning of a digest, as people compare it."""
    return digest[:SHORT_DIGEST]
