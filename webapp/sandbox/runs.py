"""Runs of a pipeline, which move on with time: kept is when one began and what was done to it, the rest follows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from webapp.sandbox.scripts import UNRUN, Log, Script

Json = dict[str, Any]

# How long it takes until a run is in the queue, until it begins, and until it has stopped once it is to.
UNQUEUED = timedelta(seconds=0.5)
QUEUED = timedelta(seconds=1.5)
STOPPING = timedelta(seconds=3)
LOGS_KEPT = timedelta(days=30)
ENDED = frozenset({"SUCCESSFUL", "FAILED", "TERMINATED", "SKIPPED", "NOT_EXECUTED"})
# When an action runs in a pipeline that goes well, and in one where something has failed.
ON_TIME = frozenset({"ON_EVERY_EXECUTION", "ON_SUCCESS"})
ON_FAILURE = "ON_FAILURE"


@dataclass(frozen=True)
class Step:
    """An action in a run, as it was when that was asked for."""

    id: str
    action: Json
    script: Script


@dataclass(frozen=True)
class StepNow:
    """How far an action is at a moment; `elapsed` seconds of its script are over."""

    step: Step
    status: str
    begun: datetime | None = None
    ended: datetime | None = None
    elapsed: float = 0

    @property
    def progress(self) -> int:
        """How far it is, in percent."""
        if self.status in ("SUCCESSFUL", "FAILED"):
            return 100
        whole = self.step.script.seconds
        return min(int(100 * self.elapsed / whole), 99) if whole else 0

    @property
    def log(self) -> Log:
        """What it has printed."""
        return self.step.script.printed(self.elapsed) if self.begun else Log(())


@dataclass(frozen=True)
class RunNow:
    """How far a run is at a moment, with those of its actions that belong to it by then."""

    run: "Run"
    status: str
    begun: datetime | None
    ended: datetime | None
    steps: tuple[StepNow, ...]
    logs_removed: bool = False

    def step(self, id: str) -> StepNow | None:
        """Find an action by its id in the run."""
        return next((item for item in self.steps if item.step.id == id), None)

    def step_of_action(self, id: int) -> StepNow | None:
        """Find an action by its own id."""
        return next((item for item in self.steps if item.step.action["id"] == id), None)


@dataclass(frozen=True)
class Run:
    """A run as it was asked for, and when something was done to it."""

    id: int
    hash: str
    body: Json = field(repr=False)
    steps: tuple[Step, ...]
    asked_at: datetime
    stopped_at: datetime | None = None
    gone_on_at: tuple[datetime, ...] = ()

    def stopped(self, now: datetime) -> "Run":
        """The same run, told to stop; the first time counts."""
        return replace(self, stopped_at=self.stopped_at or now)

    def gone_on(self, now: datetime) -> "Run":
        """The same run, which need not wait any longer."""
        return replace(self, gone_on_at=(*self.gone_on_at, now))

    def at(self, now: datetime) -> RunNow:
        """How far it is at a moment."""
        begins = self.asked_at + QUEUED
        if self.stopped_at and self.stopped_at < begins:
            return self._never_begun(now, self.stopped_at + STOPPING)
        if now < begins:
            return RunNow(
                self, "INITIAL" if now < self.asked_at + UNQUEUED else "ENQUEUED", None, None, self._all("INITIAL")
            )
        steps = tuple(self._unfold(begins, now))
        going = next((item.status for item in steps if item.status not in ENDED and item.status != "INITIAL"), None)
        ended = None if going else max((item.ended for item in steps if item.ended), default=begins)
        removed = ended is not None and now - ended > LOGS_KEPT
        return RunNow(self, going or result(steps), begins, ended, steps, removed)

    def _never_begun(self, now: datetime, ended: datetime) -> RunNow:
        if now < ended:
            return RunNow(self, "TERMINATING", None, None, self._all("INITIAL"))
        return RunNow(self, "TERMINATED", None, ended, self._all("NOT_EXECUTED"))

    def _all(self, status: str) -> tuple[StepNow, ...]:
        return tuple(StepNow(step, status) for step in self.steps if belongs(step.action, failed=False))

    def _unfold(self, begin: datetime, now: datetime) -> Iterator[StepNow]:
        """One action after the other: after one that has failed only what is meant for that."""
        failed, rest = False, ""
        for step in self.steps:
            if not belongs(step.action, failed):
                continue
            if rest or (failed and trigger_time(step.action) != ON_FAILURE):
                yield StepNow(step, rest or "NOT_EXECUTED")
                continue
            found = self._step(step, begin, now)
            yield found
            failed = failed or (found.status == "FAILED" and not step.action.get("ignore_errors"))
            rest = "NOT_EXECUTED" if found.status == "TERMINATED" else "" if found.ended else "INITIAL"
            begin = found.ended or begin

    def _step(self, step: Step, begin: datetime, now: datetime) -> StepNow:
        script, freed = step.script, begin
        if script.status in UNRUN:
            return StepNow(step, script.status, begin, begin)
        if script.waits:
            freed = next((moment for moment in self.gone_on_at if moment >= begin), now + STOPPING)
        end = freed + timedelta(seconds=script.seconds)
        if self.stopped_at and self.stopped_at < end:
            elapsed, ended = max((self.stopped_at - freed).total_seconds(), 0), self.stopped_at + STOPPING
            if now < ended:
                return StepNow(step, "TERMINATING", begin, None, elapsed)
            return StepNow(step, "TERMINATED", begin, ended, elapsed)
        if now < freed:
            return StepNow(step, script.waits, begin)
        if now < end:
            return StepNow(step, "INPROGRESS", begin, None, (now - freed).total_seconds())
        return StepNow(step, script.status, begin, end, script.seconds)


def belongs(action: Json, failed: bool) -> bool:
    """Whether an action belongs to a run: one that is meant for a failure does once something `failed`."""
    return trigger_time(action) in ON_TIME or (failed and trigger_time(action) == ON_FAILURE)


def trigger_time(action: Json) -> str:
    """When an action runs."""
    return str(action.get("trigger_time") or "ON_EVERY_EXECUTION")


def result(steps: Sequence[StepNow]) -> str:
    """How a run has ended."""
    statuses = {item.status for item in steps}
    failed = any(item.status == "FAILED" and not item.step.action.get("ignore_errors") for item in steps)
    if failed or "TERMINATED" in statuses:
        return "TERMINATED" if "TERMINATED" in statuses else "FAILED"
    return next((status for status in sorted(UNRUN) if statuses == {status}), "SUCCESSFUL")
