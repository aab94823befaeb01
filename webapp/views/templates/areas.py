"""The places of a template: what they are called, and which of them Slipway does not know."""

from collections.abc import Iterable, Mapping, Sequence

from webapp.context import parts
from webapp.forms.action_form.posted import Typed
from webapp.forms.templates.head import CHOSEN, LONGEST_AREA, area_of, line_of, lines_of
from webapp.prepared.areas import EVERYWHERE, Area
from webapp.store.places import Spot

MOST_KNOWN = 200
MOST_MEANT = 5
# Each of these goes through all names that are kept.
MOST_LOOKED_UP = 20
MOST_NAMED = 3


def spot_of(area: Area) -> Spot:
    """Where a place stands in the directory."""
    return Spot(area.workspace, area.project, area.pipeline)


def is_known(area: Area) -> bool:
    """Whether the directory knows a place; of everywhere it is no question."""
    return area == EVERYWHERE or spot_of(area) in parts().directory.names(spot_of(area))


def area_called(area: Area) -> str:
    """What a place is called, with its kind and what it is in: by its address where its name is not known."""
    spot = spot_of(area)
    return spot_called(spot, parts().directory.names(spot))


def spot_called(spot: Spot, names: Mapping[Spot, str]) -> str:
    """The same, of a spot and the names that are known."""
    address = "/".join(map(str, spot.names))
    if spot not in names:
        return address
    if spot.pipeline:
        return f"Pipeline {names[spot]}, in {names.get(Spot(spot.workspace, spot.project), spot.project)}"
    if spot.project:
        return f"Project {names[spot]}, in {names.get(Spot(spot.workspace), spot.workspace)}"
    return f"Workspace {names[spot]}"


def areas_called(areas: Sequence[Area]) -> str:
    """What places are called, so many of them as can be read."""
    named = ["everywhere" if area == EVERYWHERE else area_called(area) for area in areas[:MOST_NAMED]]
    rest = f" and {len(areas) - MOST_NAMED} more" if len(areas) > MOST_NAMED else ""
    return "; ".join(named) + rest or "nowhere"


def known_places() -> list[tuple[str, str]]:
    """The places that the directory knows, to choose from."""
    names = parts().directory.broadest(MOST_KNOWN)
    ways = sorted(names, key=lambda spot: (spot.workspace, spot.project, spot.pipeline))
    places = [("/".join(map(str, spot.names)), spot_called(spot, names)) for spot in ways]
    return [("", "Choose one"), *places] if places else []


def with_addresses(typed: Mapping[str, str]) -> Typed:
    """Put the address in the place of each of the first lines that is the name of one known place, and no address."""
    if typed.get("places") != CHOSEN or "areas" not in typed:
        return dict(typed)
    lines = lines_of(typed["areas"])
    known = [address_in(line) if at < MOST_LOOKED_UP else line for at, line in enumerate(lines)]
    return dict(typed) if known == lines else {**typed, "areas": "\n".join(known)}


def address_in(line: str) -> str:
    """The address of the one place that a line names; the line itself where there is none, or more than one."""
    area = area_of(line)
    if len(line) > LONGEST_AREA or (area is not None and is_known(area)):
        return line
    found = parts().directory.called(line, MOST_MEANT)
    return line_of(Area(found[0].workspace, found[0].project, found[0].pipeline)) if len(found) == 1 else line


def unknown_places(areas: Iterable[Area]) -> dict[str, list[str]]:
    """The places that Slipway does not know, each with the known ones that may be meant."""
    unknown = [line_of(area) for area in areas if not is_known(area)]
    looked_up = {line: parts().directory.called(line, MOST_MEANT) for line in unknown[:MOST_LOOKED_UP]}
    return {line: list(map(meant, looked_up.get(line, ()))) for line in unknown}


def meant(spot: Spot) -> str:
    """A known place, by its name and its address."""
    return f"{spot_called(spot, parts().directory.names(spot))} ({'/'.join(map(str, spot.names))})"
