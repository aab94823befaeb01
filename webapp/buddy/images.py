"""Where the image of an action comes from: each kind has only the settings that go together, so no other can be built.

A kind gives the values of its settings under Buddy's names; `image_of` makes one of such values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True)
class PublicImage:
    """An image that everybody may pull; `registry` is empty for Docker Hub."""

    name: str
    tag: str
    registry: str = ""

    def values(self) -> Values:
        """Its settings."""
        return named(self) | {"registry": self.registry}


@dataclass(frozen=True)
class CredentialsImage:
    """An image behind a user name and a password, which is empty where Buddy alone has it."""

    name: str
    tag: str
    registry: str
    login: str
    password: str = field(repr=False)

    def values(self) -> Values:
        """Its settings."""
        return named(self) | {"registry": self.registry, "login": self.login, "password": self.password}


@dataclass(frozen=True)
class IntegrationImage:
    """An image in a registry that Buddy is connected to; `region` goes with Amazon, `registry` with Google."""

    name: str
    tag: str
    integration: str
    region: str = ""
    registry: str = ""

    def values(self) -> Values:
        """Its settings."""
        return named(self) | {"integration": self.integration, "region": self.region, "registry": self.registry}


@dataclass(frozen=True)
class BuiltImage:
    """An image that an action of the same pipeline built, by the action's id (0: the one before) or by its name."""

    name: str
    tag: str
    action: int | str

    def values(self) -> Values:
        """Its settings."""
        key = "docker_build_action_id" if isinstance(self.action, int) else "docker_build_action_name"
        return named(self) | {"use_image_from_action": True, key: self.action}


ImageSource = PublicImage | CredentialsImage | IntegrationImage | BuiltImage


def named(image: ImageSource) -> Values:
    """The two settings that every image has."""
    return {"docker_image_name": image.name, "docker_image_tag": image.tag}


def image_of(values: Mapping[str, Any]) -> ImageSource:
    """Make an image of the settings that Buddy has, whatever else is set beside them."""
    name, tag = values["docker_image_name"], values["docker_image_tag"]
    if values["use_image_from_action"]:
        number = values["docker_build_action_id"]
        return BuiltImage(name, tag, values["docker_build_action_name"] if number is None else number)
    if values["integration"]:
        return IntegrationImage(name, tag, values["integration"], values["region"], values["registry"])
    if values["login"]:
        return CredentialsImage(name, tag, values["registry"], values["login"], password="")
    return PublicImage(name, tag, values["registry"])
