"""The images of the simulated registry, with tags as real ones have them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

HUB = "registry-1.docker.io"
MANIFEST = "application/vnd.oci.image.index.v1+json"
# Who may read the private image. No secret, since it opens nothing but the sandbox.
LOGIN, PASSWORD = "acme", "sandbox"
DEBIAN = ("", "slim", "alpine", "bookworm", "slim-bookworm")
NODE = ("", "slim", "alpine", "bookworm", "bookworm-slim", "bullseye")
# What Node called versions with long-term support, the oldest first: version 4, 6, 8 and so on.
NODE_NAMES = ("argon", "boron", "carbon", "dubnium", "erbium", "fermium", "gallium")


@dataclass(frozen=True)
class Image:
    """An image of a registry: its tags, each with the build that it names. Tags of one build have one digest."""

    host: str
    name: str
    builds: Mapping[str, str]
    private: bool = False

    @property
    def path(self) -> str:
        """Where it is: the registry's host, then the name there."""
        return f"{self.host}/{self.name}"

    def manifest(self, tag: str) -> bytes:
        """What a tag names. Nothing can be pulled by it."""
        annotations = {"org.opencontainers.image.ref.name": f"{self.path}:{self.builds[tag]}"}
        index = {"schemaVersion": 2, "mediaType": MANIFEST, "manifests": [], "annotations": annotations}
        return json.dumps(index).encode()

    def digest(self, tag: str) -> str:
        """The digest of what a tag names."""
        return f"sha256:{sha256(self.manifest(tag)).hexdigest()}"

    def find(self, reference: str) -> str | None:
        """The tag that a reference names, which may be a digest; None when there is none."""
        if reference.startswith("sha256:"):
            return next((tag for tag in self.builds if self.digest(tag) == reference), None)
        return reference if reference in self.builds else None


@cache
def images() -> Mapping[str, Image]:
    """All images, by their paths."""
    return {image.path: image for image in make_images()}


def make_images() -> Iterator[Image]:
    """Make the images, each with `latest` for its newest version."""
    hub = {
        "library/alpine": tags(numbers("3.18", 5) + numbers("3.20", 4) + numbers("3.22", 3)),
        "library/busybox": tags(numbers("1.36", 2) + numbers("1.37", 1), ("", "glibc", "musl", "uclibc")),
        "library/debian": tags(["11", "12", "12.11", "13", "13.1"], ("", "slim")),
        "library/golang": tags(numbers("1.24", 9) + numbers("1.25", 4), ("", "alpine", "bookworm")),
        "library/nginx": tags(numbers("1.28", 1) + numbers("1.29", 3), ("", "alpine", "bookworm", "perl")),
        "library/node": node_tags(),
        "library/postgres": tags(["15.14", "16.10", "17.5", "17.6", "18.0"], ("", "alpine", "bookworm")),
        "library/python": python_tags(),
        "library/redis": tags(numbers("7.4", 6) + numbers("8.2", 2), ("", "alpine", "bookworm")),
        "library/ubuntu": {**tags(["20.04", "22.04", "24.04"]), "focal": "20.04", "jammy": "22.04", "noble": "24.04"},
        "hashicorp/terraform": tags(numbers("1.12", 2) + numbers("1.13", 4)),
    }
    for name, builds in hub.items():
        yield Image(HUB, name, builds)
    yield Image(HUB, "acme/private-reports", tags(numbers("2.0", 3) + numbers("2.1", 1)), private=True)
    yield Image("ghcr.io", "astral-sh/uv", tags(numbers("0.8", 24) + numbers("0.9", 5), ("", "alpine", "debian")))
    yield Image("quay.io", "prometheus/prometheus", v(tags(numbers("3.5", 2) + numbers("3.7", 3))))
    yield Image("mcr.microsoft.com", "playwright", v(tags(numbers("1.55", 1) + numbers("1.56", 1), ("", "noble"))))
    yield Image("registry.k8s.io", "kubectl", v(tags(numbers("1.33", 5) + numbers("1.34", 1))))


def numbers(start: str, last: int) -> list[str]:
    """Versions that begin alike, from .0 to the last."""
    return [f"{start}.{number}" for number in range(last + 1)]


def tags(versions: Iterable[str], variants: Iterable[str] = ("",)) -> dict[str, str]:
    """The tags of versions, which come oldest first, and of their variants.

    3.12.1 is 3.12 and 3, too, as long as no newer one is; the newest is `latest`.
    """
    builds: dict[str, str] = {}
    every = tuple(variants)
    for version in versions:
        parts = version.split(".")
        for variant in every:
            suffix = f"-{variant}" if variant else ""
            for length in range(len(parts), 0, -1):
                builds[".".join(parts[:length]) + suffix] = version + suffix
            builds[variant or "latest"] = version + suffix
    return builds


def v(builds: Mapping[str, str]) -> dict[str, str]:
    """The same tags, where versions begin with a v."""
    return {(f"v{tag}" if tag[0].isdigit() else tag): build for tag, build in builds.items()}


def python_tags() -> dict[str, str]:
    """The tags of Python: six lines of versions, and one that is to come."""
    lines = (("3.9", 24), ("3.10", 19), ("3.11", 14), ("3.12", 12), ("3.13", 9), ("3.14", 0))
    coming = {f"3.15.0a1{suffix}": f"3.15.0a1{suffix}" for suffix in ("", "-slim", "-alpine")}
    return {**tags([number for start, last in lines for number in numbers(start, last)], DEBIAN), **coming}


def node_tags() -> dict[str, str]:
    """The tags of Node: 10,000, of which most are old."""
    versions = [f"{major}.{minor}.{patch}" for major in range(4, 25) for minor in range(19) for patch in range(3)]
    builds = tags(versions, NODE)
    builds.update(
        (f"{version}-onbuild", f"{version}-onbuild") for version in versions if int(version.split(".")[0]) < 9
    )
    builds.update((name, str(4 + 2 * place)) for place, name in enumerate(NODE_NAMES))
    return builds
