"""How to get into the registry that holds the image."""

from wtforms import HiddenField

from webapp.docker.registries import check_registry
from webapp.forms.fields import Line, SecretLine, Tick
from webapp.forms.quick import QuickForm
from webapp.forms.validators import checked, optional, plain

# What people call the kinds of integrations.
KINDS = {
    "DOCKER_HUB": "Docker Hub",
    "AMAZON": "Amazon",
    "GOOGLE": "Google",
    "GOOGLE_SERVICE_ACCOUNT": "Google",
    "GIT_HUB": "GitHub",
}
# docs.aws.amazon.com/general/latest/gr/ecr.html
REGIONS = {
    "us-east-1": "N. Virginia",
    "us-east-2": "Ohio",
    "us-west-1": "N. California",
    "us-west-2": "Oregon",
    "ca-central-1": "Canada",
    "sa-east-1": "São Paulo",
    "eu-central-1": "Frankfurt",
    "eu-central-2": "Zurich",
    "eu-west-1": "Ireland",
    "eu-west-2": "London",
    "eu-west-3": "Paris",
    "eu-north-1": "Stockholm",
    "eu-south-1": "Milan",
    "eu-south-2": "Spain",
    "af-south-1": "Cape Town",
    "me-central-1": "UAE",
    "me-south-1": "Bahrain",
    "il-central-1": "Tel Aviv",
    "ap-south-1": "Mumbai",
    "ap-south-2": "Hyderabad",
    "ap-east-1": "Hong Kong",
    "ap-northeast-1": "Tokyo",
    "ap-northeast-2": "Seoul",
    "ap-northeast-3": "Osaka",
    "ap-southeast-1": "Singapore",
    "ap-southeast-2": "Sydney",
    "ap-southeast-3": "Jakarta",
    "ap-southeast-4": "Melbourne",
}
# cloud.google.com/artifact-registry/docs/docker/names and, for gcr.io, Buddy's own list
REGISTRIES = {
    "ghcr.io": "GitHub",
    "quay.io": "Quay",
    "gcr.io": "Google",
    "us.gcr.io": "Google, US",
    "eu.gcr.io": "Google, EU",
    "asia.gcr.io": "Google, Asia",
    "us-docker.pkg.dev": "Google Artifact Registry, US",
    "europe-docker.pkg.dev": "Google Artifact Registry, Europe",
    "asia-docker.pkg.dev": "Google Artifact Registry, Asia",
    "us-central1-docker.pkg.dev": "Google Artifact Registry, Iowa",
    "europe-west1-docker.pkg.dev": "Google Artifact Registry, Belgium",
}


KEPT_TOO_LONG = "Enter the password again: Slipway keeps secrets for at most 24 hours"
TYPED_FOR_ANOTHER = "Enter the password again: the one that is kept was typed for another registry or user name"


class RegistryForm(QuickForm):
    """The registry, and who may read from it. `for_another`: the password that is kept was typed for another registry
    or user name, and goes to this one only once it is typed again."""

    for_another = False

    registry = Line(
        "Registry address",
        [optional(), plain("The registry address"), checked(check_registry)],
        when_empty="Docker Hub",
        description="The host that serves the image, for example ghcr.io.",
        suggestions=REGISTRIES,
    )
    registry_public = Tick("Anybody may read this image")
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
        description="The integration in Buddy that connects the registry.",
    )
    region = Line(
        "AWS region",
        [optional(), plain("The AWS region")],
        description="The region of an Amazon registry (ECR), for example eu-central-1.",
        suggestions=REGIONS,
    )

    @property
    def again(self) -> str:
        """Why a kept password has to be typed again, in a sentence without its full stop."""
        return TYPED_FOR_ANOTHER if self.for_another else KEPT_TOO_LONG
