"""What Slipway still holds of the secrets that a run could print."""

from dataclasses import dataclass

from webapp.store.journal import Journal
from webapp.store.models import Submission
from webapp.store.templates import TemplateTable
from webapp.submissions.places import place_of


@dataclass(frozen=True)
class MaskableSecrets:
    """Opens secrets to mask them in a log, never to keep them."""

    journal: Journal
    templates: TemplateTable

    def of_run(self, row: Submission) -> tuple[str, ...]:
        """The values of a run's own variables, which are held until it has ended. Raises `JournalUnavailable`."""
        return tuple(self.journal.secrets([row.id]).values())

    def of_action(self, row: Submission, action: int) -> tuple[str, ...]:
        """Those of the template that an action of the run's pipeline was made from. Raises `JournalUnavailable`."""
        made = self.journal.addition_of(place_of(row).key, action)
        return tuple(self.templates.secrets(made.template).values()) if made and made.template else ()
