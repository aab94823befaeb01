"""Where the image of an action comes from: each kind has only the fields that go together, so no other can be built."""

from dataclasses import dataclass, field
from typing import Any

from webapp.buddy.wire import given

Fields = dict[str, Any]


@dataclass(frozen=True)
class PublicImage:
    """An image that everybody may pull; `registry` is empty for Docker Hub."""

    name: str
    tag: str
    registry: str = ""

    def fields(self) -> Fields:
        """The fields on the wire."""
        return named(self) | given(registry=self.registry)


@dataclass(frozen=True)
class CredentialsImage:
    """An image behind a user name and a password."""

    name: str
    tag: str
    registry: str
    login: str
    password: str = field(repr=False)

    def fields(self) -> Fields:
        """The fields on the wire."""
        return named(self) | given(registry=self.registry) | {"login": self.login, "password": self.password}


@dataclass(frozen=True)
class IntegrationImage:
    """An image in a registry that Buddy is connected to; `region` goes with Amazon, `registry` with Google."""

    name: str
    tag: str
    integration: str
    region: str = ""
    registry: str = ""

    def fields(self) -> Fields:
        """The fields on the wire."""
        reference = {"integration": {"identifier": self.integration}}
        return named(self) | reference | given(region=self.region, registry=self.registry)


@dataclass(frozen=True)
class BuiltImage:
    """An image that an action of the same pipeline built, by the action's id (0: the one before) or by its name."""

    name: str
    tag: str
    action: int | str

    def fields(self) -> Fields:
        """The fields on the wire."""
        key = "docker_build_action_id" if isinstance(self.action, int) else "docker_build_action_name"
        return named(self) | {"use_image_from_action": True, key: self.action}


ImageSource = PublicImage | CredentialsImage | IntegrationImage | BuiltImage


def named(image: ImageSource) -> Fields:
    """The two fields that every image has."""
    return {"docker_image_name": image.name, "docker_image_tag": image.tag}
