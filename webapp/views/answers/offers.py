"""What somebody may add from a template: the templates, and the places for each."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from flask import request, url_for

from webapp.auth.people import Role
from webapp.buddy.places import Place
from webapp.context import may, parts
from webapp.forms.validators import LONGEST_WORDS
from webapp.library import CurrentTemplate
from webapp.prepared.areas import Area
from webapp.store.places import Spot
from webapp.views.answers.template_status import ANOTHER, INCOMPLETE, RETIRED
from webapp.views.listing import holds

# On a page that shows more than them; the page “Templates” has all.
MOST_OFFERS = 12
# So many tones does the style sheet have.
TONES = 6


@dataclass(frozen=True)
class Offer:
    """A template that may be used: its initial and tone stand for it, `address` is where it begins."""

    template: CurrentTemplate
    address: str

    @property
    def name(self) -> str:
        """What it is called."""
        return self.template.template.name

    @property
    def purpose(self) -> str:
        """What it is for."""
        return self.template.template.purpose

    @property
    def link(self) -> str:
        """What is handed on to those who are to use it."""
        return parts().settings.url + self.address

    @property
    def initial(self) -> str:
        """The first letter of its name."""
        return self.name.strip()[:1].upper()

    @property
    def tone(self) -> int:
        """Which colour it has: the same one wherever it is shown."""
        return sum(self.template.id.encode()) % TONES


def offers() -> list[Offer]:
    """The templates that who asks may use, by their names."""
    if not may(Role.CONTRIBUTOR):
        return []
    return [Offer(each, begin(each)) for each in parts().library.all() if each.usable]


def offers_in(place: Place) -> list[Offer]:
    """Those that may be used in a pipeline, each with its form there."""
    here = place.key
    return [
        replace(offer, address=url_for("additions.new", place=place, template=offer.template.id))
        for offer in offers()
        if offer.template.template.usable_in(*here)
    ]


def offers_by(words: str) -> list[Offer]:
    """Those that who asks may use whose name or sentence has each of the words; none where there are no words."""
    wanted = words[:LONGEST_WORDS].casefold().split()
    return [each for each in offers() if holds((each.name, each.purpose), wanted)] if wanted else []


def begin(template: CurrentTemplate) -> str:
    """Where the way to a template's form begins: at the form where it may be used in one pipeline alone, else where
    its places are chosen."""
    areas = set(template.template.areas)
    if len(areas) == 1:
        (area,) = areas
        if area.pipeline:
            place = Place(area.workspace, area.project, area.pipeline)
            return url_for("additions.new", place=place, template=template.id)
        if area.project:
            return url_for("places.pipelines", workspace=area.workspace, project=area.project, template=template.id)
    return url_for("places.find", template=template.id)


def chosen_template() -> CurrentTemplate | None:
    """The template that a place is being chosen for; None where there is none, or none that may be used."""
    id = request.args.get("template", "")
    found = parts().library.find(id) if id and may(Role.CONTRIBUTOR) else None
    return found if found is not None and found.usable else None


def gone_template() -> str:
    """Why no place can be chosen any more for the template that an address names; empty where one can."""
    id = request.args.get("template", "")
    found = parts().library.find(id) if id and may(Role.CONTRIBUTOR) else None
    if found is None or found.usable:
        return ""
    why = RETIRED if found.retired_at is not None else INCOMPLETE
    return f"{why.format(name=found.template.name)} {ANOTHER}"


def leads_to(areas: Collection[Area], spot: Spot) -> bool:
    """Whether there is a place in a workspace, a project or a pipeline that is in one of the areas."""
    return any(meets(area, spot) for area in areas)


def meets(area: Area, spot: Spot) -> bool:
    """Whether an area and a spot have anything in common."""
    mine, theirs = (area.workspace, area.project, area.pipeline), (spot.workspace, spot.project, spot.pipeline)
    pairs = zip(mine, theirs, strict=True)
    return all(not one or not other or one == other for one, other in pairs)
