"""Image references by the grammar of the distribution project (github.com/distribution/reference, reference.go).

Variables such as $VERSION may stand in them: Buddy fills them in, so what is around them is held to the grammar.
"""

import re
from dataclasses import dataclass

from webapp.docker.registries import HOST_WITH_PORT, check_registry
from webapp.docker.variables import VariableNameError, used_names, with_stand_ins, without_uses

PATH_COMPONENT = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*")
TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}")
# What the grammar calls an identifier: the number of an image on one computer. It is no name.
IDENTIFIER = re.compile(r"[a-f0-9]{64}")
DIGEST_CHARACTERS = re.compile(r"[A-Za-z0-9+._:-]+")
# github.com/distribution/reference, normalize.go
DOCKER_HUB = frozenset({"docker.io", "index.docker.io"})
LONGEST_NAME = 255
LONGEST_TAG = 128


class ReferenceError(ValueError):
    """A text is no image reference; the message says what it must be."""


@dataclass(frozen=True)
class ImageReference:
    """An image as people write it: `registry/name:tag@digest`, of which only the name must be there."""

    name: str
    registry: str = ""
    tag: str = ""
    digest: str = ""

    @classmethod
    def parse(cls, text: str) -> "ImageReference":
        """Take a reference apart. Raises `ReferenceError` with what must be changed."""
        if not text:
            raise ReferenceError("Enter the image, for example library/ubuntu:22.04")
        if "://" in text:
            raise ReferenceError("The image must be a name such as library/ubuntu, without http:// or https://")
        if IDENTIFIER.fullmatch(text):
            raise ReferenceError("The image must be a name such as library/ubuntu, not the number of an image")
        stand_in(text)
        rest, at, digest = text.partition("@")
        if at:
            check_digest(digest)
        registry, rest = split_registry(rest)
        name, colon, tag = rest.partition(":")
        check_name(name)
        if colon:
            check_tag(tag)
        return cls(name, registry, tag, digest)

    def format(self) -> str:
        """Write the reference as Docker does."""
        registry = f"{self.registry}/" if self.registry else ""
        tag = f":{self.tag}" if self.tag else ""
        return f"{registry}{self.name}{tag}{f'@{self.digest}' if self.digest else ''}"


def stand_in(text: str) -> str:
    """Put a digit in place of each variable. Raises `ReferenceError` for a $ that begins none."""
    try:
        return with_stand_ins(text)
    except VariableNameError as error:
        raise ReferenceError(str(error)) from None


def split_registry(text: str) -> tuple[str, str]:
    """Split off the registry: the first part is one when it has a dot, a colon or a capital, or is localhost.

    That of Docker Hub is the usual one, and told by none. What a variable stands for is not guessed: alone it is a part
    of the name, as "team" in "team/app" is.
    """
    first, slash, rest = text.partition("/")
    host = stand_in(first)
    is_host = host == "localhost" or "." in host or ":" in host or host != host.lower()
    if not slash or not is_host:
        return "", text
    if ":" in host:
        try:
            check_registry(first)
        except ValueError as error:
            raise ReferenceError(str(error)) from None
    elif "_" in host and host == host.lower():
        raise ReferenceError("The registry in front of the image must be a host, and no host has a _ in it")
    elif not HOST_WITH_PORT.fullmatch(host):
        raise ReferenceError("The name of the image must be lower-case letters and digits, for example library/ubuntu")
    return ("" if first in DOCKER_HUB else first), rest


def is_on_docker_hub(text: str) -> bool:
    """Whether a reference names Docker Hub as its registry."""
    return text.partition("/")[0] in DOCKER_HUB


def check_name(name: str) -> None:
    """Raise `ReferenceError` unless `name` is the name of an image, without its registry."""
    if not all(PATH_COMPONENT.fullmatch(part) for part in stand_in(name).split("/")):
        raise ReferenceError(
            "The name of the image must be lower-case letters and digits, with . _ - / between them, "
            "for example library/ubuntu"
        )
    length = len(without_uses(name))
    if length > LONGEST_NAME:
        raise ReferenceError(f"The name of the image must be at most {LONGEST_NAME} characters long: this is {length}")


def check_tag(tag: str) -> None:
    """Raise `ReferenceError` unless `tag` is an image's tag."""
    if not TAG.fullmatch(stand_in(tag)) or len(without_uses(tag)) > LONGEST_TAG:
        raise ReferenceError(
            "The tag must be letters, digits and . _ - only, begin with no . or -, "
            f"and be at most {LONGEST_TAG} characters long"
        )


def check_digest(digest: str) -> None:
    """Raise `ReferenceError` unless `digest` is what stands after an @, or may become it."""
    pattern = DIGEST_CHARACTERS if used_names(digest) else DIGEST
    if not pattern.fullmatch(stand_in(digest)):
        raise ReferenceError("The part after @ must be a digest such as sha256: and 64 hexadecimal digits")
