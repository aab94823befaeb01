"""The image: where it comes from, its name and its tag."""

from collections.abc import Mapping

from wtforms import Form
from wtforms.validators import ValidationError

from webapp.docker.references import ImageReference, ReferenceError, check_tag
from webapp.forms.fields import Choice, Line, WholeNumber
from webapp.forms.quick import QuickForm
from webapp.forms.validators import checked, needed, optional, plain, whole_number
from webapp.http.reading import LARGEST_ID

PUBLIC, CREDENTIALS, INTEGRATION, ACTION = "public", "credentials", "integration", "action"
SOURCES = {
    PUBLIC: "A public image",
    CREDENTIALS: "A private registry, with a user name and password",
    INTEGRATION: "A registry that is connected to Buddy",
    ACTION: "An image built earlier in this pipeline",
}
SOURCE_HINTS = {
    PUBLIC: "On Docker Hub, or in another registry that anybody may read.",
    CREDENTIALS: "Slipway never shows the password again.",
    INTEGRATION: "Docker Hub, Amazon, Google or GitHub, through an integration.",
    ACTION: "By a build action that stands before this one.",
}
# What the box of the tag holds in a new form.
USUAL_TAG = "latest"
SPLIT_IT = "Enter only the name, without registry and tag, or press “Split it for me”"


def name_alone(form: Form, field: Line) -> None:
    """The box holds the name of an image and nothing else of a reference."""
    try:
        reference = ImageReference.parse(field.text)
    except ReferenceError as error:
        raise ValidationError(str(error)) from None
    if reference.digest:
        raise ValidationError("Enter a name and a tag: Buddy takes no digest (the part after @)")
    if reference.name != field.text:
        raise ValidationError(SPLIT_IT)


class ImageForm(QuickForm):
    """Which image the container starts from."""

    image_source = Choice(
        "Where the image comes from",
        "Choose where the image comes from",
        hints=SOURCE_HINTS,
        choices=SOURCES,
        default=PUBLIC,
    )
    docker_image_name = Line(
        "Image name",
        [
            needed("Enter the name of the image, for example library/ubuntu"),
            plain("The name of the image"),
            name_alone,
        ],
        description="For example library/ubuntu. A whole ghcr.io/team/app:1.2 can be split into its boxes.",
    )
    docker_image_tag = Line(
        "Tag",
        [
            needed("Enter the tag of the image, for example latest"),
            plain("The tag"),
            checked(check_tag),
        ],
        description="The version of the image, for example latest or 22.04.",
        usual=USUAL_TAG,
    )
    docker_build_action_id = WholeNumber(
        "Build action",
        [optional(), whole_number("The number of the build action", 0, LARGEST_ID)],
        description="The action in this pipeline that builds the image.",
    )
    docker_build_action_name = Line(
        "Build action, by name",
        [optional(), plain("The name of the build action")],
        description="Instead of its number, the name of the action that builds the image.",
    )


def image_in(typed: Mapping[str, str]) -> str:
    """The image that was typed into a form, as far as it is there; an empty text when it is not."""
    name, tag = (typed.get(box, "").strip() for box in ("docker_image_name", "docker_image_tag"))
    return f"{name}:{tag}" if name and tag else name
