"""Who may run what, see its log and stop it."""

from webapp.auth.people import Role
from webapp.buddy.places import Place
from webapp.context import may, may_by_rules, parts, person
from webapp.store.models import Submission
from webapp.submissions.authorship import is_own


def may_try(place: Place, action: int) -> bool:
    """Whether who asks may run one action alone: editors any, contributors what they added themselves."""
    if may(Role.EDITOR):
        return True
    return may(Role.CONTRIBUTOR) and is_own(parts().journal, place, action, person().id)


def whole_role() -> Role:
    """The least role that runs whole pipelines, as the rules say. Raises `JournalUnavailable`."""
    return Role.EDITOR if parts().rulebook.now().editors_run_pipelines else Role.ADMINISTRATOR


def may_run_whole() -> bool:
    """Whether who asks may run whole pipelines: what pages offer."""
    return may_by_rules(whole_role)


def may_read_log(row: Submission) -> bool:
    """Whether who asks may see the log of a run: editors any, contributors those of their own runs of one action."""
    own = may(Role.CONTRIBUTOR) and row.owner == person().id and row.target is not None
    return may(Role.EDITOR) or own


def may_stop(row: Submission) -> bool:
    """Whether who asks may stop a run: whoever may see its log; a whole pipeline whoever runs such, and who ran it."""
    if row.target is None:
        return may_run_whole() or (may(Role.EDITOR) and row.owner == person().id)
    return may_read_log(row)
