"""What every action of a pipeline has: when it runs, where it stands, what happens when it fails."""

from wtforms.validators import ValidationError

from webapp.buddy.container import EVERY_EXECUTION, ON_FAILURE
from webapp.forms.fields import Choice, Tick, WholeNumber
from webapp.forms.quick import QuickForm
from webapp.forms.validators import optional, whole_number
from webapp.http.reading import LARGEST_ID

TRIGGER_TIMES = {
    EVERY_EXECUTION: "Every time the pipeline runs",
    ON_FAILURE: "When the pipeline fails",
    "ON_BACK_TO_SUCCESS": "When the pipeline is back to success",
    "ON_WARNING": "When the pipeline ends with a warning",
    "ON_WAIT_FOR_APPROVE": "When the pipeline waits for approval",
    "ON_TERMINATE": "When the pipeline is stopped",
}
DAY_SECONDS = 86_400


class OptionsForm(QuickForm):
    """The options common to all actions."""

    trigger_time = Choice("When it runs", "Choose when the action runs", choices=TRIGGER_TIMES, default=EVERY_EXECUTION)
    run_only_on_first_failure = Tick(
        "Only on the first failure",
        description="Not again while the pipeline keeps failing. It goes with “When the pipeline fails”.",
    )
    after_action_id = WholeNumber(
        "Position in the pipeline",
        [optional(), whole_number("The number of the action before", 1, LARGEST_ID)],
        when_empty="at the end",
        description="The action that this one comes after.",
    )
    disabled = Tick(
        "Switched off", description="The action is added but does not run until it is switched on in Buddy."
    )
    timeout = WholeNumber(
        "Time limit in seconds",
        [optional(), whole_number("The time limit", 1, DAY_SECONDS)],
        when_empty="the default limit",
        description="The action is stopped after this long.",
    )
    ignore_errors = Tick(
        "Go on after errors",
        description="When the commands fail, mark it as a warning and run the next action.",
    )
    retry_count = WholeNumber(
        "Tries after a failure",
        [optional(), whole_number("The number of tries", 0, 100)],
        when_empty="none",
        description="How many times Buddy runs the action again when it fails.",
    )
    retry_interval = WholeNumber(
        "Seconds between tries",
        [optional(), whole_number("The seconds between tries", 0, DAY_SECONDS)],
        when_empty="the default",
        description="How long Buddy waits before it tries again.",
    )

    def validate_run_only_on_first_failure(self, field: Tick) -> None:
        """Buddy takes it together with ON_FAILURE only."""
        if field.on and self.trigger_time.data != ON_FAILURE:
            raise ValidationError("“Only on the first failure” must go with “When the pipeline fails”")
