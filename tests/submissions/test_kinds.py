"""What each kind of submission must have: steps, words, a search and a receipt."""

from typing import Any

import pytest
from sqlalchemy.orm import Session
from support.rigs import WIRE, Rig

from webapp.buddy.snapshot import OpenedAction, Snapshot
from webapp.store.models import Submission
from webapp.submissions.states import EDGES, Kind, State
from webapp.submissions.words import NEWER, OF_KIND, SENT, STATES, called
from webapp.submissions.writes import Write

# The page of a draft is its form.
SENT_ON = [(kind, state) for kind, edges in EDGES.items() for state in edges if state != State.DRAFT]


def test_each_kind_is_a_class_with_steps_words_and_a_search(rig: Rig) -> None:
    assert sorted(each.kind for each in Write.__subclasses__()) == sorted(Kind)
    assert set(EDGES) == set(OF_KIND) == set(SENT) == set(rig.parts.reconciler._searches) == set(Kind)
    assert set(STATES) == set(State)


@pytest.mark.parametrize(("kind", "state"), SENT_ON, ids=lambda value: str(value))
def test_each_state_of_each_kind_has_words_and_a_receipt(rig: Rig, kind: Kind, state: State) -> None:
    now = rig.clock()
    opened = None if kind is Kind.ADDITION else OpenedAction(5, {"name": "Run tests"})
    values: dict[str, Any] = {
        "id": "one",
        "owner": "somebody else",
        "workspace": "buddy",
        "project": "company-website",
        "pipeline": 2,
        "kind": kind,
        "state": state,
        "target": opened.id if opened else None,
        "version": 1,
        "name": "Run tests",
        "typed": {"name": "Run tests"},
        "snapshot": Snapshot("Live", opened=opened, action_ids=(1,)).to_json(),
        "request": WIRE,
        "created_at": now,
        "changed_at": now,
        "sent_at": now,
        "attempts": 1,
    }
    with Session(rig.parts.journal._engine) as session:
        session.add(Submission(**values))
        session.commit()
    receipt = rig.browser.get("/submissions/one")
    assert (receipt.status, "Run tests" in receipt.heading) == (200, True)
    words = called(kind, state).words
    assert words != NEWER.words
    assert words in receipt.text
