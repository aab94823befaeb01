"""The questions that a registry can be asked about an image: is it there, which tags has it, which of them stay."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from webapp.docker.references import ImageReference
from webapp.http.deadlines import Watchdog
from webapp.http.transport import environment
from webapp.http.trust import Trust
from webapp.registry.asking import SECONDS, Asking
from webapp.registry.findings import Denied, Finding, NotSeen, Pins, Seen, Tags, finding_of, short
from webapp.registry.hosts import Allowed, Entry, Host, NotAllowed
from webapp.registry.images import Credentials, Place, place_of
from webapp.registry.lookups import LookUps, Resolve, look_up
from webapp.registry.repository import Repository
from webapp.registry.tags import nearest, newest_first, pinnable

# To pin a tag down: the tag itself, and the newest versions.
MOST_HEADS = 5
SWITCHED_OFF = "Not checked: whoever runs Slipway has switched this off."
NO_IMAGE = "The registry has no such image. Look at the spelling of its name."
NO_PUBLIC_IMAGE = "The registry shows no such image to anybody without a name and password. Look at its spelling."
NO_IMAGE_OR_TAG = "The registry has no such image, or not with this tag."
NOT_WITH_DIGEST = "The registry has this image, but not with this digest."
NOT_ASKED = " Anybody may read it, so the name and password were not sent and are not checked."


class Client:
    """Asks registries, within so many `seconds` for all that one question takes. Never raises for what they do.

    `ca_file` has the certificates of private authorities (PEM), and `resolve` gives the addresses of a host. A
    `stand_in` is asked alone, in place of whoever may be asked, with the name of that host before the image's.
    """

    def __init__(
        self,
        allowed: Allowed,
        ca_file: str | None = None,
        seconds: float = SECONDS,
        resolve: Resolve = look_up,
        stand_in: Host | None = None,
    ) -> None:
        self._allowed = allowed
        self._stand_in = stand_in
        self._trust = Trust(environment("https://", ca_file)["verify"])
        self._seconds = seconds
        self._look_ups = LookUps(resolve)
        self._watchdog = Watchdog()

    def close(self) -> None:
        """End the thread that holds the time limits."""
        self._watchdog.close()

    def place(self, image: ImageReference) -> Place:
        """Where an image is asked for. Raises `NotSeen` when nobody is to be asked for it."""
        if self._allowed.nobody:
            raise NotSeen(SWITCHED_OFF)
        place = place_of(image, self._allowed)
        if self._stand_in is None:
            return place
        try:
            self._allowed.check(place.host)
        except NotAllowed as error:
            raise NotSeen(f"Not checked: {error}") from None
        return Place(self._stand_in, f"{place.host.name}/{place.repository}", place.reference, place.host)

    def check(self, place: Place, credentials: Credentials | None = None) -> Finding:
        """Ask whether an image is there."""
        try:
            with self._ask(place, credentials) as repository:
                digest = repository.manifest(place.reference)
                if not digest:
                    return missing(repository)
                unasked = "" if repository.signed or credentials is None else NOT_ASKED
                return Finding(Seen.THERE, f"The image is there: {short(digest)}.{unasked}", digest)
        except NotSeen as error:
            return finding_of(error)

    def tags(self, place: Place, credentials: Credentials | None = None) -> Tags:
        """Ask which tags an image has, at most 10,000."""
        try:
            with self._ask(place, credentials) as repository:
                found = repository.tags()
                if found is None:
                    return Tags((), no_image(repository))
        except NotSeen as error:
            return Tags((), error.sentence, wait=error.wait)
        names, whole = found
        return Tags(newest_first(names), tags_sentence(len(names), whole), whole)

    def pins(self, place: Place, credentials: Credentials | None = None) -> Pins:
        """Ask which of the newest versions are the same image as the tag at this moment, by at most five HEADs."""
        try:
            with self._ask(place, credentials) as repository:
                found = repository.tags()
                digest = repository.manifest(place.reference) if found else ""
                if not found or not digest:
                    return Pins((), missing(repository).sentence)
                others = (tag for tag in pinnable(found[0]) if tag != place.reference)
                same = same_as(digest, others, repository)
        except NotSeen as error:
            return Pins((), error.sentence, wait=error.wait)
        return Pins(tuple(same), pins_sentence(place.reference, same), digest)

    @contextmanager
    def _ask(self, place: Place, credentials: Credentials | None) -> Iterator[Repository]:
        with self._watchdog.limit(self._seconds) as deadline, ExitStack() as stack:
            allowed = Allowed((Entry(self._stand_in),)) if self._stand_in else self._allowed
            asking = Asking(allowed, self._look_ups, self._trust, deadline, stack)
            yield Repository(asking, place, credentials)


def missing(repository: Repository) -> Finding:
    """What to say of an image of which the registry says that it is not there. Raises `NotSeen`."""
    try:
        found = repository.tags()
    except NotSeen as error:
        # That its tags can't be listed says nothing of the image.
        if not repository.proved and not isinstance(error, Denied):
            raise
        no_image(repository)
        return Finding(Seen.NOT_THERE, NO_IMAGE_OR_TAG)
    if not found or not found[0]:
        return Finding(Seen.NOT_THERE, no_image(repository))
    names, wanted = found[0], repository.place.reference
    if wanted in names:
        raise NotSeen("Not checked: the registry lists this tag, and says that it has no such image.")
    if ":" in wanted:
        return Finding(Seen.NOT_THERE, NOT_WITH_DIGEST)
    like = nearest(wanted, names)
    sentence = f"The registry has this image, but not with the tag {wanted}. Most alike: {', '.join(like)}."
    return Finding(Seen.NOT_THERE, sentence, nearest=like)


def same_as(digest: str, tags: Iterable[str], repository: Repository) -> list[str]:
    """Those of the first tags that are an image. Raises `NotSeen` where none was found before it comes to that."""
    same: list[str] = []
    try:
        for tag in tags:
            if repository.heads >= MOST_HEADS:
                break
            if repository.manifest(tag) == digest:
                same.append(tag)
    except NotSeen:
        if not same:
            raise
    return same


def no_image(repository: Repository) -> str:
    """That there is no such image. Raises `NotSeen` where what was asked may be no registry at all."""
    if not repository.proved:
        raise NotSeen(f"Not checked: {repository.place.host.name} does not answer as a registry does.")
    return NO_IMAGE if repository.signed else NO_PUBLIC_IMAGE


def tags_sentence(count: int, whole: bool) -> str:
    """How many tags are listed."""
    if not count:
        return "The registry has no tags of this image."
    if not whole:
        return f"The registry has more tags than {'this one' if count == 1 else f'these {count:,}'}."
    return "The registry has 1 tag of this image." if count == 1 else f"The registry has {count:,} tags of this image."


def pins_sentence(reference: str, same: Sequence[str]) -> str:
    """Which versions a tag is the same image as, as far as was asked."""
    if same:
        return f"At this moment {reference} is the same image as {' and '.join(same)}."
    return f"None of the newest versions is the same image as {reference}."
