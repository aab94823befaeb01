"""Following runs: what is asked of Buddy for all who watch the same one together.

There is no thread: who looks when something is due asks Buddy, and everybody else gets what is there. So nothing is
asked for a run that nobody looks at.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

from webapp.buddy.client import Client
from webapp.buddy.executions import BEGINNING, FINAL, WAITING, Execution
from webapp.http.errors import BadAnswer, BuddyError, NotFound, NotWhole, RateLimited
from webapp.http.rate_limit import RateLimit
from webapp.http.slots import Busy
from webapp.runs.followed import Followed, FollowedLog
from webapp.runs.maskable_secrets import MaskableSecrets
from webapp.runs.masks import Masks
from webapp.runs.reading import LogReader
from webapp.runs.run_views import RunView
from webapp.store.models import Submission
from webapp.store.reading import Clock
from webapp.submissions.places import place_of

# How long from one round to the next: at first, and once a run was followed for so long.
PACE = timedelta(seconds=5)
# Buddy has told how a run stands when it was asked for it: it is read for the first time so long after that.
FIRST = timedelta(seconds=2)
SLOWEST = timedelta(seconds=30)
SLOWER = ((timedelta(minutes=10), SLOWEST), (timedelta(minutes=2), timedelta(seconds=10)))
# Where Buddy does not say when its limit is reset.
REST, LONGEST_REST = timedelta(minutes=1), timedelta(days=1)
MOST_RUNS = 50
# In one round: no page is begun after so many seconds.
MOST_PAGES, ROUND_SECONDS = 5, 20.0
GONE = "Buddy does not have this run any more, or does not show it to Slipway."
NO_LOG = "Buddy has no log of this action."


@dataclass
class Follower:
    """Follows runs for all who look at them in this process. `seen` writes down how far one is."""

    client: Client
    clock: Clock
    rate_limit: RateLimit
    maskable: MaskableSecrets
    seen: Callable[[Submission, Execution], None]
    _runs: OrderedDict[str, Followed] = field(default_factory=OrderedDict, init=False)
    _rests_from: datetime = field(default=BEGINNING, init=False)
    _rests_until: datetime = field(default=BEGINNING, init=False)
    _rests_because: str = field(default="", init=False)
    _changing: Lock = field(default_factory=Lock, init=False)

    def look(self, row: Submission, action: int | None = None) -> RunView:
        """Give what is known of the run of a row, and of the log of one of its actions; ask Buddy if that is due.

        Raises `JournalUnavailable`.
        """
        if row.execution is None:
            return RunView()
        now = self.clock()
        run = self._run_of(row)
        # Whoever has the turn is asking now: what is there is given meanwhile.
        if run.turn.acquire(blocking=False):
            try:
                run.looked(now)
                self._round(run, row, action, now)
            finally:
                run.turn.release()
        return run.view(action, now)

    def _run_of(self, row: Submission) -> Followed:
        """What is held of a run; of too many, the one that nobody has looked at for longest is forgotten."""
        with self._changing:
            run = self._runs.get(row.id) or self._runs.setdefault(row.id, told_already(row, self.clock()))
            self._runs.move_to_end(row.id)
            while len(self._runs) > MOST_RUNS:
                self._runs.popitem(last=False)
        return run

    def _round(self, run: Followed, row: Submission, action: int | None, now: datetime) -> None:
        """Read what is due, in one slot."""
        log = None if action is None else run.log_of(action)
        due = [each for each in (run, log) if each is not None and not each.over and self._is_due(each, now)]
        if not due:
            return
        if run not in due and run.is_not_begun:
            # There can be no log yet.
            due[0].due_at = run.due_at
            return
        rests = self._rests(now)
        for each in due:
            each.due_at = self._rests_until if rests else now + self._pace(run, now)
        if rests:
            run.problem = self._rests_because
            return
        try:
            run.problem = self._read(run, row, log if log in due else None, run in due, now)
        except RateLimited as limited:
            wait = REST if limited.wait is None else timedelta(seconds=limited.wait)
            self._rests_from, self._rests_until = now, now + min(max(wait, PACE), LONGEST_REST)
            self._rests_because = limited.sentence
            for each in due:
                each.due_at = max(each.due_at, self._rests_until)
            run.problem = limited.sentence
        except (BuddyError, Busy) as error:
            run.problem = error.sentence

    def _is_due(self, each: Followed | FollowedLog, now: datetime) -> bool:
        """Whether something is to be read: its time has come, or is so far off that the clock was put back."""
        ahead = each.due_at - now
        rests = self._rests(now) and each.due_at <= self._rests_until
        return ahead <= timedelta(0) or (ahead > SLOWEST and not rests)

    def _rests(self, now: datetime) -> bool:
        """Whether Buddy has asked to wait until later than now, by a clock that was not put back since."""
        return self._rests_from <= now < self._rests_until

    def _read(self, run: Followed, row: Submission, log: FollowedLog | None, whole: bool, now: datetime) -> str:
        """Read a run if the `whole` of it is due, and a log if one is; gives what is wrong with that, in words.

        Raises `BuddyError`, `Busy`, `JournalUnavailable`.
        """
        if run.secrets is None:
            run.secrets = self.maskable.of_run(row)
        with self.client.slot():
            if whole:
                self._read_run(run, row, now)
            problem = self._read_log(run, log, row) if log else ""
        if run.over:
            # As in the journal: they are held no longer than the run goes on.
            run.secrets = ()
        return problem

    def _pace(self, run: Followed, now: datetime) -> timedelta:
        """How long it is until the next round."""
        if self.rate_limit.low or (run.execution is not None and run.execution.status in WAITING):
            return SLOWEST
        return next((pace for after, pace in SLOWER if now - run.began_at >= after), PACE)

    def _read_run(self, run: Followed, row: Submission, now: datetime) -> None:
        """Read how far a run is, and have that written down. Raises `BuddyError`, `JournalUnavailable`."""
        assert row.execution is not None
        try:
            execution = self.client.execution(place_of(row), row.execution)
        except NotFound as error:
            error.sentence = GONE
            raise
        if execution.id != row.execution:
            raise BadAnswer("it is another run")
        run.now_at(execution, now)
        self.seen(row, execution)
        run.over = execution.status in FINAL

    def _read_log(self, run: Followed, log: FollowedLog, row: Submission) -> str:
        """Read what an action has printed since; gives what is wrong with that, in words. Raises `BuddyError`."""
        execution, place = run.execution, place_of(row)
        if execution is None:
            return ""
        if log.masks is None:
            log.masks = Masks((*(run.secrets or ()), *self.maskable.of_action(row, log.id)))
        ended, problem = True, ""
        if log.begins(execution, lambda action: LogReader(self.client, place, execution.id, action)):
            last_begin = monotonic() + ROUND_SECONDS
            try:
                ended = log.read(MOST_PAGES, lambda: monotonic() < last_begin)
            except NotFound:
                problem = NO_LOG if run.over else ""
            except NotWhole as error:
                problem = error.sentence
        if run.over:
            log.end(ended)
        return problem


def told_already(row: Submission, now: datetime) -> Followed:
    """A run that nobody has looked at here: how it stood when Buddy was asked for it, if that was just now."""
    run, told_at = Followed(), row.finished_at
    if told_at is not None and row.answer and row.run_status and timedelta(0) <= now - told_at < FIRST:
        run.now_at(Execution.from_json(row.answer), told_at)
        run.due_at = told_at + FIRST
    return run
