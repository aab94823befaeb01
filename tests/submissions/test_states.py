"""The steps between the states: the table, what the journal takes, and whatever order things happen in."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from support import faults
from support.buddy import StubBuddy
from support.clock import Clock
from support.faults import answer, answering
from support.rigs import LEAST, open_rig

from webapp.buddy.places import Place
from webapp.submissions.states import ADDED, EDGES, OPEN, PENDING, PROVED_DONE, Kind, State, sources

ADDITION = EDGES[Kind.ADDITION]


def test_every_state_has_its_steps_and_what_is_added_stays_added() -> None:
    assert set(ADDITION) == set(State) - (PROVED_DONE - ADDED)
    assert all(ADDITION[state] == frozenset() for state in ADDED)
    assert State.SENDING not in ADDITION[State.UNKNOWN] | ADDITION[State.AMBIGUOUS] | ADDITION[State.REJECTED]
    assert sources(State.UNKNOWN) == PENDING | {State.AMBIGUOUS}
    assert sources(State.SENDING) == {State.DRAFT, State.SENDING, State.NOT_SENT, State.ABSENT}
    assert PENDING < OPEN


def test_a_change_and_a_deletion_have_steps_of_their_own_that_end_without_a_persons_word() -> None:
    for kind, proof in ((Kind.CHANGE, State.CHANGED), (Kind.DELETION, State.DELETED)):
        edges = EDGES[kind]
        reached = frozenset().union(*edges.values())
        assert reached <= set(edges)
        assert reached & PROVED_DONE == {proof}
        assert State.AMBIGUOUS not in edges
        assert edges[proof] == edges[State.FOUND] == frozenset()
        assert State.SENDING not in edges[State.UNKNOWN] | edges[State.ABSENT] | edges[State.REJECTED]
    assert sources(State.SENDING, Kind.DELETION) == frozenset()
    assert sources(State.SENDING, Kind.CHANGE) == {State.DRAFT, State.NOT_SENT}


PLACE = Place("buddy", "company-website", 2)
REFUSES = answering(answer("400 Bad Request", {"errors": [{"message": "no"}]}))
NO_TOKEN = answering(answer("401 Unauthorized", {"errors": [{"message": "no"}]}))
HOUR = timedelta(hours=1)


class OneSubmission(RuleBasedStateMachine):
    """One form, and everything that people, time and Buddy may do to it, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.buddy, self.clock = StubBuddy(), Clock()
        self.rig = open_rig(Path(self.folder.name), self.buddy, self.clock)
        self.page = self.rig.form()
        self.before: str | None = None
        # What Buddy was sent and has not done yet: when, and what.
        self.late: list[tuple[datetime, Any]] = []

    def loses(self, connection: Any, server: StubBuddy) -> None:
        """Read a write and say nothing; when Buddy does not do it at once, it may do it later."""
        request = server.read(connection)
        if not server.creates:
            self.late.append((self.clock.now, json.loads(request.partition(b"\r\n\r\n")[2])))

    @property
    def row(self) -> Any:
        return self.rig.parts.journal.find(self.id)

    @property
    def state(self) -> str | None:
        return self.row.state if self.row else None

    @property
    def id(self) -> str:
        envelope = self.rig.parts.seal.open(self.page.fields["envelope"], "local", PLACE)
        assert envelope is not None
        return envelope.submission

    @rule(
        creates=st.booleans(),
        fault=st.sampled_from([StubBuddy.answers, None, None, REFUSES, NO_TOKEN]),
    )
    def the_weather_changes(self, creates: bool, fault: faults.Fault | None) -> None:
        self.buddy.creates = fault is StubBuddy.answers or (creates and fault is None)
        self.buddy.write_fault = fault or self.loses

    @precondition(lambda self: self.late)
    @rule(first=st.booleans())
    def what_was_lost_lands_within_the_hour(self, first: bool) -> None:
        sent_at, body = self.late.pop(0 if first else -1)
        if self.clock.now - sent_at < HOUR - timedelta(minutes=1):
            self.buddy.add(body)

    @rule(readable=st.booleans())
    def buddy_can_be_read_or_not(self, readable: bool) -> None:
        self.buddy.readable = readable

    @rule()
    def a_draft_is_kept(self) -> None:
        self.page.press("check", **LEAST)

    @rule()
    def the_form_is_sent(self) -> None:
        expected = self.state in (None, "draft", "not_sent")
        posts = self.buddy.writes
        self.page.send(**LEAST)
        assert self.buddy.writes - posts <= int(expected)

    @rule(seconds=st.sampled_from([1, 3, 10, 60, 120, 120, 900]))
    def time_passes_and_slipway_looks(self, seconds: int) -> None:
        self.rig.look(seconds=seconds)

    @precondition(lambda self: self.state in OPEN | {State.NOT_SENT})
    @rule(noun=st.sampled_from(["looks", "attempts"]))
    def a_button_is_pressed(self, noun: str) -> None:
        posts, before = self.buddy.writes, self.state
        self.rig.press(self.rig.browser.get(f"/submissions/{self.id}"), noun)
        allowed = noun == "attempts" and before in ("absent", "not_sent")
        assert self.buddy.writes - posts <= int(allowed)

    @precondition(lambda self: self.state == State.ABSENT and self.buddy.readable)
    @rule()
    def the_connection_breaks_between_the_look_and_the_send(self) -> None:
        posts, attempts = self.buddy.writes, self.row.attempts
        self.buddy.hang_up_after(lambda: list(self.rig.parts.client.all_actions(PLACE)))
        self.rig.press(self.rig.browser.get(f"/submissions/{self.id}"), "attempts")
        self.buddy.accept_connections()
        assert (self.buddy.writes, self.row.attempts >= attempts) == (posts, True)

    @precondition(lambda self: self.row is not None and self.row.proved == State.REJECTED)
    @rule(edited=st.booleans())
    def the_form_of_a_refusal_is_sent(self, edited: bool) -> None:
        form = self.rig.browser.get(f"/submissions/{self.id}")
        if form.by_id("form") is None:
            return
        posts = self.buddy.writes
        form.send(**{"inline_commands": "make all"} if edited else {})
        assert self.buddy.writes - posts <= 1

    @precondition(lambda self: self.state in OPEN)
    @rule(there=st.booleans())
    def a_person_says_what_they_found(self, there: bool) -> None:
        mine = self.buddy.added
        receipt = self.rig.browser.get(f"/submissions/{self.id}")
        if there and mine:
            self.rig.press(receipt, "ruling", ruling="other", address=str(mine[0]["id"]))
        elif not there and not mine:
            self.rig.press(receipt, "ruling", ruling="none")

    @invariant()
    def it_has_taken_a_step_that_exists(self) -> None:
        now = self.state
        if self.before is not None and now != self.before:
            assert now is not None
            assert reachable(State(self.before), State(now))
        self.before = now

    @invariant()
    def what_is_said_is_true(self) -> None:
        added = {action["id"] for action in self.buddy.added}
        for row in self.rig.rows:
            if row.state in ADDED:
                assert row.action_id in added
            if row.state in ("rejected", "not_sent", "draft") and row.id == self.id:
                assert not added
            if row.earlier:
                assert row.next_look or row.state == "ambiguous" or self.clock.now - row.sent_at >= HOUR
        assert len(added) <= self.buddy.writes

    def teardown(self) -> None:
        try:
            self.everything_is_told_in_the_end()
        finally:
            self.close()

    def everything_is_told_in_the_end(self) -> None:
        """An hour later each action belongs to somebody or is asked about, and of two the page of each says so."""
        self.buddy.readable = True
        for _ in range(14):
            self.rig.look(minutes=5)
        rows = self.rig.rows
        mine = {row.action_id for row in rows if row.state in ADDED}
        asked = {each["id"] for row in rows if row.state == "ambiguous" for each in row.candidates or ()}
        assert {action["id"] for action in self.buddy.added} <= mine | asked
        if len(mine) > 1:
            pages = [self.rig.receipt(row).text for row in rows if row.state in ADDED]
            assert all("actions were added." in page for page in pages)

    def close(self) -> None:
        self.rig.parts.close()
        self.buddy.close()
        self.folder.cleanup()


def reachable(state: State, target: State) -> bool:
    """Whether steps lead from one state to another: one rule may take several."""
    seen, todo = {state}, [state]
    while todo:
        for each in ADDITION[todo.pop()] - seen:
            seen.add(each)
            todo.append(each)
    return target in seen


TestOneSubmission = OneSubmission.TestCase
TestOneSubmission.settings = settings(max_examples=25, stateful_step_count=15)
