"""The image source as a whole: what the chosen one needs of the boxes for the image and its registry."""

from dataclasses import dataclass

from webapp.buddy.images import BuiltImage, CredentialsImage, ImageSource, IntegrationImage, PublicImage
from webapp.buddy.snapshot import Snapshot
from webapp.forms.action_form.images import ACTION, CREDENTIALS, INTEGRATION, ImageForm
from webapp.forms.action_form.registries import RegistryForm
from webapp.forms.messages import blame, overlook
from webapp.forms.validators import blank

AMAZON = "AMAZON"
GOOGLE = frozenset({"GOOGLE", "GOOGLE_SERVICE_ACCOUNT"})


@dataclass(frozen=True)
class Source:
    """The boxes of one form, and what is known of the pipeline."""

    image: ImageForm
    registry: RegistryForm
    snapshot: Snapshot

    @property
    def chosen(self) -> str:
        """Which source is chosen."""
        return self.image.image_source.text

    def fill(self) -> None:
        """Take the image's name and tag from the chosen build action where they were left empty and it tells them.

        An integration that goes by its hash id is named by its identifier where that is known.
        """
        self.registry.integration.data = self.snapshot.integration_reference(self.registry.integration.text)
        number = self.image.docker_build_action_id.number
        action = self.snapshot.build_action(number) if number and self.chosen == ACTION else None
        if action and blank(self.image.docker_image_name.data):
            self.image.docker_image_name.data = action.image_name
            self.image.docker_image_tag.data = action.image_tag or self.image.docker_image_tag.data

    def check(self) -> None:
        """Ask for what the chosen source needs, and overlook the boxes that belong to another one."""
        self._overlook()
        if self.chosen == CREDENTIALS:
            self._check_credentials()
        elif self.chosen == INTEGRATION:
            self._check_integration()
        elif self.chosen == ACTION:
            self._check_build_action()

    def to_image(self) -> ImageSource:
        """Build the image of the request, with only what belongs to the chosen source."""
        image, registry = self.image, self.registry
        name, tag = image.docker_image_name.text, image.docker_image_tag.text
        if self.chosen == CREDENTIALS:
            return CredentialsImage(name, tag, registry.registry.text, registry.login.text, registry.password.text)
        if self.chosen == INTEGRATION:
            return IntegrationImage(
                name,
                tag,
                registry.integration.text,
                region=registry.region.text if self._takes_region else "",
                registry=registry.registry.text if self._takes_registry else "",
            )
        if self.chosen == ACTION:
            number = image.docker_build_action_id.number
            return BuiltImage(name, tag, image.docker_build_action_name.text if number is None else number)
        return PublicImage(name, tag, registry.registry.text)

    @property
    def _type(self) -> str | None:
        """The type of the integration; None when it is not known, and Buddy decides what goes with it."""
        return self.snapshot.integration_type(self.registry.integration.text)

    @property
    def _takes_region(self) -> bool:
        return self.chosen == INTEGRATION and self._type in (None, AMAZON)

    @property
    def _takes_registry(self) -> bool:
        return self.chosen != ACTION and (self.chosen != INTEGRATION or self._type is None or self._type in GOOGLE)

    def _overlook(self) -> None:
        image, registry = self.image, self.registry
        if self.chosen != CREDENTIALS:
            overlook(registry.login, registry.password)
        if self.chosen != INTEGRATION:
            overlook(registry.integration)
        if self.chosen != ACTION:
            overlook(image.docker_build_action_id, image.docker_build_action_name)
        if not self._takes_region:
            overlook(registry.region)
        if not self._takes_registry:
            overlook(registry.registry)

    def _check_credentials(self) -> None:
        login, password = self.registry.login, self.registry.password
        if blank(login.data):
            blame(login, "Enter the user name for the registry")
        if not password.text and self.registry.password_kept.data:
            blame(password, "Enter the password again: Slipway keeps secrets for at most 24 hours")
        elif not password.text:
            blame(password, "Enter the password for the registry")

    def _check_integration(self) -> None:
        registry = self.registry
        if blank(registry.integration.data):
            blame(registry.integration, "Choose the integration that connects the registry")
        if self._type == AMAZON and blank(registry.region.data):
            blame(registry.region, "Enter the AWS region of the registry, for example eu-central-1")
        if self._type in GOOGLE and blank(registry.registry.data):
            blame(registry.registry, "Enter the address of the Google registry, for example eu.gcr.io")

    def _check_build_action(self) -> None:
        number, name = self.image.docker_build_action_id, self.image.docker_build_action_name
        if blank(number.data) and blank(name.data):
            blame(number, "Choose the action that builds the image, by its number or by its name")
        elif not blank(number.data) and not blank(name.data):
            blame(name, "Choose the build action by its number or by its name, not by both")
