"""How to get into the registry that holds the image."""

from wtforms import Form, HiddenField

from webapp.docker.registries import check_registry
from webapp.forms.fields import Line, SecretLine
from webapp.forms.validators import checked, optional, plain


class RegistryForm(Form):
    """The registry, and who may read from it."""

    registry = Line(
        "Registry address",
        [optional(), plain("The registry address"), checked(check_registry)],
        when_empty="Docker Hub",
        description="The host that serves the image, for example ghcr.io.",
    )
    login = Line(
        "User name",
        [optional(), plain("The user name")],
        description="The user name for the registry.",
    )
    password = SecretLine(
        "Password",
        [optional(), plain("The password")],
        description="The password or access token for the registry. Slipway never shows it again.",
    )
    password_kept = HiddenField()
    integration = Line(
        "Integration",
        [optional(), plain("The integration")],
        description="The identifier of the integration in Buddy that connects the registry.",
    )
    region = Line(
        "AWS region",
        [optional(), plain("The AWS region")],
        description="Where an Amazon registry (ECR) stands, for example eu-central-1.",
    )
