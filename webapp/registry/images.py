"""Which image of which registry is meant, and with whose name and password."""

from base64 import b64encode
from dataclasses import dataclass, field

from webapp.docker.references import DOCKER_HUB, ImageReference
from webapp.docker.variables import used_names
from webapp.registry.findings import NotSeen
from webapp.registry.hosts import Allowed, Host

# What Docker itself asks for images whose name has no registry (github.com/distribution/reference, normalize.go).
HUB = Host("https", "registry-1.docker.io")
HUB_NAMES = DOCKER_HUB | {HUB.name}
OFFICIAL = "library"
# Docker's own settings name Docker Hub with the path of its protocol: https://index.docker.io/v1/
OLD_PATHS = frozenset({"v1", "v2"})
LATEST = "latest"
LONGEST = 600

BY_VARIABLE = "Not checked: a variable stands in the name of the image, and only Buddy knows what it is."
NO_IMAGE = "Not checked: this is not the name of an image."


@dataclass(frozen=True)
class Credentials:
    """A name and a password. They go to the host that was typed, and to the realm that is known to be its own."""

    name: str = field(repr=False)
    password: str = field(repr=False)

    @property
    def basic(self) -> str:
        """The header that signs in with them (RFC 7617, in UTF-8)."""
        return f"Basic {b64encode(f'{self.name}:{self.password}'.encode(errors='replace')).decode()}"


@dataclass(frozen=True)
class Place:
    """Where an image is asked for: the host of its registry, the repository there, and the tag or digest.

    `stands_for` is the registry that is meant where another host is asked in its place.
    """

    host: Host
    repository: str
    reference: str
    stands_for: Host | None = None

    @property
    def registry(self) -> Host:
        """The registry that is meant."""
        return self.stands_for or self.host


def place_of(image: ImageReference, allowed: Allowed) -> Place:
    """Find where an image is asked for. Its `registry` may have a path, as Buddy's does. Raises `NotSeen`."""
    text = image.format()
    if len(text) > LONGEST:
        raise NotSeen(NO_IMAGE)
    try:
        if used_names(text):
            raise NotSeen(BY_VARIABLE)
        known = ImageReference.parse(ImageReference(image.name, "", image.tag, image.digest).format())
        if known.registry and image.registry:
            raise NotSeen(NO_IMAGE)
        address, _, path = (image.registry or known.registry).partition("/")
        on_hub = not address or address.lower() in HUB_NAMES
        before = "" if on_hub and path.strip("/") in OLD_PATHS else path.strip("/")
        name = "/".join(filter(None, (before, known.name)))
        if on_hub and "/" not in name:
            name = f"{OFFICIAL}/{name}"
        host = HUB if on_hub else allowed.typed(address)
        return Place(host, ImageReference.parse(f"{HUB.name}/{name}").name, known.digest or known.tag or LATEST)
    except ValueError:
        raise NotSeen(NO_IMAGE) from None
