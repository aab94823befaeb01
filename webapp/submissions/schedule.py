"""When to look for what was not answered: soon, then less and less often."""

from datetime import datetime, timedelta

from webapp.http.transport import Timings
from webapp.store.journal import OUR_CLOCKS_DIFFER
from webapp.submissions.states import State

# After the send. The last three are for what turns up late.
MARKS = tuple(timedelta(seconds=seconds) for seconds in (3, 10, 30, 60, 120, 300, 900, 3600))
# What Buddy has not added by then, it will not add any more.
ABSENT_AFTER = timedelta(seconds=120)
# While Buddy can't be read.
LONGEST_PAUSE = timedelta(minutes=5)
# What could not be read for so long is looked for no more by itself, but still before anything else is sent.
GIVEN_UP = timedelta(hours=24)
# A look reads the list and some actions, each within 20 s; after this nobody is looking any more.
LOOK_LEASE = timedelta(seconds=90)
# Twice as long as a call to Buddy can take; after this nobody is sending any more.
LEASE = timedelta(seconds=2 * Timings.write)
LONGEST_WAIT = MARKS[-1] - MARKS[-2]
# Between two looks that a person asks for.
LOOK_PAUSE = timedelta(seconds=3)
# Nobody adds an action by hand, unseen, in so short a time between reading the pipeline and sending.
CLOSE = timedelta(seconds=30)


def first_look(now: datetime) -> datetime:
    """The first look after a send that `now` is known not to be answered."""
    return now + MARKS[0]


def next_look(state: State, sent_at: datetime, now: datetime, unread: bool = False) -> datetime | None:
    """The look after the one that is made now; None when it is not looked for any more.

    `unread`: Buddy could not be read now, so that this look counts for none.
    """
    if state not in (State.UNKNOWN, State.ABSENT):
        return None
    mark = next((min(sent_at + each, now + LONGEST_WAIT) for each in MARKS if sent_at + each > now), None)
    if state is State.UNKNOWN or (unread and now - sent_at < GIVEN_UP):
        return min(mark or now + LONGEST_PAUSE, now + LONGEST_PAUSE)
    return mark


def was_put_back(lease_until: datetime, now: datetime) -> bool:
    """Whether the clock was put back since a lease on sending was taken, which is longer now than one can be."""
    return lease_until > now + LEASE + OUR_CLOCKS_DIFFER
