"""The team's rules for what is sent, where they meet a form: what they look at, and who tells them apart."""

from collections.abc import Callable
from dataclasses import dataclass

from webapp.buddy.changes import changes
from webapp.buddy.container import Container
from webapp.buddy.images import BuiltImage, IntegrationImage
from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.forms.fields import NotedField
from webapp.prepared.sending_rules import DOCKER_HUB, Finding, Outgoing, OutgoingVariable, SendingRules, judge

# The registry behind each kind of integration that has one alone.
REGISTRIES = {"DOCKER_HUB": DOCKER_HUB, "GIT_HUB": "ghcr.io"}


@dataclass(frozen=True)
class Judge:
    """Tells what the rules say to what goes to a pipeline. `rules` reads those of this moment."""

    place: Place
    rules: Callable[[], SendingRules]
    by_template: bool = False

    def findings(self, after: Container, snapshot: Snapshot, before: Container | None = None) -> tuple[Finding, ...]:
        """Judge a new action, or a change of one that is as `before`: of that, what is changed alone."""
        return judge(self.rules(), outgoing(after, snapshot, self.place, self.by_template, before))


def outgoing(
    after: Container,
    snapshot: Snapshot,
    place: Place | None,
    by_template: bool = False,
    before: Container | None = None,
) -> Outgoing:
    """What the rules look at of an action. Without a `place` it is not known yet where it goes."""
    old = before.variables if before else ()
    return Outgoing(
        workspace=place.workspace if place else "",
        project=place.project if place else "",
        pipeline=place.pipeline if place else 0,
        image=after.image.name,
        tag=after.image.tag,
        registry=registry_of(after, snapshot),
        built=isinstance(after.image, BuiltImage),
        run_as_user=after.run_as_user,
        timeout=after.timeout,
        variables=tuple(
            OutgoingVariable(number, item.key, item.secret)
            for number, item in enumerate(after.variables)
            if item not in old
        ),
        by_template=by_template,
        changed=None if before is None else frozenset(changes(before, after)),
    )


def registry_of(container: Container, snapshot: Snapshot) -> str | None:
    """The registry that an image comes from, empty for Docker Hub; None where an integration alone knows it."""
    image = container.image
    if isinstance(image, BuiltImage):
        return ""
    if isinstance(image, IntegrationImage):
        kind = snapshot.integration_type(image.integration)
        return image.registry or REGISTRIES.get(kind or "")
    return image.registry


def warn(box: object, words: str) -> None:
    """Put a warning beside a box, after those that it has. What is no box has none."""
    if isinstance(box, NotedField):
        box.warnings = [*box.warnings, words]
