"""Runs on pages that list them: whoever draws one has it looked up how they stand, and waits for nothing."""

from collections.abc import Iterable

from webapp.context import Parts, parts
from webapp.http.slots import Busy
from webapp.store.models import Submission
from webapp.submissions.run_progress import is_going

# Of one page.
MOST_REFRESHED = 5


def refresh_listed_runs(rows: Iterable[Submission | None]) -> None:
    """Let the follower look at those runs of a page that go on: in the background, in one slot, one after the other."""
    going = [row.id for row in rows if row is not None and is_going(row)][:MOST_REFRESHED]
    if going:
        try:
            parts().executor.submit(look_at, parts(), going)
        except Busy:
            # Whoever draws such a page next has them looked up.
            return


def look_at(inside: Parts, ids: list[str]) -> None:
    """Look at each run, which is asked for if that is due. Raises `JournalUnavailable`."""
    for row in inside.journal.several(ids):
        inside.follower.look(row)
