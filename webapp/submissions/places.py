"""Which pipeline a submission is about."""

from webapp.buddy.places import Place
from webapp.store.models import Submission


def place_of(row: Submission) -> Place:
    """The pipeline that a submission goes to."""
    return Place(row.workspace, row.project, row.pipeline)
