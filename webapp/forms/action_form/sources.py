"""The image source as a whole: what the chosen one needs of the boxes for the image and its registry."""

from dataclasses import dataclass

from webapp.buddy.images import BuiltImage, CredentialsImage, ImageSource, IntegrationImage, PublicImage
from webapp.buddy.snapshot import BuildAction, Snapshot
from webapp.docker.references import ImageReference
from webapp.docker.registries import closed_registry, region_in
from webapp.docker.texts import blank
from webapp.forms.action_form.images import ACTION, CREDENTIALS, INTEGRATION, PUBLIC, ImageForm
from webapp.forms.action_form.registries import RegistryForm
from webapp.forms.messages import blame, overlook

AMAZON = "AMAZON"
GOOGLE = frozenset({"GOOGLE", "GOOGLE_SERVICE_ACCOUNT"})
# The boxes that go with one source or another, besides the image's name and tag.
BOXES = {
    PUBLIC: frozenset({"registry"}),
    CREDENTIALS: frozenset({"registry", "login", "password"}),
    INTEGRATION: frozenset({"integration", "region", "registry"}),
    ACTION: frozenset({"docker_build_action_id", "docker_build_action_name"}),
}
# What Buddy asks for with an image built earlier, and does not use, where nobody tells it.
BUILT_NAME = "built-in-this-pipeline"
BUILT_TAG = "latest"
# Of which images no registry is asked whether they are there.
UNASKED = {
    INTEGRATION: "Not checked: the name and password of an integration are Buddy's, and Slipway doesn't have them.",
    ACTION: "Not checked: this image is built when the pipeline runs.",
}
UNCHOSEN = "Not checked: choose where the image comes from first."
NAMELESS = "Not checked: enter the name of the image first."
PASSWORDLESS = (
    "Not checked: enter the password again. The one that is kept was typed for another registry or user name."
)
NOT_KNOWN = BuildAction(0, "")
CLOSED = "Choose “A registry that is connected to Buddy”, or tick “{sure}”: {whose} registries usually need a sign-in"


def goes_with(name: str, source: str) -> bool:
    """Whether the box of this name is any that this source can use."""
    return name in BOXES.get(source, ()) or not any(name in boxes for boxes in BOXES.values())


def takes(kind: str | None) -> frozenset[str]:
    """Which boxes go with an integration of this type. Of one that is not known (None) Buddy decides."""
    if kind is None:
        return frozenset({"region", "registry"})
    return frozenset({"region"} if kind == AMAZON else {"registry"} if kind in GOOGLE else ())


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
        """Fill in what other boxes tell: an integration's identifier where its hash id stands, and the region of an
        Amazon registry from its address."""
        registry = self.registry
        registry.integration.data = self.snapshot.integration_reference(registry.integration.text)
        if self._takes_region and blank(registry.region.data):
            registry.region.data = region_in(registry.registry.text)

    def check(self) -> None:
        """Ask for what the chosen source needs, and overlook the boxes that belong to another one."""
        self._overlook()
        if self.questionable and not self.registry.registry_public.on:
            sure = self.registry.registry_public.label.text
            blame(self.registry.registry, CLOSED.format(sure=sure, whose=f"{closed_registry(self._address)}'s"))
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
                registry=registry.registry.text if self.takes_registry else "",
            )
        if self.chosen == ACTION:
            return self._built_image()
        return PublicImage(name, tag, registry.registry.text)

    @property
    def reference(self) -> ImageReference:
        """The image that is meant, as far as its boxes are filled in."""
        image, registry = self.image, self.registry
        address = registry.registry.text if self.takes_registry else ""
        return ImageReference(image.docker_image_name.text, address, image.docker_image_tag.text)

    @property
    def credentials(self) -> tuple[str, str] | None:
        """The name and the password for a private registry, where both are there and known here."""
        login, password = self.registry.login.text, self.registry.password.text
        return (login, password) if self.chosen == CREDENTIALS and login and password else None

    @property
    def kept_credentials(self) -> tuple[str, str]:
        """The name, and the id under which the password is kept."""
        return self.registry.login.text, self.registry.password_kept.data or ""

    @property
    def askable(self) -> bool:
        """Whether the image is one of a registry that can be asked, once it is filled in."""
        return self.chosen in (PUBLIC, CREDENTIALS)

    @property
    def registry_missing(self) -> bool:
        """Whether the private registry that the image is in is not entered, or not yet: Buddy takes Docker Hub then."""
        return self.chosen == CREDENTIALS and blank(self._address)

    @property
    def unasked(self) -> str:
        """Why no registry can be asked about the image, in a sentence; an empty text where one can."""
        if not self.askable:
            return UNASKED.get(self.chosen, UNCHOSEN)
        if blank(self.image.docker_image_name.data):
            return NAMELESS
        return PASSWORDLESS if self.chosen == CREDENTIALS and self.registry.for_another else ""

    @property
    def questionable(self) -> bool:
        """Whether the image is said to be public and stands in a registry that usually needs a sign-in."""
        return self.chosen == PUBLIC and bool(closed_registry(self._address))

    @property
    def _address(self) -> str:
        return self.registry.registry.text

    def _built_image(self) -> BuiltImage:
        """An image that an action builds: its name and its tag need not be typed, since Buddy does not use them."""
        boxes = self.image
        number, builder = boxes.docker_build_action_id.number, boxes.docker_build_action_name.text
        seen = self.snapshot.build_actions
        built = next((it for it in seen if it.id == number or (number is None and it.name == builder)), NOT_KNOWN)
        name, tag = boxes.docker_image_name.text, boxes.docker_image_tag.text
        if blank(name):
            name, tag = built.image_name or BUILT_NAME, built.image_tag or tag
        return BuiltImage(name, BUILT_TAG if blank(tag) else tag, builder if number is None else number)

    @property
    def _type(self) -> str | None:
        """The type of the integration; None when it is not known, and Buddy decides what goes with it."""
        return self.snapshot.integration_type(self.registry.integration.text)

    @property
    def _takes_region(self) -> bool:
        return self.chosen == INTEGRATION and "region" in takes(self._type)

    @property
    def takes_registry(self) -> bool:
        """Whether the address of a registry goes with what is chosen."""
        return self.chosen != ACTION and (self.chosen != INTEGRATION or "registry" in takes(self._type))

    def _overlook(self) -> None:
        image, registry = self.image, self.registry
        if self.chosen != CREDENTIALS:
            overlook(registry.login, registry.password)
        if self.chosen != INTEGRATION:
            overlook(registry.integration)
        if self.chosen != ACTION:
            overlook(image.docker_build_action_id, image.docker_build_action_name)
        for box in (image.docker_image_name, image.docker_image_tag):
            if self.chosen == ACTION and blank(box.data):
                overlook(box)
        if not self._takes_region:
            overlook(registry.region)
        if not self.takes_registry:
            overlook(registry.registry)

    def _check_credentials(self) -> None:
        login, password = self.registry.login, self.registry.password
        if blank(login.data):
            blame(login, "Enter the user name for the registry")
        if not password.text and self.registry.password_kept.data:
            blame(password, self.registry.again)
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
