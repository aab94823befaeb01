"""Whom a filter of a list means, and whom it offers."""

from collections.abc import Iterable, Sequence

from webapp.context import person

ME = "me"
Named = tuple[str | None, str]


def offered(people: Iterable[Named]) -> list[tuple[str, str]]:
    """What there is to choose from: everybody, whoever is asking, and the others, each with the words for it."""
    own = person()
    # Who has had several names is offered by the last of them that is listed.
    others = {id or name: name for id, name in people if id != own.id}
    listed = sorted(others.items(), key=lambda each: (each[1].casefold(), each[0]))
    return [("", "everybody"), (ME, f"me ({own.name})"), *listed]


def meant(text: str, people: Sequence[Named]) -> tuple[Named, ...]:
    """Those of the people who are meant: by what was offered, or else by a part of their names.

    Where nobody is, it is somebody whom no list has; an empty text means everybody, and gives nobody in particular.
    """
    if not text:
        return ()
    wanted = person().id if text == ME else text
    by_id = [(id, name) for id, name in people if (id or name) == wanted]
    by_name = [(id, name) for id, name in people if text.casefold() in name.casefold()]
    return tuple(by_id or ([] if text == ME else by_name)) or ((wanted, wanted),)
