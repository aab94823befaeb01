"""Lists with one entry are skipped: nobody has to choose where there is nothing to choose.

What a list had when it was last read is known, so that a person is led on without it; the page at the end reads the
lists that were skipped beside what it shows, and leads back to the first that has something to choose by now.
"""

from collections.abc import Callable
from itertools import islice
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.auth.people import Role
from webapp.buddy.places import Place
from webapp.context import may, parts
from webapp.http.entries import Entries
from webapp.http.errors import BuddyError

# From which list on a person was led past, as the address of the page at the end says.
LISTS = ("workspaces", "projects", "pipelines")


def copy_source() -> str | None:
    """What is to be copied into the pipeline that is being chosen, if anything is, by who may add actions."""
    return request.args.get("like") if may(Role.EDITOR) else None


def carried_query() -> dict[str, Any]:
    """What an address carries on while a place is chosen: what is to be copied, and from which template it is made."""
    template = request.args.get("template") if may(Role.CONTRIBUTOR) else None
    found = {"like": copy_source(), "template": template}
    return {name: value for name, value in found.items() if value}


def skip_lists(*names: str) -> Response | None:
    """Lead past the list of the workspaces, of a workspace's projects or of a project's pipelines, and past those that
    follow; None where there may be something to choose, or this list itself is asked for."""
    if "q" in request.args or "page" in request.args:
        return None
    reached = parts().directory.end_of(*names)
    if len(reached) == len(names):
        return None
    begun = request.args.get("through")
    return redirect(page_of(reached, begun if begun in LISTS else LISTS[len(names)]))


def page_of(names: tuple[Any, ...], through: str | None = None) -> str:
    """The address of a list, or of a pipeline: its actions, or the form for what is carried there."""
    if len(names) == len(LISTS):
        noun = "additions.new" if carried_query() else "actions.index"
        return url_for(noun, place=Place(*names), through=through, **carried_query())
    return list_of(names, through=through)


def list_of(names: tuple[Any, ...], **query: Any) -> str:
    """The address of the list of what is in a workspace or a project, or of all workspaces."""
    place = dict(zip(("workspace", "project"), names, strict=False))
    return url_for(f"places.{LISTS[len(names)]}", **place, **carried_query(), **query)


def read_skipped_lists(*names: Any) -> Callable[[], Response | None]:
    """Begin to read the lists that a person was led past on the way here. Raises `Busy`.

    What it gives waits for them: None, or where to go back to. Call it in the slot that was held at the beginning.
    """
    directory = parts().directory
    reads: tuple[Callable[[], bool], ...] = (
        lambda: directory.workspaces(has_one),
        lambda: directory.projects(names[0], has_one, most=2),
        lambda: directory.pipelines(names[0], names[1], has_one, most=2),
    )
    levels = range(first_skipped(), len(names))
    asked = [(names[:level], parts().executor.submit(reads[level])) for level in levels]

    def back() -> Response | None:
        for above, reading in asked:
            try:
                if not reading.result():
                    return to_list(above)
            except BuddyError:
                # The page itself is there.
                continue
        return None

    return back


def first_skipped() -> int:
    """Which list a person was led past first; behind the last of them where there was none."""
    begun = request.args.get("through")
    return LISTS.index(begun) if begun in LISTS else len(LISTS)


def has_one(entries: Entries[Any]) -> bool:
    """Whether a list still has one entry and nothing else."""
    return len(list(islice(entries, 2))) == 1 and not entries.unread


def to_list(names: tuple[Any, ...]) -> Response:
    """Go to a list itself, which is skipped only when it has one entry when it is read."""
    return redirect(list_of(names, page=1))


def back_from(*names: Any) -> Response | None:
    """Where to go back to from a page that is not there, if a person was led on to it."""
    first = first_skipped()
    return to_list(names[:first]) if first < len(names) else None
