"""What somebody may do in Buddy to what they have added themselves, though their role alone does not allow it."""

from webapp.auth.people import Role
from webapp.buddy.places import Place
from webapp.context import may, parts, person
from webapp.submissions.authorship import is_still_own


def may_take_back(place: Place, action: int) -> bool:
    """Whether who asks may delete an action now: editors any, contributors for a while what they added themselves."""
    if may(Role.EDITOR):
        return True
    return may(Role.CONTRIBUTOR) and is_still_own(parts().journal, place, action, person().id, parts().clock())
