"""What somebody may do in Buddy to what they have added themselves, though their role alone does not allow it."""

from datetime import datetime

from webapp.auth.people import Role
from webapp.buddy.places import Place
from webapp.context import may, parts, person
from webapp.store.failures import JournalUnavailable
from webapp.submissions.authorship import is_still_own, own_until, still_own


def may_take_back(place: Place, action: int) -> bool:
    """Whether who asks may delete an action now: editors any, contributors for a while what they added themselves."""
    if may(Role.EDITOR):
        return True
    return may(Role.CONTRIBUTOR) and is_still_own(parts().journal, place, action, person().id, parts().clock())


def until_when(place: Place, action: int | None) -> datetime | None:
    """Until when who asks may change or delete an action that they have added; None where their role allows it anyway,
    and where it is not theirs."""
    if action is None or not is_limited():
        return None
    row = parts().journal.addition_of(place.key, action)
    return own_until(parts().journal, row, person().id, parts().clock()) if row else None


def own_actions(place: Place) -> dict[int, datetime]:
    """The actions of a pipeline that are theirs in this way, by their numbers; none while the database can't be read,
    since Buddy has the actions."""
    if not is_limited():
        return {}
    try:
        return still_own(parts().journal, place, person().id, parts().clock())
    except JournalUnavailable:
        return {}


def is_limited() -> bool:
    """Whether who asks may change and delete for a while alone what they have added."""
    return may(Role.CONTRIBUTOR) and not may(Role.EDITOR)
