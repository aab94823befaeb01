"""What somebody may change and delete for a while, since they have added it: what the pages of actions offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from webapp.buddy.places import Place
from webapp.views.answers.changing import answered
from webapp.views.receipts import answerable
from webapp.views.taking_back import own_actions


@dataclass(frozen=True)
class OwnAction:
    """An action that may be deleted `until` then; `template` is the one whose answers may be changed, if any may."""

    until: datetime
    template: str | None


def own_actions_in(place: Place) -> Mapping[int, OwnAction]:
    """The actions of a pipeline that who asks has added a moment ago, by their numbers; none of an editor's, whose role
    allows more."""
    return {id: OwnAction(until, template_of(place, id)) for id, until in own_actions(place).items()}


def template_of(place: Place, id: int) -> str | None:
    """The template whose other answers can be sent for an action."""
    found = answered(place, id)
    return found.addition.template if found is not None and answerable(found.addition) else None
